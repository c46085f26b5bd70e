// Against numbers worked out by numpy (double precision; the formula or integral is given with each).

import { describe, expect, it } from 'vitest';
import { pointSets } from '../../../../src/main/datasets/points.ts';
import type { Points } from '../../../../src/main/datasets/dataset.ts';
import * as metrics from '../../../../src/main/training/metrics/points.ts';

const pointsOf = async (id: string): Promise<Points> =>
  (await pointSets.find((set) => set.id === id)!.open('')).points!;

describe('moments and the divergence from a normal distribution', () => {
  it('are those of the points', () => {
    const { mean, covariance } = metrics.momentsOf([1, 2, 3, 6, 5, 4], 2);
    expect(mean).toEqual([3, 4]);
    expect(covariance.map((value) => Math.round(value * 1e12) / 1e12)).toEqual(
      [8 / 3, 4 / 3, 4 / 3, 8 / 3].map((value) => Math.round(value * 1e12) / 1e12),
    );
  });

  it('is 0 for the moments of N(0, I) and of the very distribution', () => {
    expect(metrics.gaussianDivergence({ mean: [0], covariance: [1] }, [0], 1)).toBe(0);
    expect(metrics.gaussianDivergence({ mean: [0, 0], covariance: [1, 0, 0, 1] }, [0, 0], 1)).toBe(0);
    expect(metrics.gaussianDivergence({ mean: [2, -1], covariance: [9, 0, 0, 9] }, [2, -1], 3)).toBeCloseTo(0, 12);
  });

  it('is the integral of p log(p / q) otherwise', () => {
    // numpy, on a grid of 2401 x 2401 places from -12 to 12: 0.32826690812796
    const moments = { mean: [0.3, -0.5], covariance: [1.5, 0.4, 0.4, 0.7] };
    expect(metrics.gaussianDivergence(moments, [0, 0], 1)).toBeCloseTo(0.3282669081, 9);
    // 1/2 (0.25 + 1 - 1 - log 0.25)
    expect(metrics.gaussianDivergence({ mean: [1], covariance: [0.25] }, [0], 1)).toBeCloseTo(0.125 + Math.log(2), 12);
  });

  it('stays a number when all points are one', () => {
    expect(Number.isFinite(metrics.gaussianDivergence(metrics.momentsOf([1, 1, 1, 1], 2), [0, 0], 1))).toBe(true);
  });
});

describe('the grid', () => {
  it('has the probability of each cell', async () => {
    const normal = await pointsOf('normal1d');
    const cells = metrics.cellsOfDensity(normal);
    expect(cells).toHaveLength(30);
    expect(cells.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    // numpy: Phi(4/15) - Phi(0) of the cell right of 0, over Phi(4) - Phi(-4)
    expect(cells[15]).toBeCloseTo(0.105139, 4);
    expect(metrics.cellsOfDensity(await pointsOf('ring'))).toHaveLength(900);
  });

  it('counts points, those outside in the nearest cell', async () => {
    const ring = await pointsOf('ring');
    const cells = metrics.cellsOfPoints([-2.99, -2.99, 2.99, 2.99, 99, -99, 0.05, 0.05], ring);
    expect([cells[0], cells[899], cells[29], cells[15 + 15 * 30]]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('divergences of N(0,1) and N(1,1) are those of numpy, and the Jensen-Shannon one is nearly that of the densities', () => {
    const density = (centre: number) => (point: ArrayLike<number>) => Math.exp(-0.5 * (point[0]! - centre) ** 2);
    const [p, q] = [0, 1].map((centre) =>
      metrics.cellsOfDensity({ dimensions: 1, extent: 4, density: density(centre) }),
    ) as [Float64Array, Float64Array];
    expect(metrics.gridJensenShannon(p, q)).toBeCloseTo(0.157785, 4);
    expect(metrics.gridDivergence(p, q)).toBeCloseTo(0.700758, 3);
    expect(Math.abs(metrics.gridJensenShannon(p, q) * Math.LN2 - 0.111421)).toBeLessThan(0.003);
  });

  it('Jensen-Shannon does not care which is which, is 0 for equals and 1 for strangers', () => {
    const p = Float64Array.from([0.5, 0.5, 0, 0]);
    const q = Float64Array.from([0, 0.1, 0.4, 0.5]);
    expect(metrics.gridJensenShannon(p, q)).toBe(metrics.gridJensenShannon(q, p));
    expect(metrics.gridDivergence(p, q)).not.toBeCloseTo(metrics.gridDivergence(q, p), 2);
    expect(metrics.gridJensenShannon(p, p)).toBe(0);
    expect(metrics.gridJensenShannon(p, Float64Array.from([0, 0, 0.5, 0.5]))).toBeCloseTo(1, 2);
  });
});

describe('modes', () => {
  it('are found within three deviations, and so are the points that count as good', () => {
    const modes = { centres: Float32Array.from([0, 0, 2, 0]), deviation: 0.1 };
    expect(metrics.modesFound([0.2, 0.2, 0, 0.29, 1, 0, 5, 5], modes, 2)).toEqual({ found: 1, share: 0.5 });
    expect(metrics.modesFound([0.3, 0.3], modes, 2)).toEqual({ found: 0, share: 0 });
    expect(metrics.modesFound([0, 0, 2, 0], modes, 2)).toEqual({ found: 2, share: 1 });
  });

  it('of real points of the ring are all eight, 98.9 % of them good: 1 - e^(-9/2)', async () => {
    const ring = await pointsOf('ring');
    let state = 1;
    const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
    const { found, share } = metrics.modesFound(ring.draw(20_000, random), ring.modes!, 2);
    expect(found).toBe(8);
    expect(Math.abs(share - (1 - Math.exp(-4.5)))).toBeLessThan(0.004);
  });
});
