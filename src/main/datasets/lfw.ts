// Labeled Faces in the Wild as scikit-learn gives it by default: of each photograph of 250 x 250 pixels the rows 70 to 195
// and the columns 78 to 172, at half their size, grey as the mean of the colours: 62 x 47 pixels. (scikit-learn
// resizes by bicubic; here by area.)

import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { UnreadableFile } from '../../shared/images.ts';
import { download } from '../download/download.ts';
import type { DataHome, Fetching, ImportWatch } from './dataset.ts';
import { decodeFiles, listFolder, UnreadableFiles, watched, type ImageFile } from './image-files.ts';
import { imageSet } from './image-set.ts';
import { mirrorsOf } from './mirrors.ts';
import { cutOut, render, type Pixels } from './resample.ts';
import { countStored, openStored, storeSet, type StoredImage } from './stored-set.ts';
import { filesInArchive } from './tar.ts';

const SHAPE = { height: 62, width: 47, channels: 1 };
const FACE = { top: 70, left: 78, height: 125, width: 94 };

/** Address, size and SHA-256 of the funneled (roughly aligned) images, as scikit-learn has them. */
const ARCHIVE = {
  name: 'lfw-funneled.tgz',
  sources: ['https://ndownloader.figshare.com/files/5976015', 'http://vis-www.cs.umass.edu/lfw/lfw-funneled.tgz'],
  sha256: 'b47c8422c8cded889dc5a13418c4bc2abbda121092b3533a83306f90d900100a',
  bytes: 243_346_528,
};

export const lfw = createLfw(ARCHIVE);

/** The faces from this archive: another than the official one is for tests. */
export function createLfw(archive: typeof ARCHIVE): ReturnType<typeof imageSet> {
  const isReady = (home: DataHome) => countStored(home, 'lfw', SHAPE) > 0;
  return imageSet({
    id: 'lfw',
    title: 'Labeled Faces in the Wild',
    about: '13,233 faces from the news, grey, 47 x 62 pixels: cut and reduced as scikit-learn does it.',
    licence: 'For research; the photographs belong to their owners',
    source: 'G. Huang, M. Ramesh, T. Berg, E. Learned-Miller: Labeled Faces in the Wild, 2007',
    ...SHAPE,
    count: 13_233,
    // 5,749 people, most of them with one picture: too many for classes.
    classes: [],
    downloadBytes: archive.bytes,
    generated: false,
    isReady,
    countIn: (home) => countStored(home, 'lfw', SHAPE),
    async fetch(home, fetching) {
      if (!isReady(home)) await fetchArchive(home, archive, fetching);
    },
    import: importLfw,
    openSource: (home) => openStored(home, 'lfw', 'Labeled Faces in the Wild', SHAPE),
  });
}

async function fetchArchive(home: DataHome, archive: typeof ARCHIVE, fetching: Fetching): Promise<void> {
  const named = mirrorsOf('SADDLE_LFW_MIRRORS', []);
  const packed = join(home, 'lfw.download');
  await download({
    sources: named.length > 0 ? named.map((mirror) => `${mirror}${archive.name}`) : archive.sources,
    file: join(packed, archive.name),
    sha256: archive.sha256,
    bytes: archive.bytes,
    signal: fetching.signal,
    progress: (received, total) => fetching.progress(archive.name, received, total),
  });
  await importLfw(home, packed, { signal: fetching.signal });
  await rm(packed, { recursive: true, force: true });
}

/** `place` is the archive, or a folder with it or with the photographs, one folder a person. */
function importLfw(home: DataHome, place: string, watch: ImportWatch = {}): Promise<number> {
  const archive = statSync(place, { throwIfNoEntry: false })?.isFile() ? place : join(place, ARCHIVE.name);
  return storeSet(home, 'lfw', SHAPE, facesOf(existsSync(archive) ? archive : null, place, watch));
}

async function* facesOf(archive: string | null, place: string, watch: ImportWatch): AsyncGenerator<StoredImage> {
  const unreadable: UnreadableFile[] = [];
  const files = archive === null ? await listFolder(place) : null;
  const source = files ? watched(files, watch) : photographsIn(archive!, watch);
  let count = 0;
  for await (const { result } of decodeFiles(source, '#ffffff', cutFace, unreadable, watch.signal)) {
    count++;
    yield { pixels: result, label: 0 };
  }
  if (unreadable.length > 0 && !watch.skipUnreadable) throw new UnreadableFiles(unreadable, count + unreadable.length);
  if (count === 0)
    throw new UserError(`${place}: expected ${ARCHIVE.name} or photographs of 250 x 250 pixels, found neither.`);
}

async function* photographsIn(archive: string, { progress }: ImportWatch): AsyncGenerator<ImageFile> {
  let count = 0;
  for await (const { path, bytes } of filesInArchive(archive, (name) => name.endsWith('.jpg'))) {
    yield { path, read: () => Promise.resolve(bytes) };
    progress?.(++count, 13_233);
  }
}

function cutFace(image: Pixels): Uint8Array {
  if (image.height !== 250 || image.width !== 250)
    throw new UserError(`expected 250 x 250 pixels, found ${image.width} x ${image.height}`);
  const face = cutOut(image, FACE);
  return render(meanOfColours(face), { ...SHAPE, crop: 'stretch', resize: 'area' });
}

function meanOfColours({ height, width, channels, data }: Pixels): Pixels {
  if (channels === 1) return { height, width, channels, data };
  const mean = (_: unknown, at: number) => Math.round((data[3 * at]! + data[3 * at + 1]! + data[3 * at + 2]!) / 3);
  return { height, width, channels: 1, data: Uint8Array.from({ length: height * width }, mean) };
}
