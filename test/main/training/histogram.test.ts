import { describe, expect, it } from 'vitest';
import { histogramOf } from '../../../src/main/training/histogram.ts';

describe('a histogram', () => {
  it('counts each value in one of thirty equal parts, the greatest in the last', () => {
    const { min, max, nonFinite, counts } = histogramOf(Float32Array.from({ length: 301 }, (_, at) => at / 10));
    expect([min, max, nonFinite]).toEqual([0, 30, 0]);
    // Ten values a part, and 30 itself.
    expect([...counts]).toEqual([...Array.from({ length: 29 }, () => 10), 11]);
  });

  it('leaves out what is not finite, and counts it', () => {
    const { min, max, nonFinite, counts } = histogramOf(Float32Array.of(NaN, -1, Infinity, 1, -Infinity));
    expect([min, max, nonFinite, counts[0], counts[29]]).toEqual([-1, 1, 3, 1, 1]);
  });

  it('of equal values has no width, of none no range', () => {
    expect(histogramOf(Float32Array.of(2, 2, 2))).toMatchObject({ min: 2, max: 2, nonFinite: 0 });
    expect(histogramOf(Float32Array.of(2, 2, 2)).counts[0]).toBe(3);
    expect(histogramOf(Float32Array.of(NaN))).toMatchObject({ min: NaN, max: NaN, nonFinite: 1 });
  });
});
