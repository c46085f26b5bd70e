// PNG (W3C PNG, third edition): 8 bits a channel, grey or RGB, no filter. Compressing is the work in it, and zlib does
// that on another thread; a grid of 512x512 is a header and a copy for the one that trains.

import { crc32, deflate } from 'node:zlib';
import { promisify } from 'node:util';

const compress = promisify(deflate);

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Colour type by number of channels. */
const COLOUR_TYPES: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour. */
  readonly channels: number;
  /** Rows from the top, width x channels bytes each. */
  readonly pixels: Uint8Array;
}

/** The same pixels give the same bytes. */
export async function encodePng({ width, height, channels, pixels }: Picture): Promise<Uint8Array> {
  const colour = COLOUR_TYPES[channels];
  if (colour === undefined) throw new TypeError(`a PNG has 1 or 3 channels here, found ${channels}`);
  const line = width * channels;
  // Each row begins with its filter: 0, none.
  const rows = new Uint8Array(height * (line + 1));
  for (let row = 0; row < height; row++) rows.set(pixels.subarray(row * line, (row + 1) * line), row * (line + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colour, 0, 0, 0], 8);
  const data = await compress(rows);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]);
}

/** Length, type, data, and the CRC over type and data. */
function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
