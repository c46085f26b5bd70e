import { expect, test } from 'vitest';
import { smooth } from '../../../src/renderer/charts/smooth.ts';

test('smoothing 0, 1, 1 with 0.6 gives 0, 0.625, 0.816327, as TensorBoard does', () => {
  const [first, second, third] = smooth([0, 1, 1], 0.6);
  expect(first).toBe(0);
  expect(second).toBeCloseTo(0.625, 12);
  expect(third).toBeCloseTo(0.816327, 6);
});

test('the recursion agrees with the closed form: a mean weighted by powers of w', () => {
  const values = [3, -1, 4, 1, -5, 9, 2, 6];
  const weight = 0.83;
  const smoothed = smooth(values, weight);
  for (let end = 0; end < values.length; end++) {
    let sum = 0;
    let weights = 0;
    for (let index = 0; index <= end; index++) {
      sum += weight ** (end - index) * values[index]!;
      weights += weight ** (end - index);
    }
    expect(smoothed[end]).toBeCloseTo(sum / weights, 10);
  }
});

test('weight 0 gives the values themselves', () => {
  expect([...smooth([2, 7, 1], 0)]).toEqual([2, 7, 1]);
});

test('NaN and the infinities stay in their places and do not touch what follows', () => {
  const broken = smooth([1, Number.NaN, Infinity, 3], 0.5);
  const whole = smooth([1, 3], 0.5);
  expect([...broken]).toEqual([1, Number.NaN, Infinity, whole[1]]);
});
