import { expect, test } from 'vitest';
import type { Curve } from '../../../src/renderer/charts/plot.ts';
import { thinCurve, thinLine } from '../../../src/renderer/charts/thin-curve.ts';

function curveOf(count: number, bucketed: boolean, valueAt: (at: number) => number): Curve {
  const steps = Float64Array.from({ length: count }, (_, at) => at);
  const last = Float32Array.from(steps, valueAt);
  const finite = last.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const columns = {
    ...{ steps, wallMs: steps.map((step) => 1000 * step), last, min: finite, max: finite },
    ...{ nonFinite: Uint32Array.from(last, (value) => (Number.isFinite(value) ? 0 : 1)), bucketed },
  };
  return {
    label: 'a',
    colour: '#123456',
    dash: [],
    columns,
    x: steps,
    smoothed: Float64Array.from(last),
    isFaded: false,
  };
}

test('buckets of one pixel are one, and no spike and no NaN is lost', () => {
  const value = (at: number): number => (at === 333 ? 50 : at === 700 ? Number.NaN : at % 10);
  const thin = thinCurve(curveOf(1500, true, value), { min: 0, max: 1500 }, 300);
  expect(thin.x.length).toBe(300);
  expect(thin.x.at(-1)).toBe(1499);
  expect(thin.columns.last.at(-1)).toBe(9);
  expect([...thin.smoothed!]).toEqual([...thin.columns.last]);
  expect([...thin.columns.wallMs]).toEqual([...thin.x].map((step) => 1000 * step));
  expect(Math.max(...thin.columns.max)).toBe(50);
  expect(thin.columns.max[66]).toBe(50);
  expect(thin.columns.nonFinite.reduce((sum, one) => sum + one)).toBe(1);
  expect([thin.columns.min[0], thin.columns.max[0], thin.columns.min[140]]).toEqual([0, 4, 1]);
});

test('what lies outside of the zoomed range is put together too, apart from what lies within', () => {
  const thin = thinCurve(
    curveOf(1500, true, (at) => at),
    { min: 1000, max: 1100 },
    200,
  );
  expect([...thin.x].filter((step) => step >= 1000 && step < 1100)).toHaveLength(100);
});

test('single points, and buckets that are no more than the pixels, stay as they are', () => {
  const points = curveOf(1500, false, (at) => at);
  expect(thinCurve(points, { min: 0, max: 1500 }, 300)).toBe(points);
  const few = curveOf(300, true, (at) => at);
  expect(thinCurve(few, { min: 0, max: 300 }, 300)).toBe(few);
});

test('a pixel without a finite value has no band', () => {
  const thin = thinCurve(
    curveOf(8, true, (at) => (at < 4 ? Number.NaN : at)),
    { min: 0, max: 8 },
    2,
  );
  expect([...thin.columns.min]).toEqual([Number.NaN, 4]);
  expect([...thin.columns.max]).toEqual([Number.NaN, 7]);
  expect([...thin.columns.nonFinite]).toEqual([4, 0]);
});

test('of a dense line the least and the greatest value of each pixel are painted, and what is not finite where nothing else is', () => {
  const values = Float32Array.from({ length: 1000 }, (_, at) => (at === 333 ? 50 : at === 334 ? -50 : at % 10));
  values[500] = Number.NaN;
  for (let at = 700; at < 720; at++) values[at] = Number.NaN;
  const x = Float64Array.from(values, (_, at) => at);
  const kept = thinLine(x, values, { min: 0, max: 1000 }, 100);
  expect(kept.length).toBe(2 * 98 + 2);
  expect(kept.toSorted((a, b) => a - b)).toEqual(kept);
  expect(kept).toContain(333);
  expect(kept).toContain(334);
  expect(kept.map((at) => values[at]).filter((value) => Number.isNaN(value))).toHaveLength(2);
  expect(kept.filter((at) => at >= 500 && at < 510).map((at) => values[at])).toEqual([1, 9]);
  expect(thinLine(x, values, { min: 0, max: 1000 }, 500)).toEqual([...x]);
});
