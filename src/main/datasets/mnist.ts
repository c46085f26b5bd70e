// MNIST: fetched from a list of mirrors, or imported from the four files the user already has. Either way every
// file is checked whole before anything is installed, and a failure leaves what was there before untouched.

import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { download } from '../download/download.ts';
import type { DataHome, DataSet, Fetching, OpenDataSet } from './dataset.ts';
import { encodeIdx, idxBytes, readIdx } from './idx.ts';
import type { IdxShape } from './idx.ts';
import { installFiles } from './install.ts';

export interface MnistFile {
  /** As the original site names it, without `.gz`; also the name of the installed, unpacked file. */
  readonly name: string;
  readonly shape: IdxShape;
  /** MD5 and size of the gzip file as every mirror serves it. */
  readonly md5: string;
  readonly packedBytes: number;
}

const TRAIN_IMAGES = 'train-images-idx3-ubyte';
const TRAIN_LABELS = 'train-labels-idx1-ubyte';
const TRAIN_SHAPE: IdxShape = [60_000, 28, 28];
const TEST_SHAPE: IdxShape = [10_000, 28, 28];

export const MNIST_FILES: readonly MnistFile[] = [
  { name: TRAIN_IMAGES, shape: TRAIN_SHAPE, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873', packedBytes: 9_912_422 },
  { name: TRAIN_LABELS, shape: [60_000], md5: 'd53e105ee54ea40749a09fcbcd1e9432', packedBytes: 28_881 },
  {
    name: 't10k-images-idx3-ubyte',
    shape: TEST_SHAPE,
    md5: '9fb629c4189551a2d022fa330f9573f3',
    packedBytes: 1_648_877,
  },
  { name: 't10k-labels-idx1-ubyte', shape: [10_000], md5: 'ec29112dd5afa0611ce80d1b7f02629c', packedBytes: 4_542 },
];

/** The original site comes last: it often refuses, and speaks without TLS (the MD5 makes that harmless). */
const MIRRORS = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'http://yann.lecun.com/exdb/mnist/',
];

export const mnist = createMnist(MNIST_FILES);

/** MNIST with these files: others than the official ones are for tests, which have no official gzip files to serve. */
export function createMnist(files: readonly MnistFile[]): DataSet {
  return {
    id: 'mnist',
    kind: 'images',
    title: 'MNIST',
    about: '60,000 handwritten digits, grey, 28 x 28 pixels: the data set most GAN papers start with.',
    licence: 'CC BY-SA 3.0',
    source: 'Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits, 1998',
    height: 28,
    width: 28,
    channels: 1,
    count: 60_000,
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    downloadBytes: files.reduce((total, file) => total + file.packedBytes, 0),
    generated: false,
    isReady: (home) => isReady(home, files),
    fetch: (home, fetching) => fetchMnist(home, fetching, files),
    import: (home, folder) => importMnist(home, folder, files),
    open: openMnist,
  };
}

/** The mirrors in the order they are tried: SADDLE_MNIST_MIRRORS (addresses of folders, set apart by spaces or commas), else the known ones. */
export function mnistMirrors(env: Readonly<Record<string, string | undefined>> = process.env): readonly string[] {
  const named = (env['SADDLE_MNIST_MIRRORS'] ?? '').split(/[\s,]+/).filter(Boolean);
  for (const mirror of named)
    if (!/^https?:\/\/./.test(mirror) || !URL.canParse(mirror))
      throw new UserError(
        `SADDLE_MNIST_MIRRORS: expected addresses that start with http:// or https://, found ${mirror}.`,
      );
  return (named.length > 0 ? named : MIRRORS).map((mirror) => (mirror.endsWith('/') ? mirror : `${mirror}/`));
}

function folderIn(home: DataHome): string {
  return join(home, 'mnist');
}

/** By the sizes alone, which are exact: cheap enough for every listing. */
function isReady(home: DataHome, files: readonly MnistFile[]): boolean {
  return files.every(({ name, shape }) => {
    const found = statSync(join(folderIn(home), name), { throwIfNoEntry: false });
    return found?.size === idxBytes(shape);
  });
}

