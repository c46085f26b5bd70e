// Lines and bands as columns of the screen's pixels, a rectangle each: what is denser than pixels is painted many times as quickly as by
// paths where there is no graphics card, and looks the same.

import type { Chart } from 'chart.js';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Pixels of the page that are no whole number of the screen's would show as stripes. */
export const hasWholePixels = (chart: Chart): boolean => Number.isInteger(chart.currentDevicePixelRatio);

/** For the caller to save and restore. */
export function clipToArea({ ctx: context, chartArea: { left, top, right, bottom } }: Chart): void {
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
}

/** Fills from `upper` down to `lower`, lines of the same x, and `more` above and below, in the colour that the canvas has. */
export function fillColumns(chart: Chart, upper: readonly Place[], lower: readonly Place[], more: number): void {
  const { ctx: context, chartArea, currentDevicePixelRatio: ratio } = chart;
  const range = { left: chartArea.left * ratio, right: chartArea.right * ratio };
  const { first, tops, bottoms: upperBottoms } = columnsOf(upper, range, ratio);
  const bottoms = lower === upper ? upperBottoms : columnsOf(lower, range, ratio).bottoms;
  for (let at = 0; at < tops.length; at++) {
    const [top, bottom] = [tops[at]!, bottoms[at]!];
    if (top <= bottom) context.fillRect((first + at) / ratio, top - more, 1 / ratio, bottom - top + 2 * more);
  }
}

interface Range {
  readonly left: number;
  readonly right: number;
}

/** Of each column of pixels from `first` on; a column without the line has its top below its bottom. */
export interface LineColumns {
  readonly first: number;
  readonly tops: Float64Array;
  readonly bottoms: Float64Array;
}

/** Where the line through all points, whose x never fall, runs in each column between both ends; `scale` columns are 1 of x. */
export function columnsOf(points: readonly Place[], { left, right }: Range, scale: number): LineColumns {
  const first = Math.floor(left);
  const count = Math.max(0, Math.ceil(right) - first);
  const tops = new Float64Array(count).fill(Infinity);
  const bottoms = new Float64Array(count).fill(-Infinity);
  const reach = (column: number, y: number): void => {
    if (column < 0 || column >= count) return;
    if (y < tops[column]!) tops[column] = y;
    if (y > bottoms[column]!) bottoms[column] = y;
  };
  let from = points[0]!;
  for (const to of points) {
    const [start, end] = [Math.floor(from.x * scale) - first, Math.floor(to.x * scale) - first];
    reach(start, from.y);
    // Where it crosses from one column into the next, it is in both.
    for (let column = Math.max(0, start + 1); column <= Math.min(count, end); column++) {
      const y = from.y + ((to.y - from.y) * ((column + first) / scale - from.x)) / (to.x - from.x);
      reach(column - 1, y);
      reach(column, y);
    }
    reach(end, to.y);
    from = to;
  }
  return { first, tops, bottoms };
}
