// The backends in order of preference, and the choice among them.

import { UserError } from '../../../shared/contract.ts';
import type { BackendChoice } from '../../../shared/run.ts';
import type { Backend, OpenedBackend } from './backend.ts';
import { cpu } from './cpu.ts';
import { tensorflow } from './tensorflow.ts';
import { wasm } from './wasm.ts';

export const backends: readonly Backend[] = [tensorflow, wasm, cpu];

/**
 * `auto` takes the best that opens; a named backend is opened or refused, never replaced. Throws UserError naming
 * the backend, why it does not open and what to do.
 */
export async function openBackend(choice: BackendChoice): Promise<OpenedBackend> {
  const candidates = choice === 'auto' ? backends : backends.filter((backend) => backend.id === choice);
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
