// The layer over a chart that moves with the pointer: crosshair, the step bar's place, the stretch being brushed.
// A canvas of its own, so that moving the pointer never draws a curve again.

import type { Curve, Plot } from './plot.ts';
import { formatX, type XAxis } from './axis.ts';
import { nearestIndex } from './columns.ts';
import { fade, type Palette } from './palette.ts';

export interface OverlayState {
  readonly axis: XAxis;
  /** On the x axis, as is the mark. */
  readonly hover: number | null;
  readonly marked: number | null;
  readonly brush: { readonly from: number; readonly to: number } | null;
}

export function drawOverlay(
  canvas: HTMLCanvasElement,
  plot: Plot,
  curves: readonly Curve[],
  palette: Palette,
  state: OverlayState,
): void {
  const ratio = window.devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const { left, right, top, bottom } = plot.area;
  if (state.brush) {
    const from = Math.max(left, Math.min(state.brush.from, state.brush.to));
    const to = Math.min(right, Math.max(state.brush.from, state.brush.to));
    context.fillStyle = fade(palette.accent, 0.18);
    context.fillRect(from, top, to - from, bottom - top);
  }
  const line = (place: number, colour: string, dash: number[]): void => {
    const x = Math.round(plot.pixelOfX(place)) + 0.5;
    if (x < left - 1 || x > right + 1) return;
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, bottom);
    context.stroke();
  };
  if (state.marked !== null) line(state.marked, fade(palette.accent, 0.8), [2, 3]);
  if (state.hover === null) return;
  line(state.hover, fade(palette.muted, 0.7), []);
  writePlace(context, plot, palette, { x: state.hover, axis: state.axis });
  context.setLineDash([]);
  for (const curve of curves) {
    const index = nearestIndex(curve.x, state.hover);
    if (index === -1 || curve.isFaded) continue;
    const x = plot.pixelOfX(curve.x[index]!);
    const y = plot.pixelOfValue((curve.smoothed ?? curve.columns.last)[index]!);
    if (!(x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1)) continue;
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fillStyle = curve.colour;
    context.strokeStyle = palette.surface;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
    context.lineWidth = 1;
  }
}

/** The place of the crosshair, on the axis, over the tick that may stand there. */
function writePlace(
  context: CanvasRenderingContext2D,
  plot: Plot,
  palette: Palette,
  place: { readonly x: number; readonly axis: XAxis },
): void {
  const { left, right, bottom } = plot.area;
  const label = formatX(place.axis, place.x);
  context.font = `600 10.5px ${palette.font}`;
  context.textAlign = 'center';
  const width = context.measureText(label).width + 8;
  const x = Math.min(right + 8 - width / 2, Math.max(left + width / 2, plot.pixelOfX(place.x)));
  context.fillStyle = palette.surface;
  context.fillRect(x - width / 2, bottom + 2, width, 16);
  context.fillStyle = palette.text;
  context.fillText(label, x, bottom + 14);
}
