// Recorded distributions as CSV: one line for each part of each step's range, and one for what was not finite.

import { HISTOGRAM_BUCKETS as BUCKETS, type Histograms } from '../../shared/series.ts';

export const HISTOGRAM_CSV_HEADER = 'step,bin_low,bin_high,count';

/**
 * `parts` in order of step, none of their rows merged. Borders have twelve significant digits, more than the 32-bit floats that
 * the ends of the range are recorded as; a step whose values are all the same has one line; what was NaN or infinite is a line with
 * NaN for its borders. Lines end with a line feed.
 */
export function histogramCsv(parts: readonly Histograms[]): string {
  const lines = [HISTOGRAM_CSV_HEADER];
  for (const { steps, min, max, nonFinite, counts } of parts) {
    steps.forEach((step, row) => {
      const [low, high] = [min[row]!, max[row]!];
      const border = (index: number): number => Number((low + (index * (high - low)) / BUCKETS).toPrecision(12));
      const bins = Number.isNaN(low) ? 0 : low === high ? 1 : BUCKETS;
      for (let bin = 0; bin < bins; bin++) {
        const end = bins === 1 ? border(0) : border(bin + 1);
        lines.push(`${step},${border(bin)},${end},${counts[row * BUCKETS + bin]}`);
      }
      if (nonFinite[row]! > 0) lines.push(`${step},NaN,NaN,${nonFinite[row]}`);
    });
  }
  return `${lines.join('\n')}\n`;
}
