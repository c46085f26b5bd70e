// How alike the images of a set are: the mean structural similarity of neighbours in it (Wang et al. 2004), at a single
// scale with a uniform window of 7 x 7, as scikit-image has it by default with use_sample_covariance=False. High means
// little diversity.

import type { Plane } from './images.ts';

const WINDOW = 7;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;
const MOST_PAIRS = 32;

/** Mean over up to 32 pairs of neighbours, the last with the first; NaN where images are smaller than the window. */
export function meanSimilarity(planes: readonly Plane[]): number {
  const count = Math.min(planes.length, MOST_PAIRS);
  const prepared = planes.slice(0, count + 1).map(prepare);
  let sum = 0;
  for (let at = 0; at < count; at++) sum += similarity(prepared[at]!, prepared[(at + 1) % prepared.length]!);
  return sum / count;
}

/** Of two images of one size, with values from 0 to 1: from -1 to 1, 1 for equal ones. */
export function similarityOf(one: Plane, other: Plane): number {
  return similarity(prepare(one), prepare(other));
}

interface Prepared {
  readonly plane: Plane;
  /** Sums over each window, of the values and of their squares. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function prepare(plane: Plane): Prepared {
  const { values } = plane;
  return {
    plane,
    sums: windowSums(plane, (at) => values[at]!),
    squares: windowSums(plane, (at) => values[at]! * values[at]!),
  };
}

function similarity(one: Prepared, other: Prepared): number {
  const [a, b] = [one.plane.values, other.plane.values];
  const products = windowSums(one.plane, (at) => a[at]! * b[at]!);
  const size = WINDOW * WINDOW;
  let sum = 0;
  for (let k = 0; k < products.length; k++) {
    const [meanA, meanB] = [one.sums[k]! / size, other.sums[k]! / size];
    const varianceA = one.squares[k]! / size - meanA * meanA;
    const varianceB = other.squares[k]! / size - meanB * meanB;
    const covariance = products[k]! / size - meanA * meanB;
    sum +=
      ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
      ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
  }
  return sum / products.length;
}

/** Of every window that lies inside the image, by a table of sums from the corner. */
function windowSums({ height, width }: Plane, valueAt: (at: number) => number): Float64Array {
  const stride = width + 1;
  const table = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += valueAt(y * width + x);
      table[(y + 1) * stride + x + 1] = table[y * stride + x + 1]! + row;
    }
  }
  const [rows, columns] = [Math.max(0, height - WINDOW + 1), Math.max(0, width - WINDOW + 1)];
  const sums = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const [top, bottom] = [y * stride, (y + WINDOW) * stride];
    for (let x = 0; x < columns; x++) {
      sums[y * columns + x] =
        table[bottom + x + WINDOW]! - table[bottom + x]! - table[top + x + WINDOW]! + table[top + x]!;
    }
  }
  return sums;
}
