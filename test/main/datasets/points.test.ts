// The toy distributions: what is drawn is what the density says.

import { describe, expect, it } from 'vitest';
import type { Points } from '../../../src/main/datasets/dataset.ts';
import { dataSets } from '../../../src/main/datasets/list.ts';
import { pointSets } from '../../../src/main/datasets/points.ts';

const IDS = ['normal1d', 'normal2d', 'ring', 'two-gaussians', 'line', 'islands'];
const open = async (id: string): Promise<Points> => (await pointSets.find((set) => set.id === id)!.open('')).points!;
/** Park and Miller's generator: another one than the run's. */
function createSimple(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}
const SIDE = 60;

/** Probability of each square of the plane from -extent to extent, by the density at 10 x 10 places in it. */
function expectedShares({ dimensions, density, extent }: Points): number[] {
  const width = (2 * extent) / SIDE;
  return Array.from({ length: SIDE ** dimensions }, (_, cell) => {
    const corner = [(cell % SIDE) * width - extent, Math.floor(cell / SIDE) * width - extent];
    const places = Array.from({ length: 10 ** dimensions }, (_unused, at) => [
      corner[0]! + (((at % 10) + 0.5) / 10) * width,
      corner[1]! + ((Math.floor(at / 10) + 0.5) / 10) * width,
    ]);
    return (places.reduce((sum, place) => sum + density(place), 0) / places.length) * width ** dimensions;
  });
}

describe('the toy distributions', () => {
  it('are in the catalogue, ready without a download', async () => {
    expect(pointSets.map(({ id }) => id)).toEqual(IDS);
    for (const set of pointSets) {
      expect(dataSets).toContain(set);
      expect([set.kind, set.isReady(''), set.generated, set.height, set.channels]).toEqual([
        'points',
        true,
        true,
        1,
        1,
      ]);
      expect((await set.open('')).width).toBe(set.width);
      await expect(set.import('', '')).rejects.toThrow(/there is nothing to import/);
    }
  });

  it.each(IDS)('%s: the density sums to 1 in its square, and a thousandth lies outside at most', async (id) => {
    const points = await open(id);
    const total = expectedShares(points).reduce((sum, share) => sum + share, 0);
    expect(total).toBeGreaterThan(0.997);
    expect(total).toBeLessThan(1.001);
  });

  it.each(IDS)('%s: points fall where the density is', async (id) => {
    const points = await open(id);
    const { dimensions, extent } = points;
    const count = 40_000;
    const drawn = points.draw(count, createSimple(7));
    expect(drawn).toHaveLength(count * dimensions);
    const cellOf = (value: number) => Math.floor(((value + extent) / (2 * extent)) * SIDE);
    const found = new Float64Array(SIDE ** dimensions);
    for (let at = 0; at < count; at++) {
      const [column, row] = [cellOf(drawn[at * dimensions]!), dimensions === 2 ? cellOf(drawn[at * 2 + 1]!) : 0];
      if (column >= 0 && column < SIDE && row >= 0 && row < SIDE) found[column + SIDE * row]! += 1;
    }
    // Pearson's chi square over the cells with enough points: its mean is their number, its deviation sqrt(2 x it).
    const cells = expectedShares(points).map((share, at) => ({ expected: share * count, found: found[at]! }));
    const enough = cells.filter(({ expected }) => expected >= 5);
    const chiSquare = enough.reduce((sum, { expected, found: seen }) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(enough.length + 5 * Math.sqrt(2 * enough.length));
    expect(chiSquare).toBeGreaterThan(enough.length - 5 * Math.sqrt(2 * enough.length));
  });

  it('the ring has eight modes on a circle of radius 2 with deviation 0.05, the islands three', async () => {
    const { modes } = await open('ring');
    for (let mode = 0; mode < 8; mode++)
      expect(Math.hypot(modes!.centres[2 * mode]!, modes!.centres[2 * mode + 1]!)).toBeCloseTo(2, 6);
    expect(modes!.deviation).toBe(0.05);
    expect((await open('islands')).modes!.centres).toHaveLength(6);
  });

  it('the line has the density that numpy integrates along it', async () => {
    const { density } = await open('line');
    for (const [place, expected] of [
      [[0, 0.88], 3.0867384],
      [[-0.3, 1.02], 2.77141045],
      [[1.21, 0.41], 1.3018327],
      [[-1.8, 1.6], 1.5433692],
      [[0, 0], 0],
    ] as const) {
      expect(density(place)).toBeCloseTo(expected, 5);
    }
  });
});
