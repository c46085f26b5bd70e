// Image files of any size as Saddle keeps them after an import: all of them in one file, as they came, with an index and
// a description. The user may move or delete the originals, any later view starts from what they were, and 200,000
// photographs are one file to read. Every file was decoded once before it was taken.

import { existsSync, readFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnreadableFile } from '../../shared/images.ts';
import type { ImportWatch } from './dataset.ts';
import { decodeImage } from './decode.ts';
import { createHashedFile, type HashedFile } from './hashed-file.ts';
import { decodeFiles, UnreadableFiles, watched, type ImageFile } from './image-files.ts';
import type { ImageSource } from './image-source.ts';
import { writeSynced } from './install.ts';
import { openPixelFile } from './pixel-file.ts';
import { render, type FullView, type Pixels, type Size } from './resample.ts';

export interface PackOptions {
  /** `#rrggbb` under what is transparent. */
  readonly background: string;
  readonly own: FullView;
  /** True when the images at `own` are kept as well, ready to be read. */
  readonly keepsOwn: boolean;
  /** Throws UserError when an image is not what the data set takes. */
  check?(image: Pixels): void;
}

export interface PackDescription {
  readonly format: 1;
  readonly count: number;
  readonly sha256: string;
  readonly background: string;
  readonly own: FullView;
  readonly keepsOwn: boolean;
  /** Sub-folders, in the order of the labels; empty when there are none or more than 256. */
  readonly classes: readonly string[];
  /** Files that were left out. */
  readonly unreadable: number;
}

const MOST_CLASSES = 256;

/**
 * Writes the pack into a folder that is not yet in use. Throws UnreadableFiles unless the user agreed that they are left
 * out. The caller writes the description, with what else it wants to keep in it.
 */
export async function writePack(
  folder: string,
  files: readonly ImageFile[],
  options: PackOptions,
  watch: ImportWatch,
): Promise<PackDescription & { readonly unreadableFiles: readonly UnreadableFile[] }> {
  const { background, own, keepsOwn } = options;
  const originals = await createHashedFile(join(folder, 'originals'));
  const pixels = keepsOwn ? await createHashedFile(join(folder, 'pixels')) : null;
  const unreadableFiles: UnreadableFile[] = [];
  try {
    const prepare = (image: Pixels) => {
      options.check?.(image);
      return keepsOwn ? render(image, own) : null;
    };
    const decoded = decodeFiles(watched(files, watch), background, prepare, unreadableFiles, watch.signal);
    const paths: string[] = [];
    const ends = [0];
    for await (const { path, bytes, result } of decoded) {
      await originals.append(bytes);
      if (result) await pixels!.append(result);
      paths.push(path);
      ends.push(ends.at(-1)! + bytes.length);
    }
    const unreadable = unreadableFiles.length;
    if (unreadable > 0 && !watch.skipUnreadable) throw new UnreadableFiles(unreadableFiles, paths.length + unreadable);
    const classes = classesOf(paths);
    await writeSynced(join(folder, 'index'), new Uint8Array(Float64Array.from(ends).buffer));
    await writeSynced(join(folder, 'labels'), labelsOf(paths, classes));
    const sha256 = await finish(originals, pixels);
    return { format: 1, count: paths.length, sha256, background, own, keepsOwn, classes, unreadable, unreadableFiles };
  } finally {
    await originals.close();
    await pixels?.close();
  }
}

async function finish(originals: HashedFile, pixels: HashedFile | null): Promise<string> {
  await pixels?.finish();
  return originals.finish();
}

/** Null when there is none or it cannot be read. */
export function readDescription<Description extends PackDescription>(folder: string): Description | null {
  try {
    const found = JSON.parse(readFileSync(join(folder, 'set.json'), 'utf8')) as Description;
    return found.format === 1 && existsSync(join(folder, 'originals')) ? found : null;
  } catch {
    return null; // Nothing there, or nothing that can be read.
  }
}

/** `originalSize` when all are of one size. */
export async function openPack(
  folder: string,
  description: PackDescription,
  originalSize: Size | null,
): Promise<ImageSource> {
  const { count, own, keepsOwn, background, sha256 } = description;
  const index = await readFile(join(folder, 'index'));
  const ends = new Float64Array(index.buffer.slice(index.byteOffset, index.byteOffset + index.length));
  const size = own.height * own.width * own.channels;
  const pixels = keepsOwn ? openPixelFile(join(folder, 'pixels'), { offset: 0, count, size }) : null;
  const originals = await open(join(folder, 'originals'), 'r');
  return {
    count,
    labels: await readFile(join(folder, 'labels')),
    own,
    originalSize,
    identity: () => Promise.resolve(`${sha256} ${background}`),
    async original(place) {
      const bytes = new Uint8Array(ends[place + 1]! - ends[place]!);
      await originals.read(bytes, 0, bytes.length, ends[place]!);
      return decodeImage(bytes, background);
    },
    ...(pixels && { read: pixels.read }),
    close() {
      pixels?.close();
      void originals.close();
    },
  };
}

/** The first folder of each path, when every image lies in one. */
function classesOf(paths: readonly string[]): readonly string[] {
  const folders = new Set(paths.map((path) => path.split('/')[0]!));
  const isSorted = paths.every((path) => path.includes('/'));
  return isSorted && folders.size <= MOST_CLASSES ? [...folders] : [];
}

function labelsOf(paths: readonly string[], classes: readonly string[]): Uint8Array {
  const places = new Map(classes.map((name, place) => [name, place]));
  return Uint8Array.from(paths, (path) => places.get(path.split('/')[0]!) ?? 0);
}
