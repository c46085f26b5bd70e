// The density that points were drawn from, estimated with Gaussian kernels at the places of a picture.

/**
 * Density at each place of `xs` (and of each row of `ys`, in two dimensions; x fastest). The width of the kernels is
 * Scott's, n^(-1/(d+4)) times each axis' deviation (Scott 1992), but never below the distance of two places, so that
 * a collapsed generator is a spot that can be seen.
 */
export function estimateDensity(points: ArrayLike<number>, xs: Float32Array, ys?: Float32Array): Float64Array {
  const dimensions = ys ? 2 : 1;
  const count = points.length / dimensions;
  const onX = kernels(points, 0, dimensions, xs);
  if (!ys) return averaged(onX, xs.length, count);
  const onY = kernels(points, 1, dimensions, ys);
  const result = new Float64Array(xs.length * ys.length);
  for (let at = 0; at < count; at++) {
    for (let row = 0; row < ys.length; row++) {
      const weight = onY[at * ys.length + row]! / count;
      if (weight < 1e-12) continue;
      for (let column = 0; column < xs.length; column++) {
        result[row * xs.length + column]! += weight * onX[at * xs.length + column]!;
      }
    }
  }
  return result;
}

/** Kernel of each point on one axis at each place. */
function kernels(points: ArrayLike<number>, axis: number, dimensions: number, places: Float32Array): Float64Array {
  const count = points.length / dimensions;
  const values = Float64Array.from({ length: count }, (_, at) => points[at * dimensions + axis]!);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const width = Math.max(deviation * count ** (-1 / (dimensions + 4)), Math.abs(places[1]! - places[0]!));
  const result = new Float64Array(count * places.length);
  values.forEach((value, at) =>
    places.forEach((place, index) => {
      const off = (place - value) / width;
      result[at * places.length + index] = Math.exp(-0.5 * off * off) / (width * Math.sqrt(2 * Math.PI));
    }),
  );
  return result;
}

function averaged(values: Float64Array, width: number, count: number): Float64Array {
  const result = new Float64Array(width);
  values.forEach((value, at) => (result[at % width]! += value / count));
  return result;
}
