// How the lines of a chart are painted. A painter without a graphics card takes the longer the more bends of one path stand side
// by side: eight noisy lines of 570 points take 56 ms as eight paths, 10 ms in pieces, and 3.5 ms as rectangles of pixels.

import type { Chart, LineElement } from 'chart.js';

/** Points of a piece. */
const PIECE = 32;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** In place of chart.js's own drawing, which false prevents; short lines and single points are left to it. */
export function drawLine(chart: Chart, line: LineElement | undefined): false | void {
  if (!line || line.points.length <= PIECE) return;
  const { ctx: context, chartArea, currentDevicePixelRatio: ratio } = chart;
  const { borderColor, borderWidth, borderDash, borderJoinStyle } = line.options;
  const points = line.points as readonly Place[];
  // Pixels of the page that are no whole number of the screen's would show as stripes.
  const isDense = points.length > ratio * (chartArea.right - chartArea.left) && Number.isInteger(ratio);
  const isByPixel = isDense && borderDash.length === 0;
  // Thin paths are quick, and where a line is translucent the ends of its pieces would show.
  if (!isByPixel && borderWidth <= 1) return;
  context.save();
  context.beginPath();
  context.rect(chartArea.left, chartArea.top, chartArea.right - chartArea.left, chartArea.bottom - chartArea.top);
  context.clip();
  context.fillStyle = borderColor;
  context.strokeStyle = borderColor;
  context.lineWidth = borderWidth;
  context.lineJoin = borderJoinStyle;
  context.setLineDash(borderDash);
  const lines = line.segments.map(({ start, end }) => points.slice(start, end + 1));
  for (const stretch of lines) {
    if (isByPixel) fillPixels(context, stretch, { ...chartArea, width: borderWidth, ratio });
    else strokePieces(context, stretch);
  }
  context.restore();
  return false;
}

function strokePieces(context: CanvasRenderingContext2D, points: readonly Place[]): void {
  let length = 0;
  for (let from = 0; from + 1 < points.length; from += PIECE) {
    const piece = points.slice(from, from + PIECE + 1);
    // The dashes go on where the piece before has ended.
    context.lineDashOffset = length;
    context.beginPath();
    for (const [at, { x, y }] of piece.entries()) {
      context.lineTo(x, y);
      if (at > 0) length += Math.hypot(x - piece[at - 1]!.x, y - piece[at - 1]!.y);
    }
    context.stroke();
  }
}

interface PixelStyle extends Range {
  readonly width: number;
  /** Pixels of the screen in one of the page. */
  readonly ratio: number;
}

/** One rectangle a column of the screen's pixels, from the highest to the lowest place of the line in it. */
function fillPixels(
  context: CanvasRenderingContext2D,
  points: readonly Place[],
  { left, right, width, ratio }: PixelStyle,
): void {
  const { first, tops, bottoms } = columnsOf(points, { left: left * ratio, right: right * ratio }, ratio);
  for (let at = 0; at < tops.length; at++) {
    const [top, bottom] = [tops[at]!, bottoms[at]!];
    if (top <= bottom) context.fillRect((first + at) / ratio, top - width / 2, 1 / ratio, bottom - top + width);
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
