// One estimate at a time: it measures real steps, and two at once would measure each other. A newer question ends an
// older one (the form has changed since); the same question again shares its answer.

import type { RunSpec } from '../../shared/run.ts';
import type { Estimate } from '../../shared/training.ts';

export type Measure = (spec: RunSpec, signal: AbortSignal) => Promise<Estimate>;

export interface Estimates {
  estimate(spec: RunSpec): Promise<Estimate>;
  close(): void;
}

export function createEstimates(measure: Measure): Estimates {
  let running: { readonly key: string; readonly cancel: AbortController; readonly answer: Promise<Estimate> } | null =
    null;

  return {
    estimate(spec) {
      // Neither changes what a step costs; the total follows from the step.
      const key = JSON.stringify({ ...spec, seed: 0, steps: 0 });
      if (running?.key !== key) {
        const older = running;
        older?.cancel.abort();
        const cancel = new AbortController();
        const answer = Promise.resolve(older?.answer.catch(() => {})).then(() => measure(spec, cancel.signal));
        const mine = { key, cancel, answer };
        running = mine;
        const forget = () => {
          if (running === mine) running = null;
        };
        answer.then(forget, forget);
      }
      return running!.answer.then((estimate) => ({
        ...estimate,
        totalMs: estimate.startMs + estimate.stepMs * spec.steps,
      }));
    },
    close: () => running?.cancel.abort(),
  };
}
