// Image files to pixels. The files are made by sharp or, where it cannot, byte by byte.

import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { decodeImage, formatOf } from '../../../src/main/datasets/decode.ts';
import { encodeBmp } from './image-bytes.ts';

const WHITE = '#ffffff';

/** A smooth colour ramp. */
function ramp(width: number, height: number, channels: 1 | 3 | 4): Buffer {
  const pixels = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        pixels[(y * width + x) * channels + channel] = Math.round(
          (255 * (channel === 0 ? x : channel === 1 ? y : x + y)) / (channel < 2 ? 64 : 128),
        );
  return pixels;
}
const [WIDTH, HEIGHT] = [48, 40];
const colours = ramp(WIDTH, HEIGHT, 3);
const image = () => sharp(colours, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

function meanError(found: Uint8Array, expected: Uint8Array): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((sum, value, at) => sum + Math.abs(value - expected[at]!), 0) / found.length;
}

describe('decoding', () => {
  it('gives back every value of a PNG and of a lossless WebP', async () => {
    for (const bytes of [await image().png().toBuffer(), await image().webp({ lossless: true }).toBuffer()]) {
      const decoded = await decodeImage(bytes, WHITE);
      expect([decoded.height, decoded.width, decoded.channels]).toEqual([HEIGHT, WIDTH, 3]);
      expect(Buffer.from(decoded.data)).toEqual(colours);
    }
    const all = Buffer.from(Uint8Array.from({ length: 256 }, (_, value) => value));
    const png = await sharp(all, { raw: { width: 16, height: 16, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect(await decodeImage(png, WHITE)).toEqual({ height: 16, width: 16, channels: 1, data: new Uint8Array(all) });
  });

  it('is less than 2 off on a smooth ramp in JPEG of quality 100', async () => {
    const { data } = await decodeImage(await image().jpeg({ quality: 100 }).toBuffer(), WHITE);
    expect(meanError(data, colours)).toBeLessThan(2);
  });

  it('takes the first of three frames of a GIF', async () => {
    const frames = [20, 120, 220].map((level) =>
      sharp({ create: { width: 9, height: 5, channels: 3, background: { r: level, g: level, b: level } } })
        .png()
        .toBuffer(),
    );
    const gif = await sharp(await Promise.all(frames), { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(3);
    const decoded = await decodeImage(gif, WHITE);
    expect([decoded.height, decoded.width, decoded.channels]).toEqual([5, 9, 3]);
    expect(new Set(decoded.data)).toEqual(new Set([20]));
  });

  it('turns an image as its EXIF orientation says', async () => {
    // 6: the camera was held a quarter turn to the left, so the file's first row is the right column.
    const marked = Buffer.alloc(6 * 4 * 3);
    marked.fill(255, 0, 6 * 3);
    const bytes = await sharp(marked, { raw: { width: 6, height: 4, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const { height, width, data } = await decodeImage(bytes, WHITE);
    expect([height, width]).toEqual([6, 4]);
    for (let y = 0; y < 6; y++) expect([data[y * 12]!, data[y * 12 + 9]!]).toEqual([0, 255]);
  });

  it('makes 8 bits of 16 by their upper byte', async () => {
    const values = Uint16Array.from({ length: 4 * 3 * 3 }, (_, at) => at * 1800 + 77);
    const raw = { width: 4, height: 3, channels: 3 as const };
    const png = await sharp(values, { raw }).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    expect([...(await decodeImage(png, WHITE)).data]).toEqual([...values].map((value) => value >> 8));
    const grey = await sharp(values.subarray(0, 12), { raw: { ...raw, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const decoded = await decodeImage(grey, WHITE);
    expect([decoded.channels, ...decoded.data]).toEqual([1, ...[...values.subarray(0, 12)].map((value) => value >> 8)]);
  });

  it('puts what is transparent over the background', async () => {
    const half = Buffer.from([200, 0, 0, 0, 200, 0, 0, 255]);
    const png = await sharp(half, { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(png, '#0a141e')).data]).toEqual([10, 20, 30, 200, 0, 0]);
    expect([...(await decodeImage(png, WHITE)).data]).toEqual([255, 255, 255, 200, 0, 0]);
  });

  it.each([
    ['24 bits from the bottom up', { bits: 24, isTopDown: false }],
    ['24 bits from the top down', { bits: 24, isTopDown: true }],
    ['32 bits', { bits: 32, isTopDown: false }],
  ] as const)('reads BMP of %s', async (_title, kind) => {
    // 7 pixels of 3 bytes: the rows are padded.
    const small = ramp(7, 5, 3);
    const decoded = await decodeImage(encodeBmp(small, 7, 5, kind), WHITE);
    expect([decoded.height, decoded.width, decoded.channels]).toEqual([5, 7, 3]);
    expect(Buffer.from(decoded.data)).toEqual(small);
  });

  it('reads BMP with a palette, grey when the palette is', async () => {
    const indices = Buffer.from([0, 1, 2, 2, 1, 0]);
    const coloured = [[255, 0, 0], [0, 255, 0], [0, 0, 255]]; // prettier-ignore
    const bmp = encodeBmp(indices, 3, 2, { bits: 8, isTopDown: false, palette: coloured });
    expect([...(await decodeImage(bmp, WHITE)).data]).toEqual([...indices].flatMap((index) => coloured[index]!));
    const greys = [[5, 5, 5], [90, 90, 90], [200, 200, 200]]; // prettier-ignore
    const decoded = await decodeImage(encodeBmp(indices, 3, 2, { bits: 8, isTopDown: true, palette: greys }), WHITE);
    expect([decoded.channels, ...decoded.data]).toEqual([1, 5, 90, 200, 200, 90, 5]);
  });
});

describe('telling the format', () => {
  it('goes by the first bytes', async () => {
    expect(formatOf(await image().jpeg().toBuffer())).toBe('jpeg');
    expect(formatOf(await image().png().toBuffer())).toBe('png');
    expect(formatOf(await image().gif().toBuffer())).toBe('gif');
    expect(formatOf(await image().webp().toBuffer())).toBe('webp');
    expect(formatOf(encodeBmp(colours, WIDTH, HEIGHT, { bits: 24, isTopDown: false }))).toBe('bmp');
    expect(formatOf(await image().tiff().toBuffer())).toBeNull();
    expect(formatOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeNull();
    expect(formatOf(new Uint8Array(0))).toBeNull();
  });
});

describe('refusing', () => {
  const cases: [string, () => Promise<Uint8Array>, RegExp][] = [
    [
      'a JPEG that is cut short',
      async () => cut(await image().jpeg().toBuffer()),
      /^the JPEG file is damaged or cut short \(/,
    ],
    [
      'a PNG that is cut short',
      async () => cut(await image().png().toBuffer()),
      /^the PNG file is damaged or cut short \(/,
    ],
    [
      'a GIF that is cut short',
      async () => cut(await image().gif().toBuffer()),
      /^the GIF file is damaged or cut short \(/,
    ],
    [
      'a WebP that is cut short',
      async () => cut(await image().webp().toBuffer()),
      /^the WEBP file is damaged or cut short \(/,
    ],
    [
      'a BMP that is cut short',
      () => Promise.resolve(cut(encodeBmp(colours, WIDTH, HEIGHT, { bits: 24, isTopDown: false }))),
      /^expected 5814 bytes, found 2907: the file is cut short$/,
    ],
    ['CMYK', () => image().toColourspace('cmyk').jpeg().toBuffer(), /^expected grey or RGB, found CMYK/],
    [
      'what is no image',
      () => Promise.resolve(Buffer.from('hello')),
      /^expected JPEG, PNG, GIF, WebP or BMP, found none/,
    ],
    ['a PNG of 144 megapixels', () => giant(), /^expected at most 100 megapixels, found 12000 x 12000 pixels$/],
    [
      'a BMP that says it has 3,600 megapixels',
      () => {
        const bmp = encodeBmp(colours, WIDTH, HEIGHT, { bits: 24, isTopDown: false });
        bmp.writeInt32LE(60_000, 18);
        bmp.writeInt32LE(60_000, 22);
        return Promise.resolve(bmp);
      },
      /^expected at most 100 megapixels, found 60000 x 60000 pixels$/,
    ],
  ];
  it.each(cases)('%s says why', async (_title, make, message) => {
    const problem = await decodeImage(await make(), WHITE).catch((caught: unknown) => caught);
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as UserError).message).toMatch(message);
  });
});

function cut(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1);
}

/** Only the header is real: nobody must get as far as the pixels. */
async function giant(): Promise<Uint8Array> {
  const bytes = await image().png().toBuffer();
  bytes.writeUInt32BE(12_000, 16);
  bytes.writeUInt32BE(12_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}
