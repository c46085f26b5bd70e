// CIFAR-10 in its binary form: records of one byte for the class and 3,072 for the pixels, all reds, then all greens,
// then all blues of a 32 x 32 image. Fetched as the official archive, or imported from it or from any of its batches.

import { existsSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../../shared/contract.ts';
import { download } from '../download/download.ts';
import type { DataHome, Fetching, Watch } from './dataset.ts';
import { imageSet } from './image-set.ts';
import { mirrorsOf } from './mirrors.ts';
import { countStored, openStored, storeSet, type StoredImage } from './stored-set.ts';
import { filesInArchive } from './tar.ts';

const SHAPE = { height: 32, width: 32, channels: 3 };
const PLANE = 32 * 32;
const RECORD = 1 + 3 * PLANE;
/** Of one batch. */
const MOST_RECORDS = 10_000;
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const BATCH = /(^|\/)data_batch_[1-5]\.bin$/;

/** Size and MD5 as the official page gives them. */
const ARCHIVE = {
  name: 'cifar-10-binary.tar.gz',
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  bytes: 170_052_171,
};

export const cifar10 = createCifar10(ARCHIVE);

/** CIFAR-10 from this archive: another than the official one is for tests. */
export function createCifar10(archive: typeof ARCHIVE): ReturnType<typeof imageSet> {
  const isReady = (home: DataHome) => countStored(home, 'cifar10', SHAPE) > 0;
  return imageSet({
    id: 'cifar10',
    title: 'CIFAR-10',
    about: '50,000 small photographs of ten things, in colour, 32 x 32 pixels.',
    licence: 'None stated; collected for research from the 80 million tiny images',
    source: 'A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009',
    ...SHAPE,
    count: 50_000,
    classes: CLASSES,
    downloadBytes: archive.bytes,
    generated: false,
    isReady,
    countIn: (home) => countStored(home, 'cifar10', SHAPE),
    async fetch(home, fetching) {
      if (!isReady(home)) await fetchArchive(home, archive, fetching);
    },
    import: importCifar10,
    openSource: (home) => openStored(home, 'cifar10', 'CIFAR-10', SHAPE),
  });
}

async function fetchArchive(home: DataHome, archive: typeof ARCHIVE, fetching: Fetching): Promise<void> {
  const mirrors = mirrorsOf('SADDLE_CIFAR10_MIRRORS', ['https://www.cs.toronto.edu/~kriz/']);
  const packed = join(home, 'cifar10.download');
  await download({
    sources: mirrors.map((mirror) => `${mirror}${archive.name}`),
    file: join(packed, archive.name),
    md5: archive.md5,
    bytes: archive.bytes,
    signal: fetching.signal,
    progress: (received, total) => fetching.progress(archive.name, received, total),
  });
  await importCifar10(home, packed, { signal: fetching.signal });
  await rm(packed, { recursive: true, force: true });
}

/** All batches that are there: a part of the set will do. `place` is a folder, or the archive itself. */
async function importCifar10(home: DataHome, place: string, watch: Watch = {}): Promise<number> {
  const batches = findBatches(place);
  return storeSet(home, 'cifar10', SHAPE, recordsOf(batches, watch));
}

/** Paths of batches or of an archive. */
function findBatches(place: string): readonly string[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found?.isFile()) return [place];
  const folders = [place, join(place, 'cifar-10-batches-bin')];
  for (const folder of folders) {
    const names = [1, 2, 3, 4, 5].flatMap((n) => [`data_batch_${n}.bin`, `data_batch_${n}.bin.gz`]);
    const batches = names.map((name) => join(folder, name)).filter((path) => existsSync(path));
    // Plain and packed beside each other are the same batch.
    const once = batches.filter((path) => !path.endsWith('.gz') || !batches.includes(path.slice(0, -3)));
    if (once.length > 0) return once;
  }
  const archive = join(place, ARCHIVE.name);
  if (existsSync(archive)) return [archive];
  const what = found ? 'none of them there' : 'no such folder';
  throw new UserError(
    `${place}: expected ${ARCHIVE.name}, or data_batch_1.bin to data_batch_5.bin (or some of them, .gz or plain), found ${what}.`,
  );
}

async function* recordsOf(paths: readonly string[], watch: Watch): AsyncGenerator<StoredImage> {
  let done = 0;
  for (const path of paths)
    for await (const { name, bytes } of path.endsWith('.tar.gz') ? batchesInArchive(path) : readBatch(path)) {
      watch.signal?.throwIfAborted();
      yield* readRecords(name, bytes);
      done += bytes.length / RECORD;
      watch.progress?.(done, 0);
    }
  if (done === 0) throw new UserError(`${paths.join(', ')}: expected batches of CIFAR-10 inside, found none.`);
}

interface BatchBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function* batchesInArchive(path: string): AsyncGenerator<BatchBytes> {
  const isBatch = (name: string, bytes: number) => BATCH.test(name) && bytes <= MOST_RECORDS * RECORD;
  for await (const file of filesInArchive(path, isBatch)) yield { name: basename(file.path), bytes: file.bytes };
}

const unpackGzip = promisify(gunzip);

async function* readBatch(path: string): AsyncGenerator<BatchBytes> {
  const name = basename(path);
  if (statSync(path).size > MOST_RECORDS * RECORD + 65_536)
    throw new UserError(`${name}: expected at most ${MOST_RECORDS} records of ${RECORD} bytes, found a larger file.`);
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return yield { name, bytes };
  const unpacked = await unpackGzip(bytes, { maxOutputLength: MOST_RECORDS * RECORD }).catch((problem: Error) => {
    throw new UserError(
      `${name}: expected a whole gzip file, found a damaged one (${problem.message}). Get it again.`,
      {
        cause: problem,
      },
    );
  });
  yield { name, bytes: unpacked };
}

/** Throws UserError when the bytes are no records. */
export function* readRecords(name: string, bytes: Uint8Array): Generator<StoredImage> {
  const count = bytes.length / RECORD;
  if (count === 0 || !Number.isInteger(count))
    throw new UserError(
      `${name}: expected records of ${RECORD} bytes, found ${bytes.length} bytes: the file is cut short or something else.`,
    );
  for (let record = 0; record < count; record++) {
    const at = record * RECORD;
    const label = bytes[at]!;
    if (label > 9) throw new UserError(`${name}: expected classes from 0 to 9, found ${label} for image ${record}.`);
    const pixels = new Uint8Array(3 * PLANE);
    for (let pixel = 0; pixel < PLANE; pixel++)
      for (let channel = 0; channel < 3; channel++)
        pixels[3 * pixel + channel] = bytes[at + 1 + channel * PLANE + pixel]!;
    yield { pixels, label };
  }
}
