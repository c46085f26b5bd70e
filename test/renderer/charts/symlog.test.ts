import { expect, test } from 'vitest';
import { linearPart, symlog, symlogTicks, unsymlog } from '../../../src/renderer/charts/symlog.ts';

test('the symmetric logarithm is linear near zero, logarithmic far away, odd, and has an inverse', () => {
  // By hand: 1 + 9 / 1 = 10, 1 + 99 / 1 = 100, 1 + 0.99 / 0.01 = 100.
  expect(symlog(9, 1)).toBeCloseTo(1, 12);
  expect(symlog(-99, 1)).toBeCloseTo(-2, 12);
  expect(symlog(0.99, 0.01)).toBeCloseTo(2, 12);
  expect(symlog(0, 1)).toBe(0);
  expect(symlog(2e-6, 1) / symlog(1e-6, 1)).toBeCloseTo(2, 5);
  for (const value of [-1e6, -3, -1e-5, 0, 0.2, 77]) expect(unsymlog(symlog(value, 0.01), 0.01)).toBeCloseTo(value, 6);
});

test('the linear part is a power of ten near the small values, between a millionth and a thousandth of the greatest', () => {
  const values = (...list: number[]) => [{ last: Float32Array.from(list) }];
  expect(linearPart(values(1000, -50, 2, 0, Number.NaN))).toBe(1);
  expect(linearPart(values(1, 1e-12))).toBe(1e-6);
  expect(linearPart(values(0, Number.NaN, Infinity))).toBe(1);
});

test('ticks are zero and powers of ten of both signs, fewer where they crowd', () => {
  expect(symlogTicks(-200, 30, 0.1, 10)).toEqual([-100, -10, -1, 0, 1, 10]);
  expect(symlogTicks(-2e6, 2e6, 1e-3, 8).length).toBeLessThanOrEqual(9);
  expect(symlogTicks(-2e6, 2e6, 1e-3, 8)).toContain(0);
  expect(symlogTicks(0.5, 30, 0.1, 8)).toEqual([1, 10]);
});
