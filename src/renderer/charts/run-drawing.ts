// Draws many runs on a canvas, as lines through parallel axes or as points, and finds the one under the pointer. Places are in
// [0, 1] from the low end of an axis; a run without a value on an axis has no line there.

import { fade, type Palette } from './palette.ts';
import type { Tick } from './value-axis.ts';

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Runs as every drawing takes them: one colour each, and which of them stand back. */
export interface RunInk {
  readonly colours: readonly string[];
  /** Null where all stand in front. */
  readonly front: readonly boolean[] | null;
}

export interface Lines extends RunInk {
  readonly frame: Frame;
  /** x of each axis in pixels, ascending. */
  readonly across: readonly number[];
  /** Places of all runs, an entry an axis. */
  readonly places: readonly Float64Array[];
}

export interface Points extends RunInk {
  readonly frame: Frame;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const yOf = ({ top, height }: Frame, place: number): number => top + (1 - place) * height;
const xOf = ({ left, width }: Frame, place: number): number => left + place * width;

/** The more lines, the thinner each: a thousand must still show where they run together. */
function alphaFor(count: number): number {
  return Math.min(0.9, Math.max(0.28, 9 / Math.sqrt(Math.max(1, count))));
}

/** Above so many, lines are drawn one pixel of the screen wide and in segments: a canvas without a graphics card is then five times as fast. */
const MANY = 300;

/** The runs in front, each in its colour. */
export function drawLines(context: CanvasRenderingContext2D, lines: Lines): void {
  const { colours, front } = lines;
  const count = front ? front.filter(Boolean).length : colours.length;
  const alpha = alphaFor(count);
  setWidth(context, count);
  for (let index = 0; index < colours.length; index++) {
    if (front && !front[index]) continue;
    traceLine(context, lines, index, fade(colours[index]!, alpha), 2);
  }
}

/** All runs in one faint colour, to lie under those in front: drawn once, however often these change. */
export function drawGround(context: CanvasRenderingContext2D, lines: Lines, palette: Palette): void {
  setWidth(context, Infinity);
  for (let index = 0; index < lines.colours.length; index++) traceLine(context, lines, index, palette.grid, 1);
}

function setWidth(context: CanvasRenderingContext2D, count: number): void {
  context.lineWidth = count > MANY ? 1 / window.devicePixelRatio : 1.25;
}

/** Through the axes where the run has a value; one alone between two gaps is a dot. */
function traceLine(
  context: CanvasRenderingContext2D,
  { frame, across, places }: Omit<Lines, keyof RunInk>,
  index: number,
  colour: string,
  dot: number,
): void {
  const hasPlace = (axis: number): boolean => !Number.isNaN(places[axis]?.[index] ?? Number.NaN);
  context.strokeStyle = colour;
  context.beginPath();
  for (let axis = 0; axis < across.length; axis++) {
    if (!hasPlace(axis)) continue;
    const [x, y] = [across[axis]!, yOf(frame, places[axis]![index]!)];
    if (hasPlace(axis - 1)) {
      context.moveTo(across[axis - 1]!, yOf(frame, places[axis - 1]![index]!));
      context.lineTo(x, y);
    } else if (!hasPlace(axis + 1)) {
      context.fillStyle = colour;
      context.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
    }
  }
  context.stroke();
}

/** The one line again, above all others. */
export function drawLine(context: CanvasRenderingContext2D, lines: Lines, index: number, palette: Palette): void {
  for (const [colour, width] of [
    [palette.surface, 6],
    [lines.colours[index]!, 2.5],
  ] as const) {
    context.lineWidth = width;
    traceLine(context, lines, index, colour, width + 1);
  }
  context.fillStyle = lines.colours[index]!;
  for (const [axis, x] of lines.across.entries()) {
    context.beginPath();
    context.arc(x, yOf(lines.frame, lines.places[axis]![index]!), 3.5, 0, 2 * Math.PI);
    if (!Number.isNaN(lines.places[axis]![index]!)) context.fill();
  }
}

/** The line nearest to a point, at most `reach` pixels above or below it; -1 for none. Those that stand back are not found. */
export function nearestLine(lines: Lines, x: number, y: number, reach: number): number {
  const { across, places, frame, front } = lines;
  const right = across.findIndex((at) => at >= x);
  let [best, least] = [-1, reach];
  for (let index = 0; index < lines.colours.length; index++) {
    if (front && !front[index]) continue;
    const distance = right === 0 || right === -1 ? distanceAt(lines, index, right, x, y) : between(index);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;

  function between(index: number): number {
    const [from, to] = [places[right - 1]![index]!, places[right]![index]!];
    const [start, end] = [across[right - 1]!, across[right]!];
    if (Number.isNaN(from) || Number.isNaN(to)) {
      return distanceAt(lines, index, x - start < end - x ? right - 1 : right, x, y);
    }
    const share = (x - start) / (end - start);
    const slope = ((to - from) * frame.height) / (end - start);
    // A steep line is as near as it looks, not as far as it is below.
    return Math.abs(yOf(frame, from + share * (to - from)) - y) / Math.hypot(1, slope);
  }
}

/** To the run's place on an axis itself; `axis` -1 is the last. */
function distanceAt({ across, places, frame }: Lines, index: number, axis: number, x: number, y: number): number {
  const place = places.at(axis)?.[index] ?? Number.NaN;
  return Number.isNaN(place) ? Infinity : Math.hypot(across.at(axis)! - x, yOf(frame, place) - y);
}

const POINT = 4;

/** Those that stand back first, so that the others lie above them. */
export function drawPoints(context: CanvasRenderingContext2D, points: Points, palette: Palette): void {
  const { colours, front } = points;
  const radius = colours.length > 500 ? POINT - 1 : POINT;
  const alpha = Math.min(1, 1.5 * alphaFor(front ? front.filter(Boolean).length : colours.length));
  const dot = (index: number, colour: string): void => {
    const { x, y } = pointOf(points, index);
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  };
  const back = fade(palette.muted, 0.15);
  for (let index = 0; front && index < colours.length; index++) if (!front[index]) dot(index, back);
  for (let index = 0; index < colours.length; index++) {
    if (!front || front[index]) dot(index, fade(colours[index]!, alpha));
  }
}

export function drawPoint(context: CanvasRenderingContext2D, points: Points, index: number, palette: Palette): void {
  const { x, y } = pointOf(points, index);
  if (Number.isNaN(x) || Number.isNaN(y)) return;
  context.beginPath();
  context.arc(x, y, POINT + 2.5, 0, 2 * Math.PI);
  context.fillStyle = points.colours[index]!;
  context.strokeStyle = palette.text;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}

/** In pixels; NaN for a run without one of the values. */
export function pointOf({ frame, x, y }: Points, index: number): { readonly x: number; readonly y: number } {
  return { x: xOf(frame, x[index]!), y: yOf(frame, y[index]!) };
}

/** The point nearest to the pointer, at most `reach` pixels away; -1 for none. Those that stand back are not found. */
export function nearestPoint(points: Points, x: number, y: number, reach: number): number {
  let [best, least] = [-1, reach];
  for (let index = 0; index < points.colours.length; index++) {
    if (points.front && !points.front[index]) continue;
    const at = pointOf(points, index);
    const distance = Math.hypot(at.x - x, at.y - y);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/** A vertical axis with its numbers at the right, over the lines: each number stands on a ground of its own. */
export function drawAxis(
  context: CanvasRenderingContext2D,
  { x, frame, ticks, widest }: { x: number; frame: Frame; ticks: readonly Tick[]; widest: number },
  palette: Palette,
): void {
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, frame.top);
  context.lineTo(Math.round(x) + 0.5, frame.top + frame.height);
  context.stroke();
  context.font = `10.5px ${palette.font}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  for (const { place, label } of ticks) {
    const y = yOf(frame, place);
    const shown = shorten(context, label, widest);
    context.fillStyle = palette.muted;
    context.fillRect(x - 2, Math.round(y), 5, 1);
    context.strokeStyle = palette.surface;
    context.strokeText(shown, x + 6, y);
    context.fillStyle = palette.text;
    context.fillText(shown, x + 6, y);
  }
}

/** Grid, numbers at the left and below. */
export function drawPlane(
  context: CanvasRenderingContext2D,
  { frame, x, y }: { readonly frame: Frame; readonly x: readonly Tick[]; readonly y: readonly Tick[] },
  palette: Palette,
): void {
  const [left, bottom] = [frame.left, frame.top + frame.height];
  context.font = `10.5px ${palette.font}`;
  context.fillStyle = palette.grid;
  for (const { place } of x) context.fillRect(Math.round(xOf(frame, place)), frame.top, 1, frame.height);
  for (const { place } of y) context.fillRect(left, Math.round(yOf(frame, place)), frame.width, 1);
  context.fillStyle = palette.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { place, label } of y) context.fillText(shorten(context, label, left - 28), left - 13, yOf(frame, place));
  context.textBaseline = 'top';
  context.textAlign = 'center';
  const room = frame.width / Math.max(1, x.length) - 6;
  for (const { place, label } of x)
    context.fillText(shorten(context, label, Math.max(40, room)), xOf(frame, place), bottom + 11);
}

function shorten(context: CanvasRenderingContext2D, label: string, widest: number): string {
  if (context.measureText(label).width <= widest) return label;
  let length = label.length - 1;
  while (length > 1 && context.measureText(`${label.slice(0, length)}…`).width > widest) length -= 1;
  return `${label.slice(0, length)}…`;
}

/** Of the size it has on the screen, sharp, empty. */
export function clearCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
