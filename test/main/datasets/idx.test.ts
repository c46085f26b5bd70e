// IDX files: read as they are, and every broken one refused with its exact message.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { encodeIdx, idxBytes, readIdx } from '../../../src/main/datasets/idx.ts';

const folder = mkdtempSync(join(tmpdir(), 'saddle idx '));
afterAll(() => rmSync(folder, { recursive: true }));

/** Three images of 2 x 2 pixels, written out by hand from the format's description. */
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255);
const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 4, 9, 0, 1, 7);
/** Bytes that gzip cannot make smaller. */
const noise = new Uint8Array(createHash('shake256', { outputLength: 4096 }).update('noise').digest());
const noiseIdx = encodeIdx([1024, 2, 2], noise);

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

async function read(bytes: Uint8Array, shape: readonly number[]): Promise<Uint8Array> {
  const path = join(folder, 'some-idx');
  writeFileSync(path, bytes);
  return readIdx(path, shape);
}

describe('a whole IDX file', () => {
  it('gives its values, plain or gzip, whatever its name', async () => {
    expect(await read(images, [3, 2, 2])).toEqual(pixels);
    expect(await read(gzipSync(images), [3, 2, 2])).toEqual(pixels);
    expect(await read(labels, [4])).toEqual(Uint8Array.of(9, 0, 1, 7));
    expect(await read(gzipSync(noiseIdx), [1024, 2, 2])).toEqual(noise);
  });

  it('is what encodeIdx writes', () => {
    expect(encodeIdx([3, 2, 2], pixels)).toEqual(images);
    expect(idxBytes([3, 2, 2])).toBe(images.length);
    expect(idxBytes([60_000, 28, 28])).toBe(47_040_016);
  });
});

const again = 'Get the file again from its source.';
const broken: readonly [title: string, bytes: Uint8Array, shape: readonly number[], message: string][] = [
  ['an empty file', Uint8Array.of(), [3, 2, 2], `expected an IDX header of 16 bytes, found a file of 0. ${again}`],
  [
    'half a header',
    images.subarray(0, 9),
    [3, 2, 2],
    `expected an IDX header of 16 bytes, found a file of 9. ${again}`,
  ],
  [
    'labels for images',
    encodeIdx([60], noise.subarray(0, 60)),
    [3, 2, 2],
    `expected the magic number 2051 (IDX images), found 2049. ${again}`,
  ],
  ['images for labels', images, [4], `expected the magic number 2049 (IDX labels), found 2051. ${again}`],
  [
    'a web page',
    new TextEncoder().encode('<!DOCTYPE html><html>'),
    [3, 2, 2],
    `expected the magic number 2051 (IDX images), found 1008813135. ${again}`,
  ],
  [
    'values of another type',
    changed(images, 2, 0x0d),
    [3, 2, 2],
    `expected the magic number 2051 (IDX images), found 3331. ${again}`,
  ],
  [
    'another count',
    changed(images, 7, 2),
    [3, 2, 2],
    `expected 3 images of 2 x 2 pixels, found 2 images of 2 x 2 pixels. ${again}`,
  ],
  [
    'a giant count',
    changed(images, 4, 255),
    [3, 2, 2],
    `expected 3 images of 2 x 2 pixels, found 4278190083 images of 2 x 2 pixels. ${again}`,
  ],
  [
    'another size',
    changed(images, 15, 3),
    [3, 2, 2],
    `expected 3 images of 2 x 2 pixels, found 3 images of 2 x 3 pixels. ${again}`,
  ],
  ['fewer labels', labels, [5], `expected 5 labels, found 4 labels. ${again}`],
  [
    'a cut plain file',
    images.subarray(0, 27),
    [3, 2, 2],
    `expected 28 bytes for 3 images of 2 x 2 pixels, found 27: the file is cut short. ${again}`,
  ],
  [
    'trailing bytes',
    Uint8Array.of(...images, 0),
    [3, 2, 2],
    `expected 28 bytes for 3 images of 2 x 2 pixels, found 29: the file is followed by something else. ${again}`,
  ],
  [
    'a cut file, packed',
    gzipSync(images.subarray(0, 27)),
    [3, 2, 2],
    `expected 28 bytes for 3 images of 2 x 2 pixels, found 27: the file is cut short. ${again}`,
  ],
  [
    'trailing bytes, packed',
    gzipSync(Uint8Array.of(...images, 0)),
    [3, 2, 2],
    `expected a whole gzip file of 28 bytes unpacked, found one that holds more. ${again}`,
  ],
  [
    'a wrong count, packed',
    gzipSync(encodeIdx([1023, 2, 2], noise.subarray(4))),
    [1024, 2, 2],
    `expected 1024 images of 2 x 2 pixels, found 1023 images of 2 x 2 pixels. ${again}`,
  ],
  [
    'a larger count, packed',
    gzipSync(noiseIdx),
    [3, 2, 2],
    `expected 3 images of 2 x 2 pixels, found 1024 images of 2 x 2 pixels. ${again}`,
  ],
  [
    'truncated gzip',
    gzipSync(noiseIdx).subarray(0, 2000),
    [1024, 2, 2],
    `expected a whole gzip file of 4112 bytes unpacked, found one that ends early, after 2000 bytes. ${again}`,
  ],
  [
    'gzip cut in its header',
    gzipSync(noiseIdx).subarray(0, 6),
    [1024, 2, 2],
    `expected a whole gzip file of 4112 bytes unpacked, found one that ends early, after 6 bytes. ${again}`,
  ],
  [
    'gzip with a wrong checksum',
    changed(gzipSync(images), gzipSync(images).length - 8, 1),
    [3, 2, 2],
    `expected a whole gzip file of 28 bytes unpacked, found a damaged one (incorrect data check). ${again}`,
  ],
  [
    'a file far too large',
    Uint8Array.of(0x1f, 0x8b, ...new Uint8Array(70_000)),
    [3, 2, 2],
    `expected 28 bytes for 3 images of 2 x 2 pixels, found 70002: the file is followed by something else. ${again}`,
  ],
];

describe('refused, naming file, expected and found', () => {
  it.each(broken)('%s', async (_title, bytes, shape, message) => {
    const refusal = await read(bytes, shape).catch((problem: unknown) => problem);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as Error).message).toBe(`some-idx: ${message}`);
  });

  it('a file that is not there', async () => {
    const path = join(folder, 'absent');
    await expect(readIdx(path, [4])).rejects.toThrow(
      new UserError(`${path}: expected an IDX file, found nothing there.`),
    );
  });
});
