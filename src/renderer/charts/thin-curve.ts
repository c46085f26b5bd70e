// A curve with no more entries than the chart has pixels across: more cannot be seen, and painting them is most of what a chart
// that grows costs without a graphics card.

import { joinEntries, lastOfEach } from './columns.ts';
import type { Extent } from './extent.ts';
import type { Curve } from './plot.ts';

/**
 * Entries of buckets that stand in the same pixel become one, with the band of all of them and the line of the last. Single points
 * are left as they are: each is on the line, and a spike among them must stay there. `width` in pixels for the range `x`.
 */
export function thinCurve(curve: Curve, x: Extent, width: number): Curve {
  const { columns, x: places, smoothed } = curve;
  if (!columns.bucketed || places.length <= width) return curve;
  const perPixel = (x.max - x.min) / width || 1;
  const ends = lastOfEach(places.length, (at) => Math.floor((places[at]! - x.min) / perPixel));
  return {
    ...curve,
    x: Float64Array.from(ends, (end) => places[end]!),
    smoothed: smoothed && Float64Array.from(ends, (end) => smoothed[end]!),
    columns: joinEntries(columns, ends),
  };
}

/**
 * Indices, rising, of the values of a line that are to be painted: those of the least and the greatest one in each pixel, so that every spike
 * stays; all where they are not many more than pixels. What is not finite is left out of a pixel that has other values.
 */
export function thinLine(x: Float64Array, values: ArrayLike<number>, range: Extent, width: number): readonly number[] {
  if (x.length <= 2 * width) return Array.from(x, (_, index) => index);
  const perPixel = (range.max - range.min) / width || 1;
  const kept: number[] = [];
  let start = 0;
  for (const end of lastOfEach(x.length, (at) => Math.floor((x[at]! - range.min) / perPixel))) {
    let [least, most] = [start, start];
    for (let at = start; at <= end; at++) {
      if (!Number.isFinite(values[at])) continue;
      if (!(values[at]! >= values[least]!)) least = at;
      if (!(values[at]! <= values[most]!)) most = at;
    }
    kept.push(Math.min(least, most));
    if (least !== most) kept.push(Math.max(least, most));
    start = end + 1;
  }
  return kept;
}
