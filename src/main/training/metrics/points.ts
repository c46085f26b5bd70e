// How far made points are from the distribution they should have: moments, divergences on a grid, modes. Plain
// arithmetic in double precision; points lie one after the other, `dimensions` numbers each.

import type { Distribution } from '../recipes/recipe.ts';

type Numbers = ArrayLike<number>;

export interface Moments {
  readonly mean: readonly number[];
  /** Row after row; divided by the number of points, as the recipe book's expected values are. */
  readonly covariance: readonly number[];
}

export function momentsOf(points: Numbers, dimensions: number): Moments {
  const count = points.length / dimensions;
  const axes = Array.from({ length: dimensions }, (_, axis) => axis);
  const average = (value: (start: number) => number): number => {
    let sum = 0;
    for (let at = 0; at < count; at++) sum += value(at * dimensions);
    return sum / count;
  };
  const mean = axes.map((axis) => average((start) => points[start + axis]!));
  // Two passes: E[xx] - mean mean would lose the digits that matter.
  const covariance = axes.flatMap((row) =>
    axes.map((column) =>
      average((start) => (points[start + row]! - mean[row]!) * (points[start + column]! - mean[column]!)),
    ),
  );
  return { mean, covariance };
}

/**
 * KL(N(mean, covariance) || N(centre, deviation^2 I)) in nats; one half (tr S + m m - d - ln det S) of the moments seen
 * from the centre in units of the deviation. A few hundred where the points lie on a line.
 */
export function gaussianDivergence({ mean, covariance }: Moments, centre: Numbers, deviation: number): number {
  const d = mean.length;
  const scaled = covariance.map((value) => value / deviation ** 2);
  const trace = d === 1 ? scaled[0]! : scaled[0]! + scaled[3]!;
  const determinant = d === 1 ? scaled[0]! : scaled[0]! * scaled[3]! - scaled[1]! * scaled[2]!;
  const distance = mean.reduce((sum, value, axis) => sum + ((value - centre[axis]!) / deviation) ** 2, 0);
  return 0.5 * (trace + distance - d - Math.log(Math.max(determinant, Number.MIN_VALUE)));
}

/** Cells on each axis of GAN Lab's grid, and what it adds to each cell so that no logarithm is infinite. */
const CELLS = 30;
const SMOOTHING = 1e-4;
/** The density is summed at so many places on each axis of a cell. */
const PLACES = 8;

/** Probability of each cell of the grid from -extent to extent, x fastest; sums to 1. */
export function cellsOfDensity({ dimensions, density, extent }: Distribution): Float64Array {
  const across = CELLS * PLACES;
  const at = (place: number): number => ((place + 0.5) / across) * 2 * extent - extent;
  const cells = new Float64Array(CELLS ** dimensions);
  for (let row = 0; row < (dimensions === 2 ? across : 1); row++) {
    for (let column = 0; column < across; column++) {
      const cell = Math.floor(column / PLACES) + CELLS * Math.floor(row / PLACES);
      cells[cell]! += density(dimensions === 2 ? [at(column), at(row)] : [at(column)]);
    }
  }
  const total = cells.reduce((sum, value) => sum + value, 0);
  return cells.map((value) => value / total);
}

/** Share of the points in each cell; what lies outside the grid counts for the cell nearest to it. */
export function cellsOfPoints(points: Numbers, { dimensions, extent }: Distribution): Float64Array {
  const count = points.length / dimensions;
  const cells = new Float64Array(CELLS ** dimensions);
  const cellOf = (value: number): number =>
    Math.min(CELLS - 1, Math.max(0, Math.floor(((value + extent) / (2 * extent)) * CELLS)));
  for (let at = 0; at < count; at++) {
    const column = cellOf(points[at * dimensions]!);
    const row = dimensions === 2 ? cellOf(points[at * 2 + 1]!) : 0;
    cells[column + CELLS * row]! += 1 / count;
  }
  return cells;
}

/** KL(p || q) in bits of two grids, smoothed as GAN Lab does (ganlab_evaluators.ts). */
export function gridDivergence(p: Float64Array, q: Float64Array): number {
  return p.reduce(
    (sum, value, at) => sum + (value + SMOOTHING) * Math.log2((value + SMOOTHING) / (q[at]! + SMOOTHING)),
    0,
  );
}

/** Jensen-Shannon divergence in bits, 0 to 1, smoothed likewise. */
export function gridJensenShannon(p: Float64Array, q: Float64Array): number {
  const middle = p.map((value, at) => (value + q[at]!) / 2);
  return (gridDivergence(p, middle) + gridDivergence(q, middle)) / 2;
}

/** Centres with a point within three deviations, and the share of points that are so near to some centre. */
export function modesFound(
  points: Numbers,
  { centres, deviation }: NonNullable<Distribution['modes']>,
  dimensions: number,
): { readonly found: number; readonly share: number } {
  const count = points.length / dimensions;
  const found = new Set<number>();
  let near = 0;
  for (let at = 0; at < count; at++) {
    const [mode, distance] = nearestMode(points, at * dimensions, centres, dimensions);
    if (distance > 3 * deviation) continue;
    near++;
    found.add(mode);
  }
  return { found: found.size, share: near / count };
}

function nearestMode(points: Numbers, start: number, centres: Numbers, dimensions: number): [number, number] {
  let [best, least] = [0, Infinity];
  for (let mode = 0; mode < centres.length / dimensions; mode++) {
    let square = 0;
    for (let axis = 0; axis < dimensions; axis++)
      square += (points[start + axis]! - centres[mode * dimensions + axis]!) ** 2;
    if (square < least) [best, least] = [mode, square];
  }
  return [best, Math.sqrt(least)];
}
