// CIFAR-10, Olivetti, LFW and CelebA from the files their sources give, from parts of them, and from broken ones; a
// download against a local server; and the real files where they are beside the checkout.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { celeba } from '../../../src/main/datasets/celeba.ts';
import { cifar10, createCifar10, readRecords } from '../../../src/main/datasets/cifar10.ts';
import { createLfw, lfw } from '../../../src/main/datasets/lfw.ts';
import { readMatrix } from '../../../src/main/datasets/mat.ts';
import { createOlivetti, olivetti } from '../../../src/main/datasets/olivetti.ts';
import { filesInArchive } from '../../../src/main/datasets/tar.ts';
import { packTar } from './image-bytes.ts';
import { startMirror, type MirrorServer } from './mirror-server.ts';

const SHARED = resolve(import.meta.dirname, '../../../../shared/data');
const isShared = existsSync(SHARED);
if (!isShared) process.stderr.write('readers.test.ts skips the real files: ../shared/data is not there\n');

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle-readers-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(files: Readonly<Record<string, Uint8Array>>, folder = 'files'): string {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(home, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return join(home, folder);
}

/** One record: a class, then three planes of one value each. */
function record(label: number, red: number, green: number, blue: number): Uint8Array {
  const bytes = new Uint8Array(3073);
  bytes[0] = label;
  bytes.fill(red, 1, 1025);
  bytes.fill(green, 1025, 2049);
  bytes.fill(blue, 2049);
  return bytes;
}

describe('CIFAR-10', () => {
  it('has its colours in planes: 1,024 ones, twos and threes are pixels of (1, 2, 3)', () => {
    const [image] = [...readRecords('batch', record(7, 1, 2, 3))];
    expect(image!.label).toBe(7);
    expect(image!.pixels).toEqual(Uint8Array.from({ length: 3072 }, (_, at) => (at % 3) + 1));
  });

  it('keeps the rows of each plane in order', () => {
    const bytes = record(0, 0, 0, 0);
    for (let pixel = 0; pixel < 1024; pixel++) bytes[1 + pixel] = pixel % 256;
    const [image] = [...readRecords('batch', bytes)];
    expect([image!.pixels[0], image!.pixels[3], image!.pixels[3 * 32]]).toEqual([0, 1, 32]);
  });

  it('is imported from the batches that are there, plain and packed', async () => {
    const two = Buffer.concat([record(1, 10, 20, 30), record(2, 40, 50, 60)]);
    const folder = write({
      'cifar-10-batches-bin/data_batch_2.bin': record(3, 70, 80, 90),
      'cifar-10-batches-bin/data_batch_1.bin.gz': gzipSync(two),
      'cifar-10-batches-bin/test_batch.bin': record(9, 0, 0, 0),
    });
    expect(await cifar10.import(home, folder)).toBe(3);
    expect([cifar10.isReady(home), cifar10.countIn!(home)]).toEqual([true, 3]);
    const data = await cifar10.open(home);
    expect([data.count, ...data.labels]).toEqual([3, 1, 2, 3]);
    expect([...data.read([2]).subarray(0, 3), ...data.read([0]).subarray(0, 3)]).toEqual([70, 80, 90, 10, 20, 30]);
    data.close();
  });

  it.each<[string, Record<string, Uint8Array>, RegExp]>([
    [
      'an empty folder',
      { 'readme.txt': Buffer.from('x') },
      /expected cifar-10-binary\.tar\.gz, or data_batch_1\.bin to .*found none of them there/,
    ],
    [
      'half a record',
      { 'data_batch_1.bin': record(1, 1, 1, 1).subarray(0, 3000) },
      /^data_batch_1\.bin: expected records of 3073 bytes, found 3000 bytes/,
    ],
    [
      'a class that is none',
      { 'data_batch_4.bin': record(10, 1, 1, 1) },
      /^data_batch_4\.bin: expected classes from 0 to 9, found 10 for image 0\.$/,
    ],
    [
      'broken gzip',
      { 'data_batch_1.bin.gz': gzipSync(record(1, 2, 3, 4)).subarray(0, 30) },
      /^data_batch_1\.bin\.gz: expected a whole gzip file, found a damaged one/,
    ],
    [
      'an archive without batches',
      { 'cifar-10-binary.tar.gz': packTar(new Map([['a.txt', Buffer.from('x')]])) },
      /expected batches of CIFAR-10 inside, found none\.$/,
    ],
    [
      'an archive that is none',
      { 'cifar-10-binary.tar.gz': gzipSync(Buffer.alloc(5000, 7)) },
      /^cifar-10-binary\.tar\.gz: expected a \.tar\.gz archive, found something else/,
    ],
  ])('refuses %s and keeps what was there', async (_title, files, message) => {
    await cifar10.import(home, write({ 'data_batch_1.bin': record(5, 1, 2, 3) }, 'before'));
    const problem = await cifar10.import(home, write(files)).catch((caught: unknown) => caught);
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as Error).message).toMatch(message);
    expect(cifar10.countIn!(home)).toBe(1);
  });

  it('says so when its file was damaged after the import', async () => {
    await cifar10.import(home, write({ 'data_batch_1.bin': record(5, 1, 2, 3) }));
    writeFileSync(join(home, 'cifar10', 'pixels'), new Uint8Array(100));
    expect(cifar10.isReady(home)).toBe(false);
    await expect(cifar10.open(home)).rejects.toThrow(
      /^CIFAR-10: expected its images in .*cifar10, found none or a damaged set/,
    );
  });

  it.skipIf(!isShared)('reads the real images', async () => {
    expect(await cifar10.import(home, join(SHARED, 'cifar10'))).toBe(4000);
    const data = await cifar10.open(home, { height: 16, width: 16, channels: 1 });
    // Equal numbers of each class.
    expect([...Array(10).keys()].map((label) => data.labels.filter((each) => each === label).length)).toEqual(
      Array(10).fill(400),
    );
    const own = await cifar10.open(home);
    const bytes = own.read(Uint32Array.from({ length: 4000 }, (_, index) => index));
    const mean = (channel: number) =>
      bytes.reduce((sum, value, at) => (at % 3 === channel ? sum + value : sum), 0) / (bytes.length / 3);
    // CIFAR-10's known channel means are 125.3, 123.0 and 113.9.
    expect(
      [mean(0), mean(1), mean(2)].map((value, channel) => Math.abs(value - [125.3, 123.0, 113.9][channel]!) < 3),
    ).toEqual([true, true, true]);
    data.close();
    own.close();
  });
});

