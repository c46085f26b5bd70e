import { expect, test } from 'vitest';
import { toColumns } from '../../../src/renderer/charts/columns.ts';
import { formatLogTick, formatTick, measureExtent } from '../../../src/renderer/charts/extent.ts';

function curve(values: number[]) {
  const steps = Float64Array.from(values, (_, index) => index);
  return toColumns({ kind: 'points', tag: 't', steps, values: Float32Array.from(values), wallMs: steps });
}

const everything = { min: 0, max: Infinity };
const plain = { scale: 'linear' as const, withoutOutliers: false, include: [] };

test('the range holds every finite value, whatever is NaN or infinite', () => {
  const { min, max } = measureExtent([curve([-2, Number.NaN, 8, Infinity])], everything, plain);
  expect(min).toBeLessThan(-2);
  expect(max).toBeGreaterThan(8);
  expect(max).toBeLessThan(10);
});

test('one spike counts, unless outliers are left out', () => {
  const values = [...Array.from({ length: 999 }, (_, index) => 1 + (index % 10) / 10), 500];
  expect(measureExtent([curve(values)], everything, plain).max).toBeGreaterThan(500);
  expect(measureExtent([curve(values)], everything, { ...plain, withoutOutliers: true }).max).toBeLessThan(3);
});

test('only steps on the screen count', () => {
  expect(measureExtent([curve([100, 1, 2])], { min: 1, max: 2 }, plain).max).toBeLessThan(3);
});

test('a quantity that is never negative keeps its zero line', () => {
  expect(measureExtent([curve([0.01, 1])], everything, plain).min).toBe(0);
});

test('a quantity that is zero throughout has an axis to 1', () => {
  expect(measureExtent([curve([0, 0, 0])], everything, plain)).toEqual({ min: 0, max: 1 });
});

test('a logarithmic axis takes the positive values and survives zero and below', () => {
  const { min, max } = measureExtent([curve([0, -3, 0.01, 10])], everything, { ...plain, scale: 'log' });
  expect(min).toBeGreaterThan(0);
  expect(min).toBeLessThan(0.01);
  expect(max).toBeGreaterThan(10);
  const none = measureExtent([curve([0, -1])], everything, { ...plain, scale: 'log' });
  expect(none.min).toBeGreaterThan(0);
});

test('a reference line near the values is kept in sight, a far one does not squeeze them', () => {
  const near = measureExtent([curve([0.5, 1.2])], everything, { ...plain, include: [1.386] });
  expect(near.max).toBeGreaterThan(1.386);
  const far = measureExtent([curve([0.5, 0.6])], everything, { ...plain, include: [1.386] });
  expect(far.max).toBeLessThan(1);
});

test('no values at all still make an axis', () => {
  expect(measureExtent([], everything, plain)).toEqual({ min: 0, max: 1 });
});

test('ticks are short', () => {
  expect([0, 0.1 + 0.2, 2500, 60_000, 1_500_000, 0.00002, -3].map(formatTick)).toEqual([
    '0',
    '0.3',
    '2500',
    '60k',
    '1.5M',
    '2e−5',
    '−3',
  ]);
});

test('a logarithmic axis writes round numbers only, not its own ends', () => {
  expect([0.01, 0.02, 0.03, 0.291321, 0.5, 1, 1000, 20_000].map(formatLogTick)).toEqual([
    '0.01',
    '0.02',
    '0.03',
    '',
    '0.5',
    '1',
    '1000',
    '20k',
  ]);
});
