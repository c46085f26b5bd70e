// MNIST from mirrors that fail in every way, and from folders of the user's. The files have MNIST's shapes and names;
// the real ones are imported where they lie beside the checkout.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import type { DataSet } from '../../../src/main/datasets/dataset.ts';
import { encodeIdx } from '../../../src/main/datasets/idx.ts';
import { createMnist, MNIST_FILES, mnist, mnistMirrors } from '../../../src/main/datasets/mnist.ts';
import { startMirror, type MirrorServer } from './mirror-server.ts';

const REAL = resolve(import.meta.dirname, '../../../../shared/data/mnist');

const plain = new Map<string, Uint8Array>();
const packed = new Map<string, Uint8Array>();
let digits: DataSet;
let mirror: MirrorServer;
let home: string;

beforeAll(async () => {
  for (const { name, shape } of MNIST_FILES) {
    const values = new Uint8Array(shape.reduce((total, length) => total * length, 1));
    // Image k holds k mod 251 everywhere, and its label is k mod 10.
    if (shape.length === 1) values.forEach((_zero, index) => (values[index] = index % 10));
    else for (let image = 0; image < shape[0]!; image++) values.fill(image % 251, image * 784, (image + 1) * 784);
    plain.set(name, encodeIdx(shape, values));
    packed.set(`${name}.gz`, gzipSync(plain.get(name)!, { level: 1 }));
  }
  digits = createMnist(
    MNIST_FILES.map((file) => {
      const bytes = packed.get(`${file.name}.gz`)!;
      return { ...file, md5: createHash('md5').update(bytes).digest('hex'), packedBytes: bytes.length };
    }),
  );
  mirror = await startMirror(packed);
});
afterAll(() => mirror.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle mnist '));
  mirror.behave('good');
  process.env['SADDLE_MNIST_MIRRORS'] = mirror.url;
});
afterEach(() => {
  delete process.env['SADDLE_MNIST_MIRRORS'];
  rmSync(home, { recursive: true, force: true });
});

const silent = { progress: () => {} };

async function expectDigits(): Promise<void> {
  expect(digits.isReady(home)).toBe(true);
  // Nothing is left over beside it.
  expect(readdirSync(home)).toEqual(['mnist']);
  const open = await digits.open(home);
  expect([open.count, open.height, open.width, open.channels]).toEqual([60_000, 28, 28, 1]);
  const read = open.read([59_999, 7]);
  expect(read.length).toBe(2 * 784);
  expect(new Set(read.subarray(0, 784))).toEqual(new Set([59_999 % 251]));
  expect(new Set(read.subarray(784))).toEqual(new Set([7]));
  expect([...open.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  expect(() => open.read([60_000])).toThrow(RangeError);
}

/** What lies in the home folder, with the content of each file. */
function snapshot(): Record<string, string> {
  const names = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, createHash('md5').update(readFileSync(path)).digest('hex')];
    }),
  );
}

/** A folder of four files, named and changed as wanted. */
function userFolder(files: ReadonlyMap<string, Uint8Array>, place = 'own files'): string {
  const folder = join(home, place);
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  return folder;
}