describe('a download of an archive', () => {
  let mirror: MirrorServer;
  afterEach(async () => {
    for (const name of ['CIFAR10', 'OLIVETTI', 'LFW']) delete process.env[`SADDLE_${name}_MIRRORS`];
    await mirror.close();
  });
  const fetching = { progress: () => {} };
  const sum = (kind: string, bytes: Uint8Array) => createHash(kind).update(bytes).digest('hex');

  it('of CIFAR-10 is checked, unpacked and installed', async () => {
    const archive = packTar(
      new Map([
        ['cifar-10-batches-bin/readme.html', Buffer.from('x')],
        ['cifar-10-batches-bin/data_batch_1.bin', record(4, 9, 8, 7)],
      ]),
    );
    mirror = await startMirror(new Map([['cifar-10-binary.tar.gz', archive]]));
    process.env['SADDLE_CIFAR10_MIRRORS'] = mirror.url;
    const set = createCifar10({ name: 'cifar-10-binary.tar.gz', md5: sum('md5', archive), bytes: archive.length });
    mirror.behave('cut', true);
    await set.fetch(home, fetching);
    expect(mirror.requests.length).toBeGreaterThan(1);
    expect((await set.open(home)).read([0]).subarray(0, 3)).toEqual(Uint8Array.of(9, 8, 7));
    expect(existsSync(join(home, 'cifar10.download'))).toBe(false);
    // The official set accepts no other archive.
    rmSync(join(home, 'cifar10'), { recursive: true });
    await expect(cifar10.fetch(home, fetching)).rejects.toThrow(/expected 170052171 bytes/);
  });

  it('of the Olivetti faces turns their columns into rows', async () => {
    const file = matlab(4096, 2, (pixel, face) => (pixel + 100 * face) % 256);
    mirror = await startMirror(new Map([['olivettifaces.mat', file]]));
    process.env['SADDLE_OLIVETTI_MIRRORS'] = mirror.url;
    const set = createOlivetti({ name: 'olivettifaces.mat', sources: [], sha256: sum('sha256', file) });
    await set.fetch(home, fetching);
    const data = await set.open(home);
    expect([data.count, data.height, data.width, data.channels]).toEqual([2, 64, 64, 1]);
    // Pixel (y, x) is entry 64 x + y of its column.
    expect([...data.read([1]).subarray(0, 3)]).toEqual([100, 164, 228]);
  });

  it('of LFW cuts the face out of each photograph', async () => {
    const archive = packTar(
      new Map([
        ['lfw_funneled/Ann/Ann_0001.jpg', await photograph(250, 250)],
        ['lfw_funneled/pairs.txt', Buffer.from('x')],
      ]),
    );
    mirror = await startMirror(new Map([['lfw-funneled.tgz', archive]]));
    process.env['SADDLE_LFW_MIRRORS'] = mirror.url;
    const set = createLfw({
      name: 'lfw-funneled.tgz',
      sources: [],
      sha256: sum('sha256', archive),
      bytes: archive.length,
    });
    await set.fetch(home, fetching);
    const data = await set.open(home);
    expect([data.count, data.height, data.width, data.channels]).toEqual([1, 62, 47, 1]);
    // Rows are marked in red, columns in green: half of row 70 + 2y and of column 78 + 2x, blue nothing, in the mean.
    const face = data.read([0]);
    for (const [y, x] of [
      [0, 0],
      [61, 46],
      [30, 10],
    ] as const)
      expect(Math.abs(face[y * 47 + x]! - (71 + 2.016 * y + 79 + 2 * x) / 3)).toBeLessThan(3);
  });
});

