// The recipe book's unit vectors, and a cloud worked out by numpy.

import { describe, expect, it } from 'vitest';
import {
  SIGMAS,
  chooseSigma,
  parzenLogDensities,
  parzenLogLikelihood,
} from '../../../../src/main/training/metrics/parzen.ts';

/** Five centres and four points, as numpy had them. */
const centres = {
  values: Array.from({ length: 15 }, (_, at) => Math.sin(Math.floor(at / 3) * 3 + (at % 3))),
  dimensions: 3,
};
const points = {
  values: Array.from({ length: 12 }, (_, at) => Math.cos(Math.floor(at / 3) + 2 * (at % 3))),
  dimensions: 3,
};

describe('the Parzen window', () => {
  it.each([
    ['one centre 0, sigma 1/2', [0], [0], 1, 0.5, -0.225791],
    ['centres (0,0) and (1,0), sigma 1', [0, 0, 1, 0], [0, 0], 2, 1, -2.056947],
  ])('%s', (_title, at, x, dimensions, sigma, expected) => {
    const [density] = parzenLogDensities({ values: at, dimensions }, { values: x, dimensions }, sigma);
    expect(density).toBeCloseTo(expected, 6);
  });

  it('of a cloud has the mean and standard error of numpy', () => {
    const { mean, standardError } = parzenLogLikelihood(centres, points, 0.4);
    expect(mean).toBeCloseTo(-4.1994508187, 9);
    expect(standardError).toBeCloseTo(0.8644871841, 9);
  });

  it('chooses the width under which the validation points are likeliest, of ten from 0.1 to 1', () => {
    expect(SIGMAS).toHaveLength(10);
    expect([SIGMAS[0], SIGMAS[9]]).toEqual([0.1, 1]);
    // numpy's means rise to -3.5583 at the eighth and fall again.
    expect(chooseSigma(centres, points)).toBe(SIGMAS[7]);
  });

  it('stays finite far away from every centre', () => {
    const [density] = parzenLogDensities({ values: [0], dimensions: 1 }, { values: [1000], dimensions: 1 }, 0.1);
    expect(density).toBeCloseTo(-0.5 * 1e8 - Math.log(0.1 * Math.sqrt(2 * Math.PI)), 3);
  });
});
