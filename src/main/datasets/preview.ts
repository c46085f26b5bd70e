// What a data set looks like: a grid of its first images, as the network will see them.

import { encode } from 'fast-png';
import type { DataHome, DataSet } from './dataset.ts';

const ROWS = 8;
const COLUMNS = 12;

/** PNG of 8 x 12 images without gaps. Throws UserError when the data is absent or broken. */
export async function previewPng(dataSet: DataSet, home: DataHome): Promise<Uint8Array> {
  const open = await dataSet.open(home);
  try {
    const { height, width, channels } = open;
    const pixels = open.read(Array.from({ length: ROWS * COLUMNS }, (_, index) => index));
    const stride = COLUMNS * width * channels;
    const data = new Uint8Array(ROWS * height * stride);
    const line = width * channels;
    for (let cell = 0; cell < ROWS * COLUMNS; cell++) {
      const [row, column] = [Math.floor(cell / COLUMNS), cell % COLUMNS];
      for (let y = 0; y < height; y++) {
        const from = (cell * height + y) * line;
        data.set(pixels.subarray(from, from + line), (row * height + y) * stride + column * line);
      }
    }
    return encode({ width: COLUMNS * width, height: ROWS * height, channels, depth: 8, data });
  } finally {
    open.close();
  }
}
