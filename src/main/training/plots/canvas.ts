// A picture drawn pixel by pixel, for what is no image of a network: points, curves, maps. The plane's y axis points
// up; places outside the picture are left out.

export type Colour = readonly [red: number, green: number, blue: number];

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Rows of RGB bytes. */
  readonly pixels: Uint8Array;
  /** The part of the plane that is shown. */
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

export const WHITE: Colour = [255, 255, 255];
export const PALE: Colour = [225, 225, 225];
export const GREY: Colour = [150, 150, 150];
export const BLUE: Colour = [31, 96, 196];
export const ORANGE: Colour = [230, 116, 20];

export function createCanvas(width: number, height: number, from: Canvas['from'], to: Canvas['to']): Canvas {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(255), from, to };
}

/** Column and row of a place of the plane, in pixels and their parts. */
function pixelOf({ width, height, from, to }: Canvas, x: number, y: number): [column: number, row: number] {
  return [((x - from[0]) / (to[0] - from[0])) * width, (1 - (y - from[1]) / (to[1] - from[1])) * height];
}

/** A filled square of `size` pixels around a place. */
export function drawDot(canvas: Canvas, x: number, y: number, size: number, colour: Colour): void {
  const [column, row] = pixelOf(canvas, x, y).map((place) => Math.floor(place - (size - 1) / 2)) as [number, number];
  if (!Number.isFinite(column + row)) return;
  fill(canvas, column, row, size, size, colour);
}

/** The pixels of a rectangle that lie in the picture. */
export function fill(canvas: Canvas, left: number, top: number, width: number, height: number, colour: Colour): void {
  const right = Math.min(canvas.width, left + width);
  const bottom = Math.min(canvas.height, top + height);
  for (let row = Math.max(0, top); row < bottom; row++) {
    for (let column = Math.max(0, left); column < right; column++) {
      canvas.pixels.set(colour, (row * canvas.width + column) * 3);
    }
  }
}

/** y over x in every column of the picture, joined from column to column. */
export function drawCurve(canvas: Canvas, heightAt: (column: number) => number, colour: Colour): void {
  let last: number | null = null;
  for (let column = 0; column < canvas.width; column++) {
    const y = heightAt(column);
    const row = Math.floor(pixelOf(canvas, 0, Math.min(canvas.to[1], Math.max(canvas.from[1], y)))[1]);
    if (!Number.isFinite(row)) return;
    const [top, bottom] = [Math.min(row, last ?? row), Math.max(row, last ?? row)];
    fill(canvas, column, Math.min(top, canvas.height - 2), 1, bottom - top + 2, colour);
    last = row;
  }
}

/** x in the middle of each of `count` columns or rows between `from` and `to`. */
export function middles(count: number, from: number, to: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => from + ((at + 0.5) / count) * (to - from));
}

/** For values from 0 to 1: orange below, the colour of what is made, white in the middle, blue above. */
const SCALE: readonly Colour[] = [
  [190, 80, 10],
  [245, 165, 85],
  [250, 250, 250],
  [90, 140, 215],
  [20, 60, 140],
];

export function colourOf(value: number): Colour {
  const place = Math.min(1, Math.max(0, value)) * (SCALE.length - 1);
  const low = Math.min(SCALE.length - 2, Math.floor(place));
  const [below, above] = [SCALE[low]!, SCALE[low + 1]!];
  const mix = (at: 0 | 1 | 2): number => Math.round(below[at] + (place - low) * (above[at] - below[at]));
  return [mix(0), mix(1), mix(2)];
}