/** Red is the row and green the column, as JPEG of best quality. */
function photograph(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set([Math.min(255, y), Math.min(255, x), 0], (y * width + x) * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

/** A MATLAB file of level 5 with one matrix of bytes, `faces`. */
function matlab(rows: number, columns: number, value: (row: number, column: number) => number): Buffer {
  const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const values = Buffer.from(
    Array.from({ length: rows * columns }, (_, at) => value(at % rows, Math.floor(at / rows))),
  );
  const body = Buffer.concat([
    words(6, 8, 9, 0),
    words(5, 8, rows, columns),
    words(1, 5),
    Buffer.from('faces\0\0\0'),
    words(2, values.length),
    values,
  ]);
  const header = Buffer.alloc(128, 32);
  header.write('\x00\x01IM', 124, 'latin1');
  return Buffer.concat([header, words(14, body.length), body]);
}

describe('a MATLAB file', () => {
  // Written by scipy 1.17.1: savemat(file, {'p': [[1]], 'faces': m}), m = arange(15).reshape(5, 3) * 17 % 256.
  const files = [
    ['of bytes', 'AAFJTQ4AAAAwAAAABgAAAAgAAAAJAAAAAAAAAAUAAAAIAAAAAQAAAAEAAAABAAEAcAAAAAIAAQABAAAADgAAAEgAAAAGAAAACAAAAAkAAAAAAAAABQAAAAgAAAAFAAAAAwAAAAEAAAAFAAAAZmFjZXMAAAACAAAADwAAAAAzZpnMEUR3qt0iVYi77gA='],
    ['of doubles', 'AAFJTQ4AAAAwAAAABgAAAAgAAAAJAAAAAAAAAAUAAAAIAAAAAQAAAAEAAAABAAEAcAAAAAIAAQABAAAADgAAALAAAAAGAAAACAAAAAYAAAAAAAAABQAAAAgAAAAFAAAAAwAAAAEAAAAFAAAAZmFjZXMAAAAJAAAAeAAAAAAAAAAAAAAAAAAAAACASUAAAAAAAIBZQAAAAAAAIGNAAAAAAACAaUAAAAAAAAAxQAAAAAAAAFFAAAAAAADAXUAAAAAAAEBlQAAAAAAAoGtAAAAAAAAAQUAAAAAAAEBVQAAAAAAAAGFAAAAAAABgZ0AAAAAAAMBtQA=='],
    ['compressed', 'AAFJTQ8AAAAlAAAAeJzjY2BgMABiNiDmAGJOBghghfIZ4ZiRoQBIM4FZDAwAGBQA2w8AAAA8AAAAeJzjY2Bg8ABiNiDmAGJOBghghfJBNDMQM0LZaYnJqcVAmgmI+UEKjdNmnhF0KV91Vym0Y/c7BgCYFwmV'],
  ] as const; // prettier-ignore
  const bytesOf = (base64: string) => Buffer.concat([Buffer.alloc(124, 32), Buffer.from(base64, 'base64')]);

  it.each(files)('%s is read as scipy wrote it', (_title, base64) => {
    const { rows, columns, values } = readMatrix(bytesOf(base64), 'faces');
    expect([rows, columns]).toEqual([5, 3]);
    const expected = Array.from({ length: 15 }, (_, at) => (((at % 5) * 3 + Math.floor(at / 5)) * 17) % 256);
    expect([...values]).toEqual(expected);
  });

  it('is refused when it is cut short, something else, or without the matrix', () => {
    const whole = bytesOf(files[0][1]);
    expect(() => readMatrix(whole.subarray(0, 240), 'faces')).toThrow('cut short');
    expect(() => readMatrix(Buffer.alloc(500), 'faces')).toThrow('expected a MATLAB file of level 5');
    expect(() => readMatrix(whole, 'people')).toThrow('expected a matrix named people, found none');
  });
});

describe('the Olivetti faces', () => {
  const face = (level: number, size = 64) =>
    sharp({ create: { width: size, height: size, channels: 3, background: { r: level, g: level, b: level } } })
      .png()
      .toBuffer();

  it('come from a folder in the order of their numbers', async () => {
    const folder = write({
      'image-0.png': await face(0),
      'image-10.png': await face(10),
      'image-2.png': await face(2),
    });
    expect(await olivetti.import(home, folder)).toBe(3);
    const data = await olivetti.open(home);
    expect([0, 1, 2].map((index) => data.read([index])[0])).toEqual([0, 2, 10]);
  });

  it('are refused at another size, unless the user agrees to leave those out', async () => {
    const folder = write({
      'image-0.png': await face(1),
      'image-1.png': await face(2, 65),
      'notes.txt': Buffer.from('x'),
    });
    await expect(olivetti.import(home, folder)).rejects.toThrow(
      '1 of 3 files cannot be read:\n  image-1.png: expected 64 x 64 pixels, found 65 x 65\n',
    );
    expect(olivetti.isReady(home)).toBe(false);
    expect(await olivetti.import(home, folder, { skipUnreadable: true })).toBe(1);
  });

  it.skipIf(!isShared)('are 400 of 40 people when they are all there, and go through any view', async () => {
    expect(await olivetti.import(home, join(SHARED, 'olivetti'))).toBe(400);
    const data = await olivetti.open(home, { height: 32, width: 32, channels: 3 });
    expect([data.count, data.height, data.channels]).toEqual([400, 32, 3]);
    expect([data.labels[9], data.labels[10], data.labels[399]]).toEqual([0, 1, 39]);
    // One person's pictures are nearer to each other than to another's.
    const own = await olivetti.open(home);
    const distance = (one: number, other: number) => {
      const [a, b] = [own.read([one]), own.read([other])];
      return a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0);
    };
    let nearer = 0;
    for (let person = 0; person < 40; person++)
      if (distance(10 * person, 10 * person + 1) < distance(10 * person, (10 * person + 15) % 400)) nearer++;
    expect(nearer).toBeGreaterThan(32);
    data.close();
    own.close();
  });
});

describe('LFW', () => {
  it('refuses photographs of another size', async () => {
    await expect(lfw.import(home, write({ 'Ann/Ann_0001.jpg': await photograph(200, 200) }))).rejects.toThrow(
      'Ann/Ann_0001.jpg: expected 250 x 250 pixels, found 200 x 200',
    );
  });
});

describe('CelebA', () => {
  it('is imported in part and seen through both crops', async () => {
    const jpeg = await photograph(178, 218);
    const folder = write({
      'img_align_celeba/000001.jpg': jpeg,
      'img_align_celeba/000002.jpg': jpeg,
      'list_attr.txt': Buffer.from('x'),
    });
    expect(await celeba.import(home, folder)).toBe(2);
    expect([celeba.isReady(home), celeba.countIn!(home)]).toEqual([true, 2]);
    const corners = async (view: Parameters<typeof celeba.open>[1]) => {
      const data = await celeba.open(home, view);
      const image = data.read([1]);
      data.close();
      return [...image.subarray(0, 2), ...image.subarray(image.length - 3, image.length - 1)];
    };
    const near = (found: number[], expected: number[]) =>
      expect(Math.max(...found.map((value, at) => Math.abs(value - expected[at]!)))).toBeLessThanOrEqual(3);
    // Red is the row and green the column of the original.
    near(await corners({ height: 128, width: 128, crop: 'face-128' }), [50, 25, 177, 152]);
    near(await corners({ height: 108, width: 108, crop: 'centre-108' }), [55, 35, 162, 142]);
    near(await corners({ height: 64, width: 64, crop: 'face-128', resize: 'nearest' }), [50, 25, 176, 151]);
  });

  it('names the files that are not aligned images, and says how to get it', async () => {
    const folder = write({ '000001.jpg': await photograph(178, 218), '000002.jpg': await photograph(100, 100) });
    await expect(celeba.import(home, folder)).rejects.toThrow(
      /^1 of 2 files cannot be read:\n {2}000002\.jpg: expected 178 x 218 pixels, found 100 x 100\n.*--skip-unreadable\.$/s,
    );
    await expect(celeba.fetch(home, { progress: () => {} })).rejects.toThrow('saddle data import celeba FOLDER');
    await expect(celeba.open(home)).rejects.toThrow('saddle data import celeba FOLDER');
  });
});

describe('a tar archive', () => {
  it('gives the wanted files and passes over the others', async () => {
    const files = new Map([
      ['a.bin', Buffer.alloc(1000, 1)],
      ['b.txt', Buffer.from('no')],
      ['c.bin', Buffer.alloc(512, 2)],
      ['empty.bin', Buffer.alloc(0)],
    ]);
    const path = join(write({ 'x.tar.gz': packTar(files) }), 'x.tar.gz');
    const found: [string, number][] = [];
    for await (const file of filesInArchive(path, (name) => name.endsWith('.bin')))
      found.push([file.path, file.bytes.length]);
    expect(found).toEqual([
      ['a.bin', 1000],
      ['c.bin', 512],
      ['empty.bin', 0],
    ]);
  });

  it('that ends early is refused', async () => {
    const whole = packTar(
      new Map([['a.bin', Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * at) % 251))]]),
    );
    const path = join(write({ 'x.tar.gz': whole.subarray(0, whole.length >> 1) }), 'x.tar.gz');
    const read = async () => {
      for await (const file of filesInArchive(path, () => true)) expect(file.path).toBe('never');
    };
    await expect(read()).rejects.toThrow(
      /^x\.tar\.gz: expected a whole \.tar\.gz archive, found a damaged one or one that ends early/,
    );
  });
});
