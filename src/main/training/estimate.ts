// How long a step takes here: a short warm-up, then measured steps, on the real data and with the real sample grid.

import type { BackendId } from '../../shared/run.ts';
import type { Estimate } from '../../shared/training.ts';
import { fixedReals } from './pictures.ts';
import { disposeBatch, stepBatch, type Prepared } from './prepare.ts';
import { drawSamples } from './recording.ts';

const WARM_UP_STEPS = 2;
/** Slow steps are measured at once after the first. */
const WARM_UP_MS = 3000;
const MEASURE_MS = 3000;
const MOST_STEPS = 200;

export interface ProcessMeasures {
  /** Since the process started. */
  nowMs(): number;
  /** Highest resident size so far. */
  peakBytes(): number;
}

export async function estimate(prepared: Prepared, backend: BackendId, measures: ProcessMeasures): Promise<Estimate> {
  const firstMs = measures.nowMs();
  await timeStep(prepared);
  const startMs = measures.nowMs();
  for (let step = 1; step < WARM_UP_STEPS && measures.nowMs() - firstMs < WARM_UP_MS; step++) await timeStep(prepared);
  // The pictures are drawn once, for the memory they take.
  await drawSamples(prepared, fixedReals(prepared), () => Promise.resolve());
  const durations: number[] = [];
  const measuringMs = measures.nowMs();
  do durations.push(await timeStep(prepared));
  while (durations.length < MOST_STEPS && measures.nowMs() - measuringMs < MEASURE_MS);
  const stepMs = median(durations);
  return {
    backend,
    stepMs,
    measuredSteps: durations.length,
    startMs,
    memoryBytes: measures.peakBytes(),
    totalMs: startMs + stepMs * prepared.spec.steps,
  };
}

async function timeStep(prepared: Prepared): Promise<number> {
  const { tf, model, batches } = prepared;
  const startMs = performance.now();
  const batch = stepBatch(prepared, batches.next());
  const { scalars: named, histograms = {} } = model.step(batch);
  const scalars = Object.values(named);
  const stacked = tf.stack(scalars);
  // Waits for the device, as the loop's report does.
  await stacked.data();
  tf.dispose([stacked, ...scalars, ...Object.values(histograms)]);
  disposeBatch(prepared, batch);
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
