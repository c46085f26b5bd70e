// Files that tests need and no library here writes: BMP, and tar archives.

import { gzipSync } from 'node:zlib';

export interface BmpKind {
  readonly bits: 8 | 24 | 32;
  readonly isTopDown: boolean;
  /** Of 8 bits: red, green and blue of each colour. */
  readonly palette?: readonly (readonly number[])[];
}

/** `pixels` are RGB, or places in the palette. */
export function encodeBmp(pixels: Uint8Array, width: number, height: number, kind: BmpKind): Buffer {
  const { bits, isTopDown, palette = [] } = kind;
  const step = bits / 8;
  const stride = Math.ceil((width * step) / 4) * 4;
  const start = 54 + 4 * palette.length;
  const bytes = Buffer.alloc(start + stride * height);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(isTopDown ? -height : height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(palette.length, 46);
  for (const [colour, [red, green, blue]] of palette.entries()) bytes.set([blue!, green!, red!], 54 + 4 * colour);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to = start + (isTopDown ? y : height - 1 - y) * stride + x * step;
      const from = y * width + x;
      if (bits === 8) bytes[to] = pixels[from]!;
      else bytes.set([pixels[3 * from + 2]!, pixels[3 * from + 1]!, pixels[3 * from]!], to);
    }
  return bytes;
}

/** A .tar.gz with these files, and a folder before them as tar writes it. */
export function packTar(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const parts: Uint8Array[] = [tarHeader('folder/', 0, '5')];
  for (const [name, bytes] of files) {
    parts.push(tarHeader(name, bytes.length, '0'), bytes);
    parts.push(new Uint8Array((512 - (bytes.length % 512)) % 512));
  }
  parts.push(new Uint8Array(1024));
  return gzipSync(Buffer.concat(parts));
}

function tarHeader(name: string, size: number, type: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
