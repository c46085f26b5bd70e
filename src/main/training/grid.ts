// Images of a network as bytes, a grid of cells without gaps, and its PNG: what is stored is exact, so that a cell
// can be cut out again pixel by pixel.

import { encodePng } from './png.ts';
import type { ImageRange } from './recipes/recipe.ts';

/** u8 = clip(round((x + 1) * 127.5)) or clip(round(x * 255)); values outside the range are clipped, NaN becomes 0. */
export function pixelsFromFloats(values: Float32Array, range: ImageRange): Uint8Array {
  // A clamped array rounds half to even; in either range no byte's float lies near a half, so all 256 come back.
  const bytes = new Uint8ClampedArray(values.length);
  if (range === '-1..1') for (let at = 0; at < values.length; at++) bytes[at] = (values[at]! + 1) * 127.5;
  else for (let at = 0; at < values.length; at++) bytes[at] = values[at]! * 255;
  return new Uint8Array(bytes.buffer);
}

/** u8 / 127.5 - 1 or u8 / 255; a fresh array, as TensorFlow may go on using its memory. */
export function floatsFromPixels(bytes: Uint8Array, range: ImageRange): Float32Array {
  const values = new Float32Array(bytes.length);
  if (range === '-1..1') for (let at = 0; at < bytes.length; at++) values[at] = bytes[at]! / 127.5 - 1;
  else for (let at = 0; at < bytes.length; at++) values[at] = bytes[at]! / 255;
  return values;
}

export interface GridShape {
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** 1 grey, 3 colour. */
  readonly channels: number;
}

/** `cells` are images one after the other, HWC; cell k goes to row k / columns. Cells that are missing at the end stay black. */
export function composeGrid(cells: Uint8Array, shape: GridShape): Uint8Array {
  const { rows, columns, cellWidth, cellHeight, channels } = shape;
  const line = cellWidth * channels;
  const pixels = new Uint8Array(rows * columns * cellHeight * line);
  const count = Math.min(rows * columns, Math.floor(cells.length / (cellHeight * line)));
  for (let cell = 0; cell < count; cell++) {
    const top = Math.floor(cell / columns) * cellHeight;
    const left = (cell % columns) * line;
    for (let row = 0; row < cellHeight; row++) {
      const from = (cell * cellHeight + row) * line;
      pixels.set(cells.subarray(from, from + line), (top + row) * columns * line + left);
    }
  }
  return pixels;
}

/** The cells of a grid's pixels one after the other: what `composeGrid` was given, with black cells where some were missing. */
export function cutCells(pixels: Uint8Array, shape: GridShape): Uint8Array {
  const { rows, columns, cellWidth, cellHeight, channels } = shape;
  const line = cellWidth * channels;
  const cells = new Uint8Array(pixels.length);
  for (let cell = 0; cell < rows * columns; cell++) {
    const top = Math.floor(cell / columns) * cellHeight;
    const left = (cell % columns) * line;
    for (let row = 0; row < cellHeight; row++) {
      const from = (top + row) * columns * line + left;
      cells.set(pixels.subarray(from, from + line), (cell * cellHeight + row) * line);
    }
  }
  return cells;
}

/** The grid as PNG, 8 bits a channel, grey or RGB. */
export function encodeGrid(cells: Uint8Array, shape: GridShape): Promise<Uint8Array> {
  return encodePng({
    width: shape.columns * shape.cellWidth,
    height: shape.rows * shape.cellHeight,
    channels: shape.channels,
    pixels: composeGrid(cells, shape),
  });
}
