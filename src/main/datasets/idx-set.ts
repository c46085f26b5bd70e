// MNIST and those made in its image: four IDX files with 60,000 training and 10,000 test images of 28 x 28 grey pixels in
// ten classes, fetched from a list of mirrors or imported from files the user already has. Either way every file is
// checked whole before anything is installed, and a failure leaves what was there before untouched.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../shared/contract.ts';
import { download } from '../download/download.ts';
import type { DataHome, DataSet, Fetching } from './dataset.ts';
import { checkIdx, encodeIdx, idxBytes, readIdx } from './idx.ts';
import type { IdxShape } from './idx.ts';
import { imageSet } from './image-set.ts';
import type { ImageSource } from './image-source.ts';
import { installFiles } from './install.ts';
import { mirrorsOf } from './mirrors.ts';
import { openPixelFile } from './pixel-file.ts';

export interface IdxFile {
  /** As the original site names it, without `.gz`; also the name of the installed, unpacked file. */
  readonly name: string;
  readonly shape: IdxShape;
  /** MD5 and size of the gzip file as every mirror serves it. */
  readonly md5: string;
  readonly packedBytes: number;
}

export interface IdxSetFacts extends Pick<DataSet, 'id' | 'title' | 'about' | 'licence' | 'source' | 'classes'> {
  readonly files: readonly IdxFile[];
  /** Addresses of folders with the files, `.gz` each, in the order they are tried; a variable of the environment may name others. */
  readonly mirrors: { readonly variable: string; readonly known: readonly string[] };
}

const TRAIN_IMAGES = 'train-images-idx3-ubyte';
const TRAIN_LABELS = 'train-labels-idx1-ubyte';
const TRAIN_SHAPE: IdxShape = [60_000, 28, 28];
const TEST_SHAPE: IdxShape = [10_000, 28, 28];

/** The four files; MD5 and size of each in the order training images, training labels, test images, test labels. */
export function idxFiles(sums: readonly (readonly [md5: string, packedBytes: number])[]): readonly IdxFile[] {
  const shapes: readonly (readonly [string, IdxShape])[] = [
    [TRAIN_IMAGES, TRAIN_SHAPE],
    [TRAIN_LABELS, [60_000]],
    ['t10k-images-idx3-ubyte', TEST_SHAPE],
    ['t10k-labels-idx1-ubyte', [10_000]],
  ];
  return shapes.map(([name, shape], index) => {
    const [md5, packedBytes] = sums[index]!;
    return { name, shape, md5, packedBytes };
  });
}

export function createIdxSet({ files, mirrors, ...facts }: IdxSetFacts): DataSet {
  const set: IdxSetFacts = { files, mirrors, ...facts };
  return imageSet({
    ...facts,
    height: 28,
    width: 28,
    channels: 1,
    count: 60_000,
    downloadBytes: files.reduce((total, file) => total + file.packedBytes, 0),
    generated: false,
    isReady: (home) => isReady(join(home, facts.id), files),
    fetch: (home, fetching) => fetchFiles(home, fetching, set),
    import: (home, folder, watch) => importFiles(join(home, facts.id), folder, files, watch?.signal),
    openSource: (home) => openFiles(home, set),
  });
}

/** By the sizes alone, which are exact: cheap enough for every listing. */
function isReady(folder: string, files: readonly IdxFile[]): boolean {
  return files.every(({ name, shape }) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.size === idxBytes(shape);
  });
}

async function fetchFiles(home: DataHome, fetching: Fetching, { id, files, mirrors }: IdxSetFacts): Promise<void> {
  if (isReady(join(home, id), files)) return;
  const sources = mirrorsOf(mirrors.variable, mirrors.known);
  // Kept after a failure, so that the next attempt goes on where this one stopped.
  const packed = join(home, `${id}.download`);
  for (const { name, md5, packedBytes } of files)
    await download({
      sources: sources.map((mirror) => `${mirror}${name}.gz`),
      file: join(packed, `${name}.gz`),
      md5,
      bytes: packedBytes,
      signal: fetching.signal,
      // Short: there are other mirrors, and each of the four files comes past a dead one.
      backOffMs: 200,
      progress: (received, total) => fetching.progress(`${name}.gz`, received, total),
    });
  await importFiles(join(home, id), packed, files, fetching.signal);
  await rm(packed, { recursive: true, force: true });
}

/**
 * Judged by content, not by checksum: files that somebody packed or built anew are welcome when magic numbers,
 * counts, sizes and labels are right.
 */
async function importFiles(
  installed: string,
  folder: string,
  files: readonly IdxFile[],
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
  await installFiles(installed, contents);
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

async function openFiles(home: DataHome, { id, title }: IdxSetFacts): Promise<ImageSource> {
  const folder = join(home, id);
  if (!existsSync(folder))
    throw new UserError(
      `${title}: expected its files in ${folder}, found nothing. Get it on the Data page or with: saddle data get ${id}`,
    );
  const offset = await checkIdx(join(folder, TRAIN_IMAGES), TRAIN_SHAPE);
  const labels = await readIdx(join(folder, TRAIN_LABELS), [TRAIN_SHAPE[0]!]);
  checkLabels(TRAIN_LABELS, labels);
  const { read, close } = openPixelFile(join(folder, TRAIN_IMAGES), { offset, count: labels.length, size: 28 * 28 });
  return {
    count: labels.length,
    labels,
    own: { height: 28, width: 28, channels: 1, crop: 'centre', resize: null },
    originalSize: { height: 28, width: 28 },
    identity: () => hashOf(join(folder, TRAIN_IMAGES)),
    original: (index) => Promise.resolve({ height: 28, width: 28, channels: 1, data: read([index]) }),
    read,
    close,
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