async function fetchMnist(home: DataHome, fetching: Fetching, files: readonly MnistFile[]): Promise<void> {
  if (isReady(home, files)) return;
  const mirrors = mnistMirrors();
  // Kept after a failure, so that the next attempt goes on where this one stopped.
  const packed = join(home, 'mnist.download');
  for (const { name, md5, packedBytes } of files)
    await download({
      sources: mirrors.map((mirror) => `${mirror}${name}.gz`),
      file: join(packed, `${name}.gz`),
      md5,
      bytes: packedBytes,
      signal: fetching.signal,
      // Short: there are other mirrors, and each of the four files comes past a dead one.
      backOffMs: 200,
      progress: (received, total) => fetching.progress(`${name}.gz`, received, total),
    });
  await importMnist(home, packed, files, fetching.signal);
  await rm(packed, { recursive: true, force: true });
}

/**
 * Judged by content, not by checksum: files that somebody packed or built anew are welcome when magic numbers,
 * counts, sizes and labels are right.
 */
async function importMnist(
  home: DataHome,
  folder: string,
  files: readonly MnistFile[],
  signal?: AbortSignal,
): Promise<number> {
  const paths = files.map((file) => findFile(folder, file.name));
  const contents = new Map<string, Uint8Array>();
  for (const [index, { name, shape }] of files.entries()) {
    signal?.throwIfAborted();
    const values = await readIdx(paths[index]!, shape);
    if (shape.length === 1) checkLabels(paths[index]!, values);
    contents.set(name, encodeIdx(shape, values));
  }
  signal?.throwIfAborted();
  await installFiles(folderIn(home), contents);
  return TRAIN_SHAPE[0]!;
}

/** In the folder or its sub-folder `raw` (where torchvision puts them); `train-images.idx3-ubyte` is what some unpackers make of the name. */
function findFile(folder: string, name: string): string {
  const names = [name, `${name}.gz`, name.replace('-idx', '.idx'), `${name.replace('-idx', '.idx')}.gz`];
  const paths = [folder, join(folder, 'raw')].flatMap((place) => names.map((each) => join(place, each)));
  const found = paths.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found !== undefined) return found;
  const what = existsSync(folder) ? 'no such file there' : 'no such folder';
  throw new UserError(`${folder}: expected ${names.slice(0, 3).join(', ')} (or the same under raw), found ${what}.`);
}

function checkLabels(path: string, labels: Uint8Array): void {
  const wrong = labels.findIndex((label) => label > 9);
  if (wrong !== -1)
    throw new UserError(`${basename(path)}: expected labels from 0 to 9, found ${labels[wrong]} for image ${wrong}.`);
}

async function openMnist(home: DataHome): Promise<OpenDataSet> {
  const folder = folderIn(home);
  if (!existsSync(folder))
    throw new UserError(
      `MNIST: expected its files in ${folder}, found nothing. Get it on the Data page or with: saddle data get mnist`,
    );
  const pixels = await readIdx(join(folder, TRAIN_IMAGES), TRAIN_SHAPE);
  const labels = await readIdx(join(folder, TRAIN_LABELS), [TRAIN_SHAPE[0]!]);
  checkLabels(TRAIN_LABELS, labels);
  return openImages(pixels, labels);
}

function openImages(pixels: Uint8Array, labels: Uint8Array): OpenDataSet {
  const size = 28 * 28;
  return {
    count: labels.length,
    height: 28,
    width: 28,
    channels: 1,
    labels,
    read(indices) {
      const images = new Uint8Array(indices.length * size);
      for (let position = 0; position < indices.length; position++) {
        const index = indices[position]!;
        if (!(index >= 0 && index < labels.length)) throw new RangeError(`image ${index} of ${labels.length}`);
        images.set(pixels.subarray(index * size, (index + 1) * size), position * size);
      }
      return images;
    },
    close() {},
  };
}