describe('fetching MNIST', () => {
  it('downloads, checks, installs and tells how far it is', async () => {
    const seen = new Map<string, [received: number, total: number]>();
    await digits.fetch(home, { progress: (file, received, total) => void seen.set(file, [received, total]) });
    await expectDigits();
    expect([...seen]).toEqual([...packed].map(([name, bytes]) => [name, [bytes.length, bytes.length]]));
    expect(digits.downloadBytes).toBe([...packed.values()].reduce((total, bytes) => total + bytes.length, 0));
  });

  it('asks nobody when it is there already', async () => {
    await digits.fetch(home, silent);
    mirror.behave('gone');
    await digits.fetch(home, silent);
    expect(mirror.requests).toEqual([]);
  });

  it('goes on where the connection was cut in the middle of a file', async () => {
    mirror.behave('cut', true);
    await digits.fetch(home, silent);
    await expectDigits();
    const resumed = [...packed].map(([name, bytes]) => `${name} bytes=${bytes.length >> 1}-`);
    expect(mirror.requests.filter((request) => request.includes('bytes='))).toEqual(resumed);
  });

  it('takes the next mirror when one sends the wrong bytes', async () => {
    const liar = await startMirror(packed);
    liar.behave('wrong bytes');
    process.env['SADDLE_MNIST_MIRRORS'] = `${liar.url} ${mirror.url}`;
    await digits.fetch(home, silent).finally(() => liar.close());
    await expectDigits();
    expect(liar.requests).toEqual([...packed.keys()]);
  });

  it('takes the next mirror when the first is dead', async () => {
    // Its port refuses connections from now on.
    const dead = await startMirror(packed);
    await dead.close();
    process.env['SADDLE_MNIST_MIRRORS'] = `${dead.url},${mirror.url}`;
    await digits.fetch(home, silent);
    await expectDigits();
  });

  it('waits for a slow mirror, with progress in between', async () => {
    mirror.behave('slow');
    const calls: number[] = [];
    await digits.fetch(home, { progress: (_file, received) => void calls.push(received) });
    await expectDigits();
    expect(calls.length).toBeGreaterThan(20);
  });

  it('stops when it is cancelled and resumes at the next call', async () => {
    mirror.behave('slow');
    const cancel = new AbortController();
    const fetching = digits.fetch(home, {
      signal: cancel.signal,
      progress: (_file, received) => received > 0 && cancel.abort(),
    });
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(digits.isReady(home)).toBe(false);
    mirror.behave('good');
    await digits.fetch(home, silent);
    expect(mirror.requests[0]).toMatch(/^train-images-idx3-ubyte\.gz bytes=[1-9]/);
    await expectDigits();
  });

  it('refuses wrong bytes from every mirror, naming file, expected, found and source, and installs nothing', async () => {
    mirror.behave('wrong bytes');
    const refusal = (await digits.fetch(home, silent).catch((problem: unknown) => problem)) as UserError;
    expect(refusal).toBeInstanceOf(UserError);
    const bytes = packed.get('train-images-idx3-ubyte.gz')!;
    const expected = createHash('md5').update(bytes).digest('hex');
    const found = createHash('md5')
      .update(bytes.map((byte) => byte ^ 1))
      .digest('hex');
    expect(refusal.message).toContain(
      `train-images-idx3-ubyte.gz could not be downloaded (expected ${bytes.length} bytes, MD5 ${expected})`,
    );
    expect(refusal.message).toContain(`expected MD5 ${expected}, found ${found} (${bytes.length} bytes)`);
    expect(refusal.message).toContain(mirror.url);
    expect(existsSync(join(home, 'mnist'))).toBe(false);
  });

  it('accepts nothing but the official files when it is MNIST itself', async () => {
    await expect(mnist.fetch(home, silent)).rejects.toThrow(
      /train-images-idx3-ubyte\.gz could not .*expected 9912422 bytes, MD5 f68b3c2dcbeaaa9fbdd348bbdeb94873/,
    );
    expect(mnist.isReady(home)).toBe(false);
  });
});

describe('the list of mirrors', () => {
  it('has the original site last', () => {
    const known = mnistMirrors({});
    expect(known.map((mirrorUrl) => new URL(mirrorUrl).host)).toEqual([
      'ossci-datasets.s3.amazonaws.com',
      'storage.googleapis.com',
      'yann.lecun.com',
    ]);
    expect(known.every((mirrorUrl) => mirrorUrl.endsWith('/'))).toBe(true);
  });

  it('is replaced by SADDLE_MNIST_MIRRORS, which must hold addresses', () => {
    expect(mnistMirrors({ SADDLE_MNIST_MIRRORS: ' http://one/a, https://two/b/ ' })).toEqual([
      'http://one/a/',
      'https://two/b/',
    ]);
    expect(() => mnistMirrors({ SADDLE_MNIST_MIRRORS: 'file:///etc' })).toThrow(
      new UserError('SADDLE_MNIST_MIRRORS: expected addresses that start with http:// or https://, found file:///etc.'),
    );
  });
});

