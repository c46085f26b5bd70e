// What the steps of a run are worth in time and in epochs.

import type { RunSummary } from '../../shared/run.ts';
import { NO_CLOCK, type RunClock } from '../charts/axis.ts';
import type { Catalogue } from './catalogue.svelte.ts';

/** An epoch is as many images as the data set has, by the run's batch size; unknown where either is. */
export function clockOf(run: RunSummary | null, catalogue: Pick<Catalogue, 'dataSet'>): RunClock {
  if (!run) return NO_CLOCK;
  const images = catalogue.dataSet(run.data)?.count;
  const batch = run.parameters['batchSize'];
  const isKnown = typeof batch === 'number' && images !== undefined && images > 0;
  return { startMs: run.startedMs ?? run.createdMs, epochsPerStep: isKnown ? batch / images : Number.NaN };
}
