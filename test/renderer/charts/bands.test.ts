import { expect, test } from 'vitest';
import { bandOf, type Member } from '../../../src/renderer/charts/bands.ts';
import { toColumns } from '../../../src/renderer/charts/columns.ts';

function member(steps: number[], values: number[], startMs = 0): Member {
  return {
    columns: toColumns({
      kind: 'points',
      tag: 't',
      steps: Float64Array.from(steps),
      values: Float32Array.from(values),
      wallMs: Float64Array.from(steps, (step) => startMs + step * 1000),
    }),
    clock: { startMs, epochsPerStep: 0.5 },
  };
}

test('the mean and one sample standard deviation to each side', () => {
  // numpy: np.std([2, 4, 4], ddof=1) = 1.1547005; np.std([1, 5, 9], ddof=1) = 4.0.
  const band = bandOf([member([0, 1], [2, 1]), member([0, 1], [4, 5]), member([0, 1], [4, 9])], 'deviation')!;
  expect([...band.columns.last]).toEqual([Math.fround(10 / 3), 5]);
  expect(band.columns.max[0]! - band.columns.last[0]!).toBeCloseTo(1.1547005, 5);
  expect([band.columns.min[1], band.columns.max[1]]).toEqual([1, 9]);
});

test('from the least to the greatest', () => {
  const band = bandOf([member([0], [2]), member([0], [4]), member([0], [9])], 'range')!;
  expect([band.columns.min[0], band.columns.last[0], band.columns.max[0]]).toEqual([2, 5, 9]);
});

test('a run that has ended, or not begun, drops out of the mean', () => {
  const band = bandOf([member([0, 10, 20], [0, 0, 0]), member([10], [6])], 'deviation')!;
  expect([...band.columns.last]).toEqual([0, 3, 0]);
  expect([...band.counts]).toEqual([1, 2, 1]);
  expect(band.columns.min[2]).toBe(0);
});

test('between its own entries a run is interpolated', () => {
  const band = bandOf([member([0, 10], [0, 10]), member([0, 5, 10], [0, 15, 30])], 'range')!;
  expect([...band.columns.steps]).toEqual([0, 5, 10]);
  expect([...band.columns.last]).toEqual([0, 10, 20]);
});

test('NaN leaves the mean of the others alone, and is counted', () => {
  const band = bandOf([member([0, 1], [1, Number.NaN]), member([0, 1], [3, 5])], 'deviation')!;
  expect([...band.columns.last]).toEqual([2, 5]);
  expect([...band.columns.nonFinite]).toEqual([0, 1]);
});

test('runs of other days stand at the mean of the times since their own starts', () => {
  const band = bandOf([member([0, 2], [1, 1], 1_000_000), member([0, 2], [1, 1], 9_000_000)], 'range')!;
  expect([...band.columns.wallMs].map((ms) => ms - band.clock.startMs)).toEqual([0, 2000]);
  expect(band.clock.epochsPerStep).toBe(0.5);
});

test('no entries give no band', () => {
  expect(bandOf([], 'range')).toBeUndefined();
  expect(bandOf([member([], [])], 'range')).toBeUndefined();
});
