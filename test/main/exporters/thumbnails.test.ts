// Thumbnails against means worked out by hand and by a plain loop.

import { decode, encode } from 'fast-png';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { createThumbnails, THUMBNAIL_WIDTH } from '../../../src/main/exporters/thumbnails.ts';

const picture = (width: number, height: number, channels: number, value: (at: number) => number): Uint8Array => {
  const data = Uint8Array.from({ length: width * height * channels }, (_, at) => value(at));
  return encode({ width, height, channels, depth: 8, data });
};

it('of a small grid are the grid itself, byte for byte', async () => {
  const png = picture(THUMBNAIL_WIDTH, 300, 1, (at) => at);
  expect(await createThumbnails().get('a/1', () => png)).toBe(png);
});

it('of a wide grid are at most as wide as they may be, each pixel the mean of its square, those cut by the edge too', async () => {
  const [width, height, channels] = [257, 10, 3];
  const value = (at: number): number => (at * 2654435761) >>> 24;
  const png = picture(width, height, channels, value);
  const found = decode((await createThumbnails().get('a/1', () => png))!);
  // 257 / 128 is a little more than 2: squares of 3, the last column 2 wide, the last row 1 high.
  expect([found.width, found.height, found.channels]).toEqual([86, 4, 3]);
  const mean = (column: number, row: number, k: number): number => {
    const all: number[] = [];
    for (let y = 3 * row; y < Math.min(height, 3 * row + 3); y++)
      for (let x = 3 * column; x < Math.min(width, 3 * column + 3); x++)
        all.push(value((y * width + x) * channels + k));
    return Math.round(all.reduce((sum, one) => sum + one, 0) / all.length);
  };
  for (const [column, row] of [
    [0, 0],
    [85, 0],
    [40, 3],
    [85, 3],
  ] as const)
    for (const k of [0, 1, 2]) expect(found.data[(row * 86 + column) * 3 + k]).toBe(mean(column, row, k));
});

it('are made once while there is room for them, and the one not asked for longest makes room', async () => {
  let made = 0;
  const png = picture(256, 256, 1, (at) => (at * 2654435761) >>> 24);
  const read = (): Uint8Array => (made++, png);
  const bytes = (await createThumbnails().get('a/0', read))!.byteLength;
  const thumbnails = createThumbnails(2.5 * bytes);
  made = 0;
  for (const key of ['a/1', 'a/2', 'a/1', 'a/3', 'a/1']) await thumbnails.get(key, read);
  expect(made).toBe(3);
  await thumbnails.get('a/2', read);
  expect(made).toBe(4);
});

it('of a grid that is not there are null, and of one that is no PNG are refused with a sentence', async () => {
  const thumbnails = createThumbnails();
  expect(await thumbnails.get('a/1', () => null)).toBeNull();
  await expect(thumbnails.get('a/2', () => Uint8Array.of(1, 2, 3))).rejects.toThrow(UserError);
});
