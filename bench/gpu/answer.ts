// One part of bench/gpu.ts in a process of its own: `node answer.ts adapters | gradients BACKEND`, answered with one JSON
// line. What crashes or hangs here costs this part and no other.

import { openBackend } from '../../src/main/training/backends/list.ts';
import { listAdapters } from '../../src/main/training/backends/webgpu-adapters.ts';
import type { BackendId } from '../../src/shared/run.ts';
import { findAll } from '../../test/main/training/backends/findings.ts';

/** As the test suite has them: relative to the greatest value. */
const ALLOWED = { output: 1e-5, gradients: 1e-5, second: 5e-5 } as const;

async function adapters(): Promise<object> {
  const { create } = await import('webgpu');
  return { adapters: await listAdapters(create) };
}

/** Every operation of the recipes with its first and second derivatives, against another library's double precision. */
async function gradients(id: BackendId): Promise<object> {
  const { tf, device } = await openBackend(id);
  const { cases, slopesOfAbs, middlePixel, tensorsLeft, penalty } = await findAll(tf);
  const wrong = Object.entries(cases).filter(
    ([, found]) => !(['output', 'gradients', 'second'] as const).every((what) => found[what] <= ALLOWED[what]),
  );
  const worst = Math.max(...Object.values(cases).map((found) => Math.max(found.output, found.gradients, found.second)));
  return {
    ...{ device, cases: Object.keys(cases).length, worst, wrong: Object.fromEntries(wrong) },
    ...{ slopesOfAbs, middlePixel, tensorsLeft, penalty },
  };
}

const [question, backend] = process.argv.slice(2);
const answer = question === 'adapters' ? await adapters() : await gradients(backend as BackendId);
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
