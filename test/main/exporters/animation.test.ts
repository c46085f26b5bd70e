// The training as a moving picture, from real run files: which grids, how long each is shown, and their very pixels.

import { join } from 'node:path';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { exportAnimation, type AnimationWish } from '../../../src/main/exporters/animation.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine } from '../store/sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from '../store/sample-run.ts';

const [rows, columns, cell] = [2, 3, 4];
const [width, height] = [columns * cell, rows * cell];

function pixels(step: number, channels: number): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 5 + step) & 255);
}

/** Four grids; the tag `colour` has the same in colour. */
async function animate(tag: string, wish: Partial<AnimationWish>) {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const writer = openRunWriter(folder);
  writer.start(machine);
  for (const [name, channels] of [
    ['grey', 1],
    ['colour', 3],
  ] as const) {
    for (const step of [0, 10, 20, 30]) {
      const png = encode({ width, height, channels, depth: 8, data: pixels(step, channels) });
      writer.image({
        tag: name,
        step,
        rows,
        columns,
        cellWidth: cell,
        cellHeight: cell,
        channels,
        latents: 'fixed',
        png,
      });
    }
  }
  writer.close();
  const reader = openRunReader(folder);
  try {
    return await exportAnimation(reader, tag, {
      format: 'gif',
      every: 1,
      perSecond: 10,
      zoom: 1,
      from: 0,
      to: 1e9,
      ...wish,
    });
  } finally {
    reader.close();
  }
}

test.each([
  ['gif', 1],
  ['webp', 0],
] as const)('a %s has every grid in order, grey at most %i of 255 off', async (format, most) => {
  const { bytes, frames, fileName } = await animate('grey', { format });
  expect([frames, fileName]).toEqual([4, `grey-to-step-000030.${format}`]);
  const metadata = await sharp(bytes, { animated: true }).metadata();
  expect(metadata).toMatchObject({
    format,
    width,
    pages: 4,
    pageHeight: height,
    delay: [100, 100, 100, 1500],
    loop: 0,
  });
  const shown = await sharp(bytes, { animated: true }).removeAlpha().toColourspace('b-w').raw().toBuffer();
  const recorded = [0, 10, 20, 30].flatMap((step) => [...pixels(step, 1)]);
  expect(shown).toHaveLength(recorded.length);
  expect(Math.max(...recorded.map((value, at) => Math.abs(value - shown[at]!)))).toBeLessThanOrEqual(Number(most));
});

test('colour keeps every pixel in WebP', async () => {
  const { bytes } = await animate('colour', { format: 'webp' });
  const shown = await sharp(bytes, { animated: true }).removeAlpha().raw().toBuffer();
  expect([...shown]).toEqual([0, 10, 20, 30].flatMap((step) => [...pixels(step, 3)]));
});

test('every third grid ends with the newest, and a zoom makes squares of pixels', async () => {
  const { bytes, frames } = await animate('grey', { format: 'webp', every: 3, zoom: 2 });
  expect(frames).toBe(2);
  const { data, info } = await sharp(bytes, { animated: true }).removeAlpha().toColourspace('b-w').raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
  expect([info.width, info.height]).toEqual([width * 2, height * 2 * 2]);
  const first = pixels(0, 1);
  expect([data[0], data[1], data[2], data[width * 2]]).toEqual([first[0], first[0], first[1], first[0]]);
});

test('a tag without images is named', async () => {
  await expect(animate('nothing', {})).rejects.toThrow('nothing: no images are recorded under this tag');
});

test('more than can be held is refused with what would fit', async () => {
  await expect(animate('grey', { zoom: 1500 })).rejects.toThrow('take every 2th grid, or a smaller zoom');
});

test('of a range of steps both ends are in it; a range without grids says what there is', async () => {
  const { frames, fileName } = await animate('grey', { from: 10, to: 20 });
  expect([frames, fileName]).toEqual([2, 'grey-to-step-000020.gif']);
  await expect(animate('grey', { from: 11, to: 19 })).rejects.toThrow(
    'grey: expected grids from step 11 to 19, found none; they are recorded from 0 to 30',
  );
});
