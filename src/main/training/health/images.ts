// Measures of a set of images that need no network: how much they vary, how alike they are, whether a checkerboard lies
// over them. All are worked out on the thread that trains, at sample steps only, from the bytes that are kept, so that a
// resumed run finds the same numbers.

/** Images or points one after the other, [count, height, width, channels]. */
export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Uint8Array | Float32Array;
}

/** The first of a set. More say little more, and large images take long. */
const MOST_VALUES = 1_000_000;
export function someOf(set: ImageSet): ImageSet {
  const { height, width, channels, values } = set;
  const size = height * width * channels;
  const count = Math.min(set.count, Math.max(16, Math.floor(MOST_VALUES / size)));
  return { ...set, count, values: values.subarray(0, count * size) };
}

/** Trace of the covariance matrix over the set: the sum of every value's variance, with n - 1. */
export function covarianceTrace({ count, values }: ImageSet): number {
  const size = values.length / count;
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  for (let image = 0, at = 0; image < count; image++) {
    for (let k = 0; k < size; k++, at++) {
      const value = values[at]!;
      sums[k]! += value;
      squares[k]! += value * value;
    }
  }
  let trace = 0;
  for (let k = 0; k < size; k++) trace += (squares[k]! - (sums[k]! * sums[k]!) / count) / (count - 1);
  return trace;
}

/** One grey image, 0 to 1. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly values: Float64Array;
}

/** Bytes as grey images, the mean of the channels, made smaller by a whole factor until no side is above `most`. */
export function planesOf({ count, height, width, channels, values }: ImageSet, most = Infinity): Plane[] {
  const factor = Math.ceil(Math.max(height, width) / most) || 1;
  const [rows, columns] = [Math.floor(height / factor), Math.floor(width / factor)];
  const scale = 1 / (255 * channels * factor * factor);
  return Array.from({ length: count }, (_, image) => {
    const plane = new Float64Array(rows * columns);
    for (let y = 0; y < rows * factor; y++) {
      const row = Math.floor(y / factor) * columns;
      for (let x = 0; x < columns * factor; x++) {
        const from = ((image * height + y) * width + x) * channels;
        let sum = 0;
        for (let channel = 0; channel < channels; channel++) sum += values[from + channel]!;
        plane[row + Math.floor(x / factor)]! += sum * scale;
      }
    }
    return { height: rows, width: columns, values: plane };
  });
}

/** What a checkerboard adds to a set of grey images; both are ratios of sums over the set, and NaN where nothing varies. */
export interface Checkerboard {
  /** Share of the spectral energy, without the mean, on the row and the column of half the sampling rate. White noise of 32 x 32: 0.06; a board: 1. */
  readonly energy: number;
  /** Variance of the means of the four parities of row and column, over the variance of the pixels. A board: 1. */
  readonly parity: number;
}

export function checkerboardOf(planes: readonly Plane[]): Checkerboard {
  let [high, total, parities, variance] = [0, 0, 0, 0];
  for (const plane of planes) {
    const even = measureBoard(plane);
    high += even.high;
    total += even.total;
    parities += even.parities;
    variance += even.variance;
  }
  return { energy: high / total, parity: parities / variance };
}

/**
 * By Parseval's theorem along the other axis: the energy in the column u = W/2 of the spectrum is H times the sum over
 * the rows of the square of their alternating sum. An odd row or column at the end is left out.
 */
function measureBoard(plane: Plane) {
  const [height, width] = [plane.height & ~1, plane.width & ~1];
  const mean = meanOf(plane, height, width);
  const byColumn = new Float64Array(width);
  const means = new Float64Array(4);
  let [columnEnergy, square] = [0, 0];
  for (let y = 0; y < height; y++) {
    let alternating = 0;
    for (let x = 0; x < width; x++) {
      const value = plane.values[y * plane.width + x]! - mean;
      square += value * value;
      alternating += x & 1 ? -value : value;
      byColumn[x]! += y & 1 ? -value : value;
      means[(y & 1) * 2 + (x & 1)]! += value;
    }
    columnEnergy += alternating * alternating;
  }
  let [rowEnergy, corner] = [0, 0];
  byColumn.forEach((sum, x) => {
    rowEnergy += sum * sum;
    corner += x & 1 ? -sum : sum;
  });
  const size = height * width;
  const parities = means.reduce((sum, one) => sum + ((4 * one) / size) ** 2, 0) / 4;
  // The corner lies on both.
  const high = height * columnEnergy + width * rowEnergy - corner * corner;
  return { high, total: size * square, parities, variance: square / size };
}

function meanOf(plane: Plane, height: number, width: number): number {
  let sum = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += plane.values[y * plane.width + x]!;
  return sum / (height * width);
}
