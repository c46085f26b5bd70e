// What a run costs here: a run in small with all that there is besides the steps, for its memory and as a warm-up; then
// measured steps on the real data.

import type { BackendId } from '../../shared/run.ts';
import type { Estimate } from '../../shared/training.ts';
import type { Prepared } from './prepare.ts';
import { rehearse } from './rehearsal.ts';
import { createSteps, type Steps } from './steps.ts';
import { watchTensors } from './tensor-peak.ts';

/** Warms up too. */
const FIRST_REHEARSED = 3;
const MEASURE_MS = 3000;
const MOST_STEPS = 200;
/** A step of a large network takes half a minute on a processor: one of them must do then, as the window waits for two minutes. */
const LONGEST_MS = 20_000;
/** The heap and the allocator's pools of small steps grow over some hundred of them. */
const REHEARSE_MS = 2000;

export interface ProcessMeasures {
  /** Since the process started. */
  nowMs(): number;
  /** Highest resident size so far. */
  peakBytes(): number;
  /** As Estimate says. */
  deviceBytes(): number | null;
}

export async function estimate(prepared: Prepared, backend: BackendId, measures: ProcessMeasures): Promise<Estimate> {
  const peak = watchTensors(prepared.tf);
  // First, as a run does it: what the allocator holds at most depends on the order.
  const rehearsed = await rehearse(prepared, FIRST_REHEARSED, LONGEST_MS);
  const rehearsedMs = measures.nowMs();
  const steps = createSteps(prepared);
  const durations: number[] = [];
  const measuringMs = measures.nowMs();
  do durations.push(await timeStep(prepared, steps));
  while (durations.length < MOST_STEPS && measures.nowMs() - measuringMs < MEASURE_MS);
  const stepMs = median(durations);
  const more = Math.round(Math.min(MOST_STEPS, REHEARSE_MS / stepMs));
  if (more > FIRST_REHEARSED) await rehearse(prepared, more, LONGEST_MS);
  const startMs = Math.max(0, rehearsedMs - Math.max(0, rehearsed - 1) * stepMs);
  const tensorBytes = peak.stop();
  return {
    backend,
    stepMs,
    measuredSteps: durations.length,
    startMs,
    memoryBytes: measures.peakBytes(),
    tensorBytes,
    deviceBytes: measures.deviceBytes(),
    measuredAtMs: Date.now(),
    totalMs: startMs + stepMs * prepared.spec.steps,
  };
}

async function timeStep({ model, batches }: Prepared, steps: Steps): Promise<number> {
  const startMs = performance.now();
  const { values } = await steps.take(batches.next(), false);
  model.follow?.(values);
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
