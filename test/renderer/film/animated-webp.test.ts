// Animated WebP put together here, read back by another library than the one that wrote it.

import sharp from 'sharp';
import { expect, test } from 'vitest';
import { writeAnimatedWebp } from '../../../src/renderer/film/animated-webp.ts';

/** Odd lengths of chunks come up as well: the sizes of lossless pictures are what they are. */
async function picture(seed: number, channels: 3 | 4, lossless = true) {
  const data = Uint8Array.from({ length: 10 * 6 * channels }, (_, at) => (at * seed * 37 + seed) % 256);
  const file = await sharp(data, { raw: { width: 10, height: 6, channels } })
    .webp({ lossless, exact: true })
    .toBuffer();
  return { data, file: new Uint8Array(file) };
}

test('every frame is there with its pixels and its time, and it plays without end', async () => {
  const pictures = await Promise.all([1, 2, 3, 4].map((seed) => picture(seed, 3)));
  const frames = pictures.map(({ file }, index) => ({ file, durationMs: index === 3 ? 1500 : 100 }));
  const bytes = writeAnimatedWebp(frames, 10, 6);
  const { pages, delay, loop, format, pageHeight, width } = await sharp(bytes, { animated: true }).metadata();
  expect({ pages, delay, loop, format, pageHeight, width }).toEqual({
    ...{ pages: 4, delay: [100, 100, 100, 1500], loop: 0, format: 'webp', pageHeight: 6, width: 10 },
  });
  const read = await sharp(bytes, { animated: true }).removeAlpha().raw().toBuffer();
  expect(new Uint8Array(read)).toEqual(Uint8Array.from(pictures.flatMap(({ data }) => [...data])));
});

test('pictures with transparency and lossy ones keep their chunks', async () => {
  const [lossless, lossy] = [await picture(5, 4), await picture(6, 4, false)];
  const bytes = writeAnimatedWebp(
    [lossless, lossy].map(({ file }) => ({ file, durationMs: 50 })),
    10,
    6,
  );
  expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({ pages: 2, hasAlpha: true });
  const first = await sharp(bytes, { page: 0 }).ensureAlpha().raw().toBuffer();
  expect(new Uint8Array(first)).toEqual(lossless.data);
});

test('what is no WebP is refused', () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0);
  expect(() => writeAnimatedWebp([{ file: png, durationMs: 100 }], 1, 1)).toThrow('expected a WebP picture');
});