describe('importing MNIST', () => {
  const renamed = (name: (old: string) => string) => new Map([...plain].map(([old, bytes]) => [name(old), bytes]));

  it.each<[string, () => [string, ReadonlyMap<string, Uint8Array>]]>([
    ['gzip', () => ['own files', packed]],
    ['plain', () => ['own files', plain]],
    ['named with a dot', () => ['own files', renamed((old) => old.replace('-idx', '.idx'))]],
    ['in a sub-folder called raw', () => ['own files/raw', packed]],
  ])('takes files that are %s', async (_title, choose) => {
    const [place, files] = choose();
    userFolder(files, place);
    expect(await digits.import(home, join(home, 'own files'))).toBe(60_000);
    rmSync(join(home, 'own files'), { recursive: true });
    await expectDigits();
  });

  const images = 'train-images-idx3-ubyte';
  const labels = 'train-labels-idx1-ubyte';
  it.each<[string, (files: Map<string, Uint8Array>) => void, RegExp]>([
    [
      'a missing file',
      (files) => files.delete('t10k-labels-idx1-ubyte'),
      /own files: expected t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte\.gz, t10k-labels\.idx1-ubyte \(or the same under raw\), found no such file there\.$/,
    ],
    [
      'test images named as training images',
      (files) => files.set(images, plain.get('t10k-images-idx3-ubyte')!),
      /^train-images-idx3-ubyte: expected 60000 images of 28 x 28 pixels, found 10000 images of 28 x 28 pixels\./,
    ],
    [
      'labels with a wrong magic number',
      (files) => files.set(labels, plain.get(images)!.subarray(0, 60_008)),
      /^train-labels-idx1-ubyte: expected the magic number 2049 \(IDX labels\), found 2051\./,
    ],
    [
      'truncated gzip',
      (files) => {
        files.delete(images);
        files.set(`${images}.gz`, packed.get(`${images}.gz`)!.subarray(0, 100_000));
      },
      /^train-images-idx3-ubyte\.gz: expected a whole gzip file of 47040016 bytes unpacked, found one that ends early, after 100000 bytes\./,
    ],
    [
      'a label that is no digit',
      (files) => {
        const wrong = plain.get(labels)!.slice();
        wrong[8 + 4321] = 17;
        files.set(labels, wrong);
      },
      /^train-labels-idx1-ubyte: expected labels from 0 to 9, found 17 for image 4321\.$/,
    ],
  ])('refuses %s and leaves what was there untouched', async (_title, spoil, message) => {
    userFolder(packed, 'before');
    await digits.import(home, join(home, 'before'));
    const files = new Map(plain);
    spoil(files);
    const folder = userFolder(files);
    const before = snapshot();
    const refusal = await digits.import(home, folder).catch((problem: unknown) => problem);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as Error).message).toMatch(message);
    expect(snapshot()).toEqual(before);
  });

  it('refuses a folder that is not there', async () => {
    await expect(digits.import(home, join(home, 'nowhere'))).rejects.toThrow('found no such folder.');
  });

  it('replaces what was there by what is right', async () => {
    const other = new Map(plain);
    const values = plain.get(labels)!.slice();
    values.fill(3, 8);
    other.set(labels, values);
    await digits.import(home, userFolder(other, 'other'));
    expect((await digits.open(home)).labels[0]).toBe(3);
    await digits.import(home, userFolder(packed));
    expect((await digits.open(home)).labels[0]).toBe(0);
  });
});

describe('opening MNIST', () => {
  it('says how to get it when it is absent', async () => {
    await expect(digits.open(home)).rejects.toThrow(
      /expected its files in .*, found nothing\. Get it .* saddle data get mnist$/,
    );
  });

  it('refuses a file that was damaged after it was installed', async () => {
    await digits.import(home, userFolder(packed));
    const path = join(home, 'mnist', 'train-images-idx3-ubyte');
    writeFileSync(path, readFileSync(path).subarray(0, 1_000_000));
    expect(digits.isReady(home)).toBe(false);
    await expect(digits.open(home)).rejects.toThrow(
      'train-images-idx3-ubyte: expected 47040016 bytes for 60000 images of 28 x 28 pixels, found 1000000: the file is cut short.',
    );
  });
});

describe.skipIf(!existsSync(REAL))(
  'the real MNIST beside the checkout (skipped where ../shared/data/mnist is absent)',
  () => {
    it('is imported to the official bytes, and reads as the first digits 5 0 4 1 9', async () => {
      cpSync(REAL, join(home, 'copy'), { recursive: true });
      expect(await mnist.import(home, join(home, 'copy'))).toBe(60_000);
      const sums = MNIST_FILES.map(({ name }) =>
        createHash('md5')
          .update(readFileSync(join(home, 'mnist', name)))
          .digest('hex'),
      );
      expect(sums).toEqual([
        '6bbc9ace898e44ae57da46a324031adb',
        'a25bea736e30d166cdddb491f175f624',
        '2646ac647ad5339dbf082846283269ea',
        '27ae3e4e09519cfbb04c329615203637',
      ]);
      const open = await mnist.open(home);
      expect([...open.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
      const first = open.read([0]);
      // The mean of MNIST's first image, a 5, known from many tutorials as 35.1.
      expect(first.reduce((sum, value) => sum + value, 0) / 784).toBeCloseTo(35.108, 2);
    });
  },
);
