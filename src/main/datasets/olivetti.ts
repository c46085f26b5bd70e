// The Olivetti faces: 400 grey images of 64 x 64 pixels, ten of each of 40 people. Fetched as the MATLAB file that
// scikit-learn uses too, or imported from it or from a folder with the images.

import { existsSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { UnreadableFile } from '../../shared/images.ts';
import { download } from '../download/download.ts';
import type { DataHome, Fetching, ImportWatch } from './dataset.ts';
import { decodeFiles, listFolder, UnreadableFiles, watched } from './image-files.ts';
import { imageSet } from './image-set.ts';
import { readMatrix } from './mat.ts';
import { mirrorsOf } from './mirrors.ts';
import { withChannels } from './resample.ts';
import { countStored, openStored, storeSet, type StoredImage } from './stored-set.ts';

const SHAPE = { height: 64, width: 64, channels: 1 };
const SIZE = 64 * 64;
const COUNT = 400;
/** Of each person, one after the other. */
const IMAGES_A_PERSON = 10;

/** Address and SHA-256 as scikit-learn has them. */
const MATLAB = {
  name: 'olivettifaces.mat',
  sources: ['https://ndownloader.figshare.com/files/5976027', 'https://cs.nyu.edu/~roweis/data/olivettifaces.mat'],
  sha256: 'b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794',
};

export const olivetti = createOlivetti(MATLAB);

/** The faces from this file: another than the official one is for tests. */
export function createOlivetti(file: typeof MATLAB): ReturnType<typeof imageSet> {
  const isReady = (home: DataHome) => countStored(home, 'olivetti', SHAPE) > 0;
  return imageSet({
    id: 'olivetti',
    title: 'Olivetti faces',
    about: '400 faces, grey, 64 x 64 pixels: ten pictures of each of 40 people, taken in one room.',
    licence: 'Free to use with credit to AT&T Laboratories Cambridge',
    source: 'F. Samaria, A. Harter: Parameterisation of a stochastic model for human face identification, 1994',
    ...SHAPE,
    count: COUNT,
    classes: Array.from({ length: COUNT / IMAGES_A_PERSON }, (_, person) => String(person)),
    // The host does not say; what comes is checked by its SHA-256.
    downloadBytes: 0,
    generated: false,
    isReady,
    countIn: (home) => countStored(home, 'olivetti', SHAPE),
    async fetch(home, fetching) {
      if (!isReady(home)) await fetchFaces(home, file, fetching);
    },
    import: importFaces,
    openSource: (home) => openStored(home, 'olivetti', 'Olivetti faces', SHAPE),
  });
}

async function fetchFaces(home: DataHome, file: typeof MATLAB, fetching: Fetching): Promise<void> {
  const named = mirrorsOf('SADDLE_OLIVETTI_MIRRORS', []);
  const packed = join(home, 'olivetti.download');
  await download({
    sources: named.length > 0 ? named.map((mirror) => `${mirror}${file.name}`) : file.sources,
    file: join(packed, file.name),
    sha256: file.sha256,
    signal: fetching.signal,
    progress: (received, total) => fetching.progress(file.name, received, total),
  });
  await importFaces(home, packed, { signal: fetching.signal });
  await rm(packed, { recursive: true, force: true });
}

/** `place` is a folder with the MATLAB file or with images of 64 x 64 pixels, or the MATLAB file itself. */
function importFaces(home: DataHome, place: string, watch: ImportWatch = {}): Promise<number> {
  const matlab = statSync(place, { throwIfNoEntry: false })?.isFile() ? place : join(place, MATLAB.name);
  return storeSet(home, 'olivetti', SHAPE, existsSync(matlab) ? facesInMatlab(matlab) : facesInFolder(place, watch));
}

async function* facesInMatlab(path: string): AsyncGenerator<StoredImage> {
  const { rows, columns, values } = readMatrix(await readFile(path), 'faces');
  if (rows !== SIZE)
    throw new UserError(`${basename(path)}: expected faces of ${SIZE} pixels, found ${rows}. Get the file again.`);
  for (let face = 0; face < columns; face++) {
    // Each column is a face, column after column of it.
    const pixels = Uint8Array.from({ length: SIZE }, (_, at) => values[face * SIZE + (at % 64) * 64 + (at >> 6)]!);
    yield { pixels, label: labelOf(face, columns) };
  }
}

async function* facesInFolder(folder: string, watch: ImportWatch): AsyncGenerator<StoredImage> {
  const files = await listFolder(folder);
  const unreadable: UnreadableFile[] = [];
  const faces: Uint8Array[] = [];
  const decoded = decodeFiles(
    watched(files, watch),
    '#ffffff',
    (image) => {
      if (image.height === 64 && image.width === 64) return withChannels(image, 1).data;
      throw new UserError(`expected 64 x 64 pixels, found ${image.width} x ${image.height}`);
    },
    unreadable,
    watch.signal,
  );
  for await (const { result } of decoded) faces.push(result);
  if (unreadable.length > 0 && !watch.skipUnreadable) throw new UnreadableFiles(unreadable, files.length);
  if (faces.length === 0)
    throw new UserError(`${folder}: expected ${MATLAB.name} or images of 64 x 64 pixels, found neither.`);
  for (const [index, pixels] of faces.entries()) yield { pixels, label: labelOf(index, faces.length) };
}

/** Of a part of the set nobody knows who is who. */
function labelOf(index: number, count: number): number {
  return count === COUNT ? Math.floor(index / IMAGES_A_PERSON) : 0;
}
