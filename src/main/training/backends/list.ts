// The backends in order of preference, and the choice among them.

import { UserError } from '../../../shared/contract.ts';
import type { BackendChoice, BackendId } from '../../../shared/run.ts';
import type { Backend, OpenedBackend } from './backend.ts';
import { cpu } from './cpu.ts';
import { tensorflow } from './tensorflow.ts';
import { wasm } from './wasm.ts';
import { webgpu } from './webgpu.ts';

export const backends: readonly Backend[] = [tensorflow, webgpu, wasm, cpu];

/**
 * `auto` takes the first of `order` that opens, which is the whole list unless given; a named backend is opened or
 * refused, never replaced. Throws UserError naming the backend, why it does not open and what to do.
 */
export async function openBackend(choice: BackendChoice, order?: readonly BackendId[]): Promise<OpenedBackend> {
  const wanted = choice === 'auto' ? (order ?? backends.map(({ id }) => id)) : [choice];
  const candidates = wanted.flatMap((id) => backends.filter((backend) => backend.id === id));
  const refusals: string[] = [];
  for (const backend of candidates) {
    try {
      return await backend.open();
    } catch (problem) {
      if (!(problem instanceof UserError)) throw problem;
      refusals.push(problem.message);
    }
  }
  throw new UserError(refusals.join('\n'));
}
