// How the lines of a chart are painted. A painter without a graphics card takes the longer the more bends of one path stand side
// by side: eight noisy lines of 570 points take 56 ms as eight paths, 10 ms in pieces, and 3.5 ms as rectangles of pixels.

import type { Chart, LineElement } from 'chart.js';
import { clipToArea, fillColumns, hasWholePixels, type Place } from './pixel-columns.ts';

/** Points of a piece. */
const PIECE = 32;

/** In place of chart.js's own drawing, which false prevents; short lines and single points are left to it. */
export function drawLine(chart: Chart, line: LineElement | undefined): false | void {
  if (!line || line.points.length <= PIECE) return;
  const { ctx: context, chartArea, currentDevicePixelRatio: ratio } = chart;
  const { borderColor, borderWidth, borderDash, borderJoinStyle } = line.options;
  const points = line.points as readonly Place[];
  const isDense = points.length > ratio * (chartArea.right - chartArea.left);
  const isByPixel = isDense && hasWholePixels(chart) && borderDash.length === 0;
  // Thin paths are quick, and where a line is translucent the ends of its pieces would show.
  if (!isByPixel && borderWidth <= 1) return;
  context.save();
  clipToArea(chart);
  context.fillStyle = borderColor;
  context.strokeStyle = borderColor;
  context.lineWidth = borderWidth;
  context.lineJoin = borderJoinStyle;
  context.setLineDash(borderDash);
  for (const { start, end } of line.segments) {
    const stretch = points.slice(start, end + 1);
    if (isByPixel) fillColumns(chart, stretch, stretch, borderWidth / 2);
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
