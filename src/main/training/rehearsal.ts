// A run in small, with everything that takes memory besides the steps: run file, pictures, statistics, a checkpoint
// written while the last tensors are still there. Its folder is thrown away.

import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunId } from '../../shared/run.ts';
import { createRun } from '../store/create.ts';
import { openRunWriter } from '../store/writer.ts';
import { train } from './loop.ts';
import type { Prepared } from './prepare.ts';
import type { Model } from './recipes/recipe.ts';

const ID = '20260101-000000-0000' as RunId;
/** Beside the checkpoint: the numbers and the pictures. */
const SPACE_BYTES = 100e6;

/**
 * Trains so many steps, fewer where they take longer than `limitMs` together, but one at least; gives how many. None where there
 * is no room for the checkpoint; throws what training fails with.
 */
export async function rehearse(prepared: Prepared, steps: number, limitMs: number): Promise<number> {
  const { model } = prepared;
  const weights = [...model.variables, ...model.slots].reduce((sum, { variable }) => sum + 4 * variable.size, 0);
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < 2 * weights + SPACE_BYTES) return 0;
  const home = await mkdtemp(join(tmpdir(), 'saddle-estimate-'));
  try {
    const folder = join(home, ID);
    const spec = { ...prepared.spec, steps };
    createRun(folder, { id: ID, name: '', spec, referenceLines: [], networks: [], createdMs: Date.now() });
    const writer = openRunWriter(folder);
    const problems: unknown[] = [];
    const report = (problem: unknown): void => void problems.push(problem);
    const stop = new AbortController();
    const { signal } = stop;
    const begunMs = performance.now();
    const follow: Model['follow'] = (scalars) => {
      model.follow?.(scalars);
      if (performance.now() - begunMs >= limitMs) stop.abort();
    };
    const rehearsed = { ...prepared, spec, model: { ...model, follow } };
    const outcome = await train(rehearsed, { writer, folder, signal, report });
    writer.close();
    if (outcome.phase === 'failed') throw problems[0] ?? new Error(outcome.message);
    return outcome.step;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
