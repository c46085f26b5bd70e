// Exponential moving average with the start-up bias removed, as TensorBoard draws it:
// s <- w s + (1 - w) x, shown s / (1 - w^t). From w = 0.6 and 0, 1, 1 come 0, 0.625, 0.816327.

/**
 * Smooths `values` with weight `weight` in [0, 1). Non-finite values stay where they are and leave the average
 * untouched, so that one NaN does not swallow the rest of the curve.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const result = new Float64Array(values.length);
  let average = 0;
  let remaining = 1;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) {
      result[index] = value;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    result[index] = average / (1 - remaining);
  }
  return result;
}
