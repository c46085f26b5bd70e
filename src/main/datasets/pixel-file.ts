// A file of images of one size, HWC bytes one after the other from an offset on: any image is one read away, and an
// epoch needs no more memory than a batch. Small files are kept in memory, where a read is a copy.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../shared/contract.ts';

/** A read of 784 bytes by offset takes about as long as copying 10,000: below this the whole file is worth its memory. */
const KEPT_IN_MEMORY = 64 * 1024 * 1024;

export interface PixelFile {
  /** Pixels of these images, one after the other; a fresh array. Throws RangeError for an image that is not there. */
  read(indices: ArrayLike<number>): Uint8Array;
  close(): void;
}

export interface PixelLayout {
  /** Where the first image begins. */
  readonly offset: number;
  readonly count: number;
  /** Bytes of one image. */
  readonly size: number;
}

/** Throws UserError when the file is shorter than its images. */
export function openPixelFile(path: string, layout: PixelLayout): PixelFile {
  const { offset, count, size } = layout;
  const file = openSync(path, 'r');
  let kept: Uint8Array | null = null;
  try {
    const bytes = fstatSync(file).size;
    if (bytes < offset + count * size)
      throw new UserError(
        `${basename(path)}: expected ${offset + count * size} bytes for ${count} images, found ${bytes}: the file is cut short. Get or import the data again.`,
      );
    if (count * size <= KEPT_IN_MEMORY) kept = readPiece(file, offset, count * size);
  } catch (problem) {
    closeSync(file);
    throw problem;
  }
  const pixels = kept;
  if (pixels) closeSync(file);
  const read = (first: number, images: Uint8Array) => {
    if (pixels) images.set(pixels.subarray(first * size, first * size + images.length));
    else readInto(file, offset + first * size, images);
  };
  return {
    read: (indices) => gather(indices, layout, read),
    close: () => {
      if (!pixels) closeSync(file);
    },
  };
}

/** Neighbours in the file are read at a stroke. */
function gather(
  indices: ArrayLike<number>,
  { count, size }: PixelLayout,
  read: (first: number, images: Uint8Array) => void,
): Uint8Array {
  const images = new Uint8Array(indices.length * size);
  for (let position = 0; position < indices.length;) {
    const first = indices[position]!;
    let length = 1;
    while (position + length < indices.length && indices[position + length] === first + length) length++;
    const last = first + length - 1;
    if (!(first >= 0 && last < count)) throw new RangeError(`image ${last < count ? first : last} of ${count}`);
    read(first, images.subarray(position * size, (position + length) * size));
    position += length;
  }
  return images;
}

function readPiece(file: number, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  readInto(file, position, bytes);
  return bytes;
}

function readInto(file: number, position: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const got = readSync(file, bytes, at, bytes.length - at, position + at);
    if (got === 0) throw new Error('a file of pixels became shorter while it was read');
    at += got;
  }
}
