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
