import { expect, test } from 'vitest';
import { appendPoints, compactColumns, nearestIndex, toColumns } from '../../../src/renderer/charts/columns.ts';
import type { SeriesBuckets, SeriesPoints } from '../../../src/shared/series.ts';

function points(steps: number[], values: number[]): SeriesPoints {
  return {
    kind: 'points',
    tag: 'loss/d',
    steps: Float64Array.from(steps),
    values: Float32Array.from(values),
    wallMs: Float64Array.from(steps),
  };
}

const buckets: SeriesBuckets = {
  kind: 'buckets',
  tag: 'loss/d',
  steps: Float64Array.of(10, 20),
  wallMs: Float64Array.of(0, 1),
  min: Float32Array.of(1, 2),
  max: Float32Array.of(5, 6),
  last: Float32Array.of(3, Number.NaN),
  count: Uint32Array.of(10, 10),
  nonFinite: Uint32Array.of(0, 4),
};

test('raw points become columns whose band is the line, with non-finite values counted', () => {
  const columns = toColumns(points([1, 2, 3], [0.5, Number.NaN, Infinity]));
  expect([...columns.last]).toEqual([0.5, Number.NaN, Infinity]);
  expect([...columns.min]).toEqual([0.5, Number.NaN, Number.NaN]);
  expect([...columns.nonFinite]).toEqual([0, 1, 1]);
  expect(columns.bucketed).toBe(false);
});

test('live points are added to buckets as buckets of one, and the band stays', () => {
  const columns = appendPoints(toColumns(buckets), points([19, 20, 21, 22], [9, 9, 7, Number.NaN]));
  expect([...columns.steps]).toEqual([10, 20, 21, 22]);
  expect([...columns.last]).toEqual([3, Number.NaN, 7, Number.NaN]);
  expect([...columns.max]).toEqual([5, 6, 7, Number.NaN]);
  expect([...columns.nonFinite]).toEqual([0, 4, 0, 1]);
  expect(columns.bucketed).toBe(true);
});

test('points that are already held are left out, and nothing new gives the same columns', () => {
  const held = toColumns(points([1, 2], [1, 2]));
  expect(appendPoints(held, points([1, 2], [8, 8]))).toBe(held);
});

test('columns that became too long are put together between equal steps, and every spike and NaN stays', () => {
  const count = 3000;
  const steps = Array.from({ length: count }, (_, at) => at + 1);
  const values = steps.map((step) => (step === 777 ? 99 : step === 1500 ? Number.NaN : Math.sin(step)));
  const long = toColumns(points(steps, values));
  const short = compactColumns(long, 1000);
  expect(short.steps.length).toBeLessThanOrEqual(1001);
  expect(short.steps.length).toBeGreaterThan(500);
  expect(short.steps.at(-1)).toBe(count);
  expect(short.last.at(-1)).toBe(long.last.at(-1));
  expect(Math.max(...short.max)).toBe(99);
  expect(short.nonFinite.reduce((sum, one) => sum + one)).toBe(1);
  expect(short.bucketed).toBe(true);
  for (const [at, end] of short.steps.entries()) {
    const from = at === 0 ? 0 : short.steps[at - 1]!;
    const finite = values.slice(from, end).filter(Number.isFinite).map(Math.fround);
    expect([short.min[at], short.max[at]]).toEqual([Math.min(...finite), Math.max(...finite)]);
  }
});

test('what was put together before is put together again as coarsely as what is new, however often', () => {
  let columns = toColumns(points([0], [0]));
  for (let step = 1; step <= 20_000; step++) {
    columns = appendPoints(columns, points([step], [step]));
    if (columns.steps.length > 150) columns = compactColumns(columns, 100);
  }
  const widths = [...columns.steps].map((step, at) => step - (columns.steps[at - 1] ?? 0));
  expect(Math.max(...widths)).toBe(256);
  expect(columns.steps.length).toBeGreaterThan(50);
});

test('a part without a finite value has neither least nor greatest', () => {
  const { min, max, nonFinite } = compactColumns(toColumns(points([0, 1, 2, 3, 4], [NaN, NaN, NaN, 5, NaN])), 2);
  expect([[...min], [...max], [...nonFinite]]).toEqual([
    [NaN, 5, NaN],
    [NaN, 5, NaN],
    [2, 1, 1],
  ]);
});

test('the nearest entry is found by step, the earlier of two equally near', () => {
  const steps = Float64Array.of(0, 10, 20, 40);
  expect([-5, 4, 5, 6, 29, 30, 31, 99].map((step) => nearestIndex(steps, step))).toEqual([0, 0, 0, 1, 2, 2, 3, 3]);
  expect(nearestIndex(new Float64Array(), 3)).toBe(-1);
});
