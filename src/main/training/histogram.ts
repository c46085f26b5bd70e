// The distribution of a set of values: its ends, and how many lie in each of so many equal parts between them. The
// parts follow the values, so that logits near 0 and logits near 100 are seen equally well.

import { HISTOGRAM_BUCKETS, type Histogram } from '../../shared/series.ts';

/** What is not finite is only counted. */
export function histogramOf(values: Float32Array): Histogram {
  let [min, max, nonFinite] = [Infinity, -Infinity, 0];
  for (const value of values) {
    // Not finite: the difference is NaN.
    if (value - value !== 0) nonFinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const counts = new Uint32Array(HISTOGRAM_BUCKETS);
  if (nonFinite === values.length) return { min: NaN, max: NaN, nonFinite, counts };
  const scale = max > min ? HISTOGRAM_BUCKETS / (max - min) : 0;
  for (const value of values) {
    // The greatest value belongs to the last part.
    if (value - value === 0) counts[Math.min(HISTOGRAM_BUCKETS - 1, Math.floor((value - min) * scale))]!++;
  }
  return { min, max, nonFinite, counts };
}
