// Draws distributions over steps on a canvas: as a heat-map, where each row of the answer is a column of colours, or as
// ridges, where some of them are outlines one behind the other.

import { HISTOGRAM_BUCKETS as BUCKETS, type Histograms } from '../../shared/series.ts';
import { fade } from './palette.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Of all values; equal ends are moved apart. Null where nothing is finite. */
export function valueRange({ min, max }: Histograms): Range | null {
  const least = min.reduce((one, other) => (other < one ? other : one), Infinity);
  const greatest = max.reduce((one, other) => (other > one ? other : one), -Infinity);
  if (!(least <= greatest)) return null;
  const room = least === greatest ? Math.max(Math.abs(least) * 0.1, 0.1) : 0;
  return { min: least - room, max: greatest + room };
}

/** Index of the row that shows a step: the one it belongs to, else the last before it; -1 before the first. */
export function rowOf({ steps }: Histograms, step: number): number {
  const at = steps.findIndex((last) => last >= step);
  return at === -1 ? steps.length - 1 : at;
}

/** Share of a row's values in each part, of its fullest part: 0 to 1. */
export function shapeOf({ counts }: Histograms, row: number): Float32Array {
  const own = counts.subarray(row * BUCKETS, (row + 1) * BUCKETS);
  const most = own.reduce((one, other) => Math.max(one, other), 0);
  return own.map((count) => (most === 0 ? 0 : count / most));
}

export interface Scene {
  readonly context: CanvasRenderingContext2D;
  readonly box: Box;
  readonly histograms: Histograms;
  readonly range: Range;
  /** Last step of the x axis. */
  readonly end: number;
  readonly colour: string;
  readonly line: string;
}

const xOf = ({ box, end }: Scene, step: number): number => box.left + (step / Math.max(end, 1)) * box.width;
const yOf = ({ box, range }: Scene, value: number): number =>
  box.top + (1 - (value - range.min) / (range.max - range.min)) * box.height;

export function drawHeatMap(scene: Scene): void {
  const { context, histograms, colour, box } = scene;
  const { steps, min, max } = histograms;
  // The root makes thin tails visible.
  const tones = Array.from({ length: 65 }, (_, at) => fade(colour, Math.sqrt(at / 64)));
  steps.forEach((step, row) => {
    const left = Math.floor(xOf(scene, rowStart(steps, row)));
    const right = Math.min(box.left + box.width, Math.max(left + 1, Math.floor(xOf(scene, step))));
    const [low, high] = [min[row]!, max[row]!];
    shapeOf(histograms, row).forEach((share, part) => {
      if (share === 0) return;
      const top = yOf(scene, low + ((part + 1) * (high - low)) / BUCKETS);
      const bottom = yOf(scene, low + (part * (high - low)) / BUCKETS);
      context.fillStyle = tones[Math.round(share * 64)]!;
      context.fillRect(left, Math.floor(top), right - left, Math.max(1, Math.ceil(bottom) - Math.floor(top)));
    });
  });
}

/** The step where a row begins: where the one before it ends; the first is as wide as the second. */
export function rowStart(steps: Float64Array, row: number): number {
  if (row > 0) return steps[row - 1]!;
  return steps.length > 1 ? Math.max(0, 2 * steps[0]! - steps[1]!) : 0;
}

const RIDGES = 16;

/** Rows that are drawn as ridges: the first, the last, and some evenly between. */
export function ridgeRows(rows: number): readonly number[] {
  const count = Math.min(RIDGES, rows);
  return Array.from({ length: count }, (_, at) => Math.round((at * (rows - 1)) / Math.max(1, count - 1)));
}

/** The newest lies in front, at the bottom; values run from left to right. */
export function drawRidges({ context, box, histograms, range, colour, line }: Scene): void {
  const rows = ridgeRows(histograms.steps.length);
  const height = box.height / (rows.length + 2);
  rows.forEach((row, at) => {
    const base = box.top + (at + 3) * height;
    drawRidge(context, histograms, row, {
      x: (value) => box.left + ((value - range.min) / (range.max - range.min)) * box.width,
      y: (share) => base - share * 2.6 * height,
    });
    context.fillStyle = fade(colour, 0.25 + (0.5 * at) / rows.length);
    context.fill();
    context.strokeStyle = line;
    context.stroke();
  });
}

interface RidgeScale {
  x(value: number): number;
  y(share: number): number;
}

function drawRidge(context: CanvasRenderingContext2D, histograms: Histograms, row: number, { x, y }: RidgeScale): void {
  const [low, high] = [histograms.min[row]!, histograms.max[row]!];
  context.beginPath();
  context.moveTo(x(low), y(0));
  shapeOf(histograms, row).forEach((share, part) => {
    context.lineTo(x(low + ((part + 0.5) * (high - low)) / BUCKETS), y(share));
  });
  context.lineTo(x(high), y(0));
}

/** The row of the marked step, at the side of a heat-map: bars from the left. */
export function drawProfile(scene: Scene, row: number, side: Box): void {
  const { context, histograms, colour } = scene;
  const [low, high] = [histograms.min[row]!, histograms.max[row]!];
  context.fillStyle = colour;
  shapeOf(histograms, row).forEach((share, part) => {
    const top = yOf(scene, low + ((part + 1) * (high - low)) / BUCKETS);
    const bottom = yOf(scene, low + (part * (high - low)) / BUCKETS);
    context.fillRect(side.left, top, share * side.width, Math.max(1, bottom - top - 0.5));
  });
}

export function drawMark(scene: Scene, step: number): void {
  const { context, box, line } = scene;
  const x = Math.round(xOf(scene, step)) + 0.5;
  context.strokeStyle = line;
  context.beginPath();
  context.moveTo(x, box.top);
  context.lineTo(x, box.top + box.height);
  context.stroke();
}
