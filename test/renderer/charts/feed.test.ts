// The series of a live run: read once, then only grown.

import { expect, test } from 'vitest';
import { SeriesFeed } from '../../../src/renderer/charts/feed.ts';
import type { RunId } from '../../../src/shared/run.ts';
import type { SeriesPoints } from '../../../src/shared/series.ts';

function points(from: number, to: number): SeriesPoints {
  const steps = Float64Array.from({ length: to - from }, (_, at) => from + at);
  return { kind: 'points', tag: 'loss/d', steps, values: Float32Array.from(steps), wallMs: steps };
}

test('a run that grows for long is read once, and held in no more entries than a chart has use for', async () => {
  let calls = 0;
  const feed = new SeriesFeed(
    (async () => {
      calls += 1;
      return [points(1, 11)];
    }) as never,
    '20260101-000000-0000' as RunId,
  );
  await feed.read(['loss/d']);
  for (let step = 11; step < 9_999; step += 7) feed.append([points(step, step + 7)]);
  const { steps, last, bucketed } = feed.columns('loss/d')!;
  expect(calls).toBe(1);
  expect(steps.length).toBeLessThanOrEqual(1500);
  expect([steps.at(-1), last.at(-1), feed.lastStep, bucketed]).toEqual([9_999, 9_999, 9_999, true]);
});
