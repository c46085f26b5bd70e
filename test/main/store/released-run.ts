// `node released-run.ts FOLDER`: writes the run that stands for a released version of the run file, with everything a run
// can hold. Run once when a version is released, as fixtures/run-vN, and never again: old files are not made anew.

import { openRunWriter } from '../../../src/main/store/writer.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { setWords } from '../../../src/main/store/words.ts';
import { HISTOGRAM_BUCKETS } from '../../../src/shared/series.ts';
import { machine, sampleImage } from './sample-images.ts';
import type { RunId } from '../../../src/shared/run.ts';

export const STEPS = 5000;
export const NAN_AT = 1234;
export const SPIKE_AT = 3456;
/** Exact in float32. */
export const valueAt = (step: number): number =>
  step === NAN_AT ? Number.NaN : step === SPIKE_AT ? 4096 : (step % 64) / 64;

export function writeReleasedRun(folder: string): void {
  createRun(folder, {
    id: '20261121-084630-k3x9' as RunId,
    name: 'first try',
    spec: {
      ...{ recipe: 'gan-mlp', preset: 'app', parameters: { batchSize: 64 }, data: 'glyphs' },
      ...{ seed: 7, steps: STEPS, backend: 'auto' },
    },
    referenceLines: [{ tag: 'loss/d', value: 1.386, label: 'log 4' }],
    networks: [{ name: 'generator', trainable: 10, layers: [] }],
    createdMs: Date.UTC(2026, 10, 21, 8, 46, 30),
  });
  setWords(folder, { tags: ['baseline', '大'], notes: 'kept', starred: true });
  const writer = openRunWriter(folder);
  writer.start(machine);
  for (let step = 1; step <= STEPS; step++) {
    writer.scalar('loss/d', step, valueAt(step));
    if (step % 10 === 0) writer.scalar('grid/change', step, step);
    if (step % 1000 === 0) writer.image(sampleImage(step));
    if (step % 500 === 0) {
      const counts = Uint32Array.from({ length: HISTOGRAM_BUCKETS }, (_, at) => at);
      writer.histograms(step, new Map([['hist/z', { min: -1, max: 1, nonFinite: 0, counts }]]));
    }
    if (step % 250 === 0) writer.progress(step, 10, true);
  }
  writer.alert(2000, { rule: 'mode-collapse', since: 1900, over: null, message: 'm', remedy: 'r', settings: { a: 1 } });
  const file = 'checkpoints/step-00004000.safetensors';
  const kept = { bytes: 10, sha256: '0'.repeat(64), wallMs: 1, reason: 'every 1000 steps', starred: true };
  writer.checkpoint({ step: 4000, file, ...kept, measures: { 'loss/d': valueAt(4000) } });
  writer.phase('finished', STEPS);
  writer.close();
}

if (import.meta.main) writeReleasedRun(process.argv[2]!);
