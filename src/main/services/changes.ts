// What is new in a run since a cursor, as one consistent answer although the run is being written meanwhile.

import type { RunChanges } from '../../shared/contract.ts';
import { MAX_POINTS_PER_SERIES } from '../../shared/series.ts';
import type { RunReader } from '../store/store.ts';

const TRIES = 4;

/**
 * The answer's cursor is never ahead of what it holds. A commit between two of the reads makes a row appear again in
 * the next answer (rows have ids), never get lost; a few tries make even that rare.
 */
export function readChanges(reader: RunReader, since: number, afterStep: number): RunChanges {
  for (let tries = 1; ; tries++) {
    const cursor = reader.cursor();
    const { points, truncated } = reader.newPoints(afterStep, MAX_POINTS_PER_SERIES);
    const changes = {
      cursor,
      summary: reader.summary(),
      points,
      truncated,
      images: reader.newImages(since),
      events: reader.newEvents(since),
      checkpoints: reader.newCheckpoints(since),
      histograms: reader.histogramTags(),
      health: reader.verdicts(),
    };
    if (tries === TRIES || reader.cursor() === cursor) return changes;
  }
}
