// What is drawn on a chart beside its lines: the band between min and max of each bucket, reference lines, the steps
// where forks left their parents, and marks where values were NaN or infinite.

import type { Chart } from 'chart.js';
import { fade } from './palette.ts';
import { clipToArea, fillColumns, hasWholePixels } from './pixel-columns.ts';
import type { Curve, Drawing } from './plot.ts';

export function drawBands(chart: Chart, drawing: Drawing): void {
  const context = chart.ctx;
  context.save();
  clipToArea(chart);
  for (const curve of drawing.curves) {
    if (!curve.columns.bucketed) continue;
    context.fillStyle = fade(curve.colour, curve.isFaded ? 0.03 : drawing.curves.length > 4 ? 0.08 : 0.16);
    fillBand(chart, curve);
  }
  context.restore();
}

/** One closed shape for each stretch of buckets that hold finite values. */
function fillBand(chart: Chart, curve: Curve): void {
  const { min, max } = curve.columns;
  const places = curve.x;
  const x = chart.scales['x']!;
  const y = chart.scales['y']!;
  const floor = chart.chartArea.bottom;
  // Zero and below lie under a logarithmic axis.
  const pixel = (value: number): number => {
    const found = y.getPixelForValue(value);
    return Number.isFinite(found) ? found : floor;
  };
  let start = 0;
  while (start < places.length) {
    if (Number.isNaN(min[start]!)) {
      start++;
      continue;
    }
    let end = start;
    while (end < places.length && !Number.isNaN(min[end]!)) end++;
    const edges = Array.from({ length: end - start }, (_, at): Edge => {
      const index = start + at;
      return { x: x.getPixelForValue(places[index]!), top: pixel(max[index]!), bottom: pixel(min[index]!) };
    });
    fillEdges(chart, edges);
    start = end;
  }
}

/** Of the band, at one bucket. */
interface Edge {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

function fillEdges(chart: Chart, edges: readonly Edge[]): void {
  const upper = edges.map(({ x, top }) => ({ x, y: top }));
  const lower = edges.map(({ x, bottom }) => ({ x, y: bottom }));
  // About a bucket a pixel.
  if (hasWholePixels(chart) && 2 * edges.length > edges.at(-1)!.x - edges[0]!.x) {
    fillColumns(chart, upper, lower, 0);
    return;
  }
  const context = chart.ctx;
  context.beginPath();
  for (const { x, y } of [...upper, ...lower.toReversed()]) context.lineTo(x, y);
  context.fill();
}

export function drawReferenceLines(chart: Chart, drawing: Drawing): void {
  const context = chart.ctx;
  const { left, right } = chart.chartArea;
  context.save();
  context.strokeStyle = fade(drawing.palette.muted, 0.75);
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  for (const { y } of visibleReferences(chart, drawing)) {
    context.beginPath();
    context.moveTo(left, Math.round(y) + 0.5);
    context.lineTo(right, Math.round(y) + 0.5);
    context.stroke();
  }
  context.restore();
}

/** At the left, where the oldest values are: a label must not hide the newest. */
export function drawReferenceLabels(chart: Chart, drawing: Drawing): void {
  const context = chart.ctx;
  const { left, top } = chart.chartArea;
  context.save();
  context.font = `10px ${drawing.palette.font}`;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = drawing.palette.surface;
  context.fillStyle = drawing.palette.text;
  for (const { y, label } of visibleReferences(chart, drawing)) {
    const baseline = y - 4 < top + 8 ? y + 11 : y - 4;
    context.strokeText(label, left + 4, baseline);
    context.fillText(label, left + 4, baseline);
  }
  context.restore();
}

/** From top to bottom, in the colour of the fork. */
export function drawBranchLines(chart: Chart, drawing: Drawing): void {
  const context = chart.ctx;
  const { top, bottom } = chart.chartArea;
  context.save();
  context.lineWidth = 1;
  context.setLineDash([6, 3]);
  for (const { x, colour } of visibleBranches(chart, drawing)) {
    context.strokeStyle = fade(colour, 0.8);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, bottom);
    context.stroke();
  }
  context.restore();
}

/** At the head of its line, on the side where there is room. */
export function drawBranchLabels(chart: Chart, drawing: Drawing): void {
  const context = chart.ctx;
  context.save();
  context.font = `10px ${drawing.palette.font}`;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = drawing.palette.surface;
  context.fillStyle = drawing.palette.text;
  for (const { x, label } of visibleBranches(chart, drawing)) {
    const isRoomRight = x + 6 + context.measureText(label).width < chart.chartArea.right;
    context.textAlign = isRoomRight ? 'left' : 'right';
    const start = isRoomRight ? x + 4 : x - 4;
    context.strokeText(label, start, chart.chartArea.top + 9);
    context.fillText(label, start, chart.chartArea.top + 9);
  }
  context.restore();
}

function visibleBranches(chart: Chart, drawing: Drawing): readonly { x: number; label: string; colour: string }[] {
  const { left, right } = chart.chartArea;
  return drawing.branches
    .map(({ step, ...rest }) => ({ ...rest, x: Math.round(chart.scales['x']!.getPixelForValue(step)) + 0.5 }))
    .filter(({ x }) => x >= left && x <= right);
}

function visibleReferences(chart: Chart, drawing: Drawing): readonly { readonly y: number; readonly label: string }[] {
  const { top, bottom } = chart.chartArea;
  return drawing.references
    .map(({ value, label }) => ({ y: chart.scales['y']!.getPixelForValue(value), label }))
    .filter(({ y }) => y >= top && y <= bottom);
}

/** A triangle on the x axis for each entry with non-finite values, in the colour of danger. */
export function drawNonFinite(chart: Chart, drawing: Drawing): void {
  const context = chart.ctx;
  const { left, right, bottom } = chart.chartArea;
  context.save();
  context.fillStyle = drawing.palette.danger;
  for (const { columns, x: places } of drawing.curves) {
    let lastDrawn = -Infinity;
    for (let index = 0; index < places.length; index++) {
      if (columns.nonFinite[index] === 0) continue;
      const x = chart.scales['x']!.getPixelForValue(places[index]!);
      // A run that diverged is non-finite to its end: marks one on another say nothing more.
      if (x < left - 1 || x > right + 1 || x - lastDrawn < 5) continue;
      lastDrawn = x;
      context.beginPath();
      context.moveTo(x, bottom - 8);
      context.lineTo(x - 4, bottom);
      context.lineTo(x + 4, bottom);
      context.fill();
    }
  }
  context.restore();
}
