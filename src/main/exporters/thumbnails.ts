// Thumbnails of recorded grids, for strips of hundreds of steps: at most THUMBNAIL_WIDTH pixels wide, each pixel the mean
// of a square of the grid's. Made when first asked for, and kept in memory while there is room.

import { decode, encode } from 'fast-png';
import { UserError } from '../../shared/contract.ts';

/** A grid that is no wider is its own thumbnail, byte for byte. */
export const THUMBNAIL_WIDTH = 128;
const CACHE_BYTES = 32 * 2 ** 20;

export interface Thumbnails {
  /** `read` gives the grid's PNG, null when there is none; `key` names it for ever. Throws UserError for a PNG that cannot be read. */
  get(key: string, read: () => Uint8Array | null): Promise<Uint8Array | null>;
}

export function createThumbnails(cacheBytes = CACHE_BYTES): Thumbnails {
  // A Map keeps the order of insertion: the first is the one that was not asked for longest.
  const kept = new Map<string, Uint8Array>();
  let bytes = 0;
  const keep = (key: string, png: Uint8Array): void => {
    kept.set(key, png);
    bytes += png.byteLength;
    for (const [oldest, { byteLength }] of kept) {
      if (bytes <= cacheBytes) return;
      kept.delete(oldest);
      bytes -= byteLength;
    }
  };
  return {
    async get(key, read) {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
        return found;
      }
      // Decoding takes milliseconds: a strip that asks for hundreds leaves turns for the other calls.
      await new Promise(setImmediate);
      const png = read();
      if (png === null) return null;
      const small = kept.get(key) ?? shrink(key, png);
      if (!kept.has(key)) keep(key, small);
      return small;
    },
  };
}

function shrink(key: string, png: Uint8Array): Uint8Array {
  try {
    const { width, height, channels, depth, data, palette } = decode(png);
    const factor = Math.ceil(width / THUMBNAIL_WIDTH);
    if (factor === 1 || depth !== 8 || palette) return png;
    return encode({ ...meanOfSquares(data, { width, height, channels }, factor), channels, depth: 8 });
  } catch (error) {
    throw new UserError(`Grid ${key} of the run is damaged: expected a PNG that can be read. Look at another step.`, {
      cause: error,
    });
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Squares of `factor` pixels a side; those at the right and the lower edge may be cut. */
function meanOfSquares(from: ArrayLike<number>, { width, height, channels }: Size, factor: number) {
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Float64Array(columns * rows * channels);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++) {
      const to = (row + Math.floor(x / factor)) * channels;
      for (let k = 0; k < channels; k++) sums[to + k]! += from[(y * width + x) * channels + k]!;
    }
  }
  const data = new Uint8Array(sums.length);
  for (let at = 0; at < data.length; at++) {
    const square = Math.floor(at / channels);
    const wide = Math.min(factor, width - (square % columns) * factor);
    const high = Math.min(factor, height - Math.floor(square / columns) * factor);
    data[at] = Math.round(sums[at]! / (wide * high));
  }
  return { width: columns, height: rows, data };
}
