// Reads BMP, which sharp does not: uncompressed, 24 or 32 bits a pixel or 8 with a palette, from the bottom up or from
// the top down. The layout is Microsoft's BITMAPFILEHEADER followed by a BITMAPINFOHEADER or a longer one.

import { UserError } from '../../shared/contract.ts';
import type { Pixels, Size } from './resample.ts';

interface Header extends Size {
  readonly isTopDown: boolean;
  readonly bits: number;
  /** Where the pixels and the palette begin, and how many colours the palette has. */
  readonly pixelsAt: number;
  readonly paletteAt: number;
  readonly colours: number;
}

/** Throws UserError when it is no BMP of a kind that is read here. */
export function bmpSize(bytes: Uint8Array): Size {
  const { height, width } = readHeader(bytes);
  return { height, width };
}

/** Grey when an 8-bit palette is. The fourth byte of 32 bits is padding, not alpha. Throws UserError saying what is wrong. */
export function decodeBmp(bytes: Uint8Array): Pixels {
  const header = readHeader(bytes);
  const { height, width, bits, pixelsAt } = header;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (bytes.length < pixelsAt + stride * height)
    throw new UserError(`expected ${pixelsAt + stride * height} bytes, found ${bytes.length}: the file is cut short`);
  const rowAt = (y: number) => pixelsAt + (header.isTopDown ? y : height - 1 - y) * stride;
  return bits === 8 ? readIndexed(bytes, header, rowAt) : readColours(bytes, header, rowAt);
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 54) throw new UserError(`expected a BMP header of 54 bytes, found a file of ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(14, true);
  const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)];
  if (headerBytes < 40 || width <= 0 || height === 0) throw new UserError('expected a BMP header, found a damaged one');
  // 3: the places of the colours are given, which 32-bit files do for the usual places.
  const isPlain = compression === 0 || (compression === 3 && bits === 32);
  if (!isPlain || ![8, 24, 32].includes(bits))
    throw new UserError(
      `expected an uncompressed BMP of 8, 24 or 32 bits, found ${bits} bits with compression ${compression}`,
    );
  const colours = bits === 8 ? view.getUint32(46, true) || 256 : 0;
  const pixelsAt = view.getUint32(10, true);
  if (14 + headerBytes + 4 * colours > pixelsAt) throw new UserError('expected a BMP palette, found a damaged one');
  return {
    ...{ width, height: Math.abs(height), isTopDown: height < 0, bits },
    ...{ pixelsAt, paletteAt: 14 + headerBytes, colours },
  };
}

function readColours(bytes: Uint8Array, { height, width, bits }: Header, rowAt: (y: number) => number): Pixels {
  const data = new Uint8Array(height * width * 3);
  const step = bits / 8;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = rowAt(y) + x * step;
      const to = (y * width + x) * 3;
      // Blue comes first.
      data[to] = bytes[from + 2]!;
      data[to + 1] = bytes[from + 1]!;
      data[to + 2] = bytes[from]!;
    }
  return { height, width, channels: 3, data };
}

function readIndexed(bytes: Uint8Array, header: Header, rowAt: (y: number) => number): Pixels {
  const { height, width, paletteAt, colours } = header;
  const palette = Array.from({ length: colours }, (_, colour) => {
    const at = paletteAt + 4 * colour;
    return [bytes[at + 2]!, bytes[at + 1]!, bytes[at]!] as const;
  });
  const channels = palette.every(([red, green, blue]) => red === green && green === blue) ? 1 : 3;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = palette[bytes[rowAt(y) + x]!];
      if (!colour) throw new UserError(`expected colours below ${colours}, found ${bytes[rowAt(y) + x]}`);
      for (let channel = 0; channel < channels; channel++)
        data[(y * width + x) * channels + channel] = colour[channel]!;
    }
  return { height, width, channels, data };
}
