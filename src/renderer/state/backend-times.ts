// What the same run costs on several backends, put beside each other.

import type { BackendId } from '../../shared/run.ts';
import type { BackendStatus, Estimate } from '../../shared/training.ts';

/** One that the probe found so much slower than the best is not worth the wait. */
const HOPELESS = 20;

/** The backends to measure, in the order of the list. */
export function worthMeasuring(backends: readonly BackendStatus[]): BackendId[] {
  const usable = backends.filter(({ state }) => state === 'in use' || state === 'available');
  const best = Math.min(...usable.map(({ ms }) => ms ?? Infinity));
  return usable.filter(({ ms }) => (ms ?? best) <= HOPELESS * best).map(({ id }) => id);
}

export interface BackendTime {
  readonly estimate: Estimate;
  /** How many times the step of the fastest. */
  readonly times: number;
}

/** The fastest first. */
export function rankEstimates(estimates: readonly Estimate[]): BackendTime[] {
  const sorted = estimates.toSorted((one, other) => one.stepMs - other.stepMs);
  return sorted.map((estimate) => ({ estimate, times: estimate.stepMs / sorted[0]!.stepMs }));
}
