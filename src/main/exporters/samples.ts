// All samples of a step as single PNGs in a ZIP: the recorded grid cut along its cells, pixel for pixel.

import { decode, encode } from 'fast-png';
import { zipSync } from 'fflate';
import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import type { RunReader } from '../store/store.ts';
import { exportGrid, padStep } from './grid.ts';

export interface SamplesExport {
  readonly fileName: string;
  readonly zip: Uint8Array;
  readonly count: number;
}

/** The samples of a step, the newest when no step is named. Throws UserError as `exportGrid`. */
export function exportSamples(reader: RunReader, tag: string, step?: Step): SamplesExport {
  const { png, row } = exportGrid(reader, tag, step);
  const { rows, columns, cellWidth, cellHeight, channels } = row;
  const grid = decode(png);
  if (grid.width !== columns * cellWidth || grid.height !== rows * cellHeight || grid.channels !== channels)
    throw new UserError(
      `step ${row.step}: expected a grid of ${columns * cellWidth} x ${rows * cellHeight} pixels, ${channels} channels, ` +
        `found ${grid.width} x ${grid.height}, ${grid.channels}: this image of the run is damaged. Export another step.`,
    );
  const folder = `${tag.replaceAll('/', '-')}-step-${padStep(row.step)}`;
  const digits = String(rows * columns - 1).length;
  const files: Record<string, Uint8Array> = {};
  for (let cell = 0; cell < rows * columns; cell++) {
    const data = cutCell(grid.data, grid.width * channels, {
      top: Math.floor(cell / columns) * cellHeight,
      left: (cell % columns) * cellWidth * channels,
      height: cellHeight,
      width: cellWidth * channels,
    });
    const name = `${folder}/${String(cell).padStart(digits, '0')}.png`;
    files[name] = encode({ width: cellWidth, height: cellHeight, channels, depth: 8, data });
  }
  // PNGs are compressed already: level 0 stores them.
  return { fileName: `${folder}.zip`, zip: zipSync(files, { level: 0 }), count: rows * columns };
}

interface Cell {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** `left` and `width` in values, not pixels: channels lie side by side. */
function cutCell(values: ArrayLike<number>, stride: number, { top, left, height, width }: Cell): Uint8Array {
  const cell = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) cell[y * width + x] = values[(top + y) * stride + left + x]!;
  }
  return cell;
}
