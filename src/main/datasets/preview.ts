// What a data set looks like: a grid of its first images, as the network will see them, or the density of a distribution.

import { encode } from 'fast-png';
import { UserError } from '../../shared/contract.ts';
import type { ImageView } from '../../shared/images.ts';
import type { DataHome, DataSet, Points } from './dataset.ts';

const ROWS = 8;
const COLUMNS = 12;
/** Pixels of each side of a drawing of a density. */
const SIDE = 224;
/** Red, green and blue of a drawing, in between the two themes' accents; what is transparent is the page's own colour. */
const INK = [78, 130, 226] as const;

/**
 * PNG of 8 x 12 images without gaps, black where the data set has fewer; of a distribution its density, opaque where it
 * is greatest. Throws UserError when the data is absent or broken.
 */
export async function previewPng(dataSet: DataSet, home: DataHome, view?: ImageView): Promise<Uint8Array> {
  if (!dataSet.glance) return drawDensity(dataSet, home);
  const { count, height, width, channels, pixels } = await dataSet.glance(home, ROWS * COLUMNS, view);
  const stride = COLUMNS * width * channels;
  const data = new Uint8Array(ROWS * height * stride);
  const line = width * channels;
  for (let cell = 0; cell < count; cell++) {
    const [row, column] = [Math.floor(cell / COLUMNS), cell % COLUMNS];
    for (let y = 0; y < height; y++) {
      const from = (cell * height + y) * line;
      data.set(pixels.subarray(from, from + line), (row * height + y) * stride + column * line);
    }
  }
  return encode({ width: COLUMNS * width, height: ROWS * height, channels, depth: 8, data });
}

async function drawDensity(dataSet: DataSet, home: DataHome): Promise<Uint8Array> {
  const { points, close } = await dataSet.open(home);
  close();
  if (!points) throw new UserError(`${dataSet.title}: expected images or points, found ${dataSet.kind}.`);
  const densities = points.dimensions === 1 ? curveOf(points) : cloudOf(points);
  const data = new Uint8Array(SIDE * SIDE * 4);
  for (const [pixel, density] of densities.entries()) data.set([...INK, Math.round(255 * density)], 4 * pixel);
  return encode({ width: SIDE, height: SIDE, channels: 4, depth: 8, data });
}

/** The middle of pixel k of an axis from -extent to extent. */
function placeOf(pixel: number, extent: number): number {
  return ((2 * (pixel + 0.5)) / SIDE - 1) * extent;
}

/** 1 below the curve of the density and 0 above it, the greatest density at nine tenths of the height. */
function curveOf({ density, extent }: Points): Float64Array {
  const heights = Float64Array.from({ length: SIDE }, (_, x) => density([placeOf(x, extent)]));
  const greatest = heights.reduce((most, height) => Math.max(most, height), 0);
  return Float64Array.from({ length: SIDE * SIDE }, (_, pixel) => {
    const height = (SIDE - 0.5 - Math.floor(pixel / SIDE)) / (0.9 * SIDE);
    return heights[pixel % SIDE]! / greatest > height ? 1 : 0;
  });
}

/** The density as a share of the greatest, its root taken so that wide hills show beside narrow ones; up is up. */
function cloudOf({ density, extent }: Points): Float64Array {
  const densities = Float64Array.from({ length: SIDE * SIDE }, (_, pixel) =>
    density([placeOf(pixel % SIDE, extent), -placeOf(Math.floor(pixel / SIDE), extent)]),
  );
  const greatest = densities.reduce((most, value) => Math.max(most, value), 0);
  return densities.map((value) => Math.sqrt(value / greatest));
}
