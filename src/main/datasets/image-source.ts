// From the images a data set has to the images a network sees. A view that differs from what lies on the disk is made
// once, into a file of its pixels under `views` in the data folder, named for the images and the view; it can be
// deleted at any time. Whoever finds such a file finds it whole: it is written aside and renamed, by one process.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { ImageView } from '../../shared/images.ts';
import { makeFolderOf } from '../download/folders.ts';
import { withLock } from '../download/lock.ts';
import type { DataHome, Glance, OpenDataSet, Watch } from './dataset.ts';
import { explainDisk } from './install.ts';
import { openPixelFile } from './pixel-file.ts';
import { completeView, cropBox, render, type FullView, type Pixels, type Size } from './resample.ts';

/** The images of a data set before any view. */
export interface ImageSource {
  readonly count: number;
  readonly labels: Uint8Array;
  /** What a view leaves open, and what `read` gives. */
  readonly own: FullView;
  /** Size of every original; null when they differ. */
  readonly originalSize: Size | null;
  /** Names these very images: other images have another one. */
  identity(): Promise<string>;
  /** One image as it came. */
  original(index: number): Promise<Pixels>;
  /** Images at `own`, as an open data set gives them; absent when they are not ready. */
  read?(indices: ArrayLike<number>): Uint8Array;
  close(): void;
}

/** Closes the source, at once or with what it returns. Throws UserError when there is no room for the view. */
export async function openView(
  home: DataHome,
  id: string,
  source: ImageSource,
  view: ImageView = {},
  watch: Watch = {},
): Promise<OpenDataSet> {
  const full = completeView(view, source.own);
  const { height, width, channels } = full;
  const { count, labels } = source;
  if (source.read && isOwn(source, full)) {
    const { read, close } = source;
    return { count, height, width, channels, labels, read, close };
  }
  try {
    const path = await pathOf(home, id, source, full);
    if (!existsSync(path)) await makeOnce(path, source, full, watch);
    const { read, close } = openPixelFile(path, { offset: 0, count, size: height * width * channels });
    return { count, height, width, channels, labels, read, close };
  } finally {
    source.close();
  }
}

/** The first n images, from the view's file when it is there. Closes the source. */
export async function glanceAt(
  home: DataHome,
  id: string,
  source: ImageSource,
  n: number,
  view: ImageView = {},
): Promise<Glance> {
  const full = completeView(view, source.own);
  const { height, width, channels } = full;
  const size = height * width * channels;
  const count = Math.min(n, source.count);
  if ((source.read && isOwn(source, full)) || existsSync(await pathOf(home, id, source, full))) {
    const opened = await openView(home, id, source, view);
    const pixels = opened.read(Uint32Array.from({ length: count }, (_, index) => index));
    opened.close();
    return { count, height, width, channels, pixels };
  }
  try {
    const pixels = new Uint8Array(count * size);
    for (let index = 0; index < count; index++) pixels.set(render(await source.original(index), full), index * size);
    return { count, height, width, channels, pixels };
  } finally {
    source.close();
  }
}

/** The folder with the views of a data set. */
export function viewsFolder(home: DataHome, id: string): string {
  return join(home, 'views', id);
}

/** True when the view would change nothing: the same pixels, however it names them. */
function isOwn({ own, originalSize }: ImageSource, view: FullView): boolean {
  const sameShape = view.height === own.height && view.width === own.width && view.channels === own.channels;
  if (!sameShape) return false;
  if (view.crop === own.crop && view.resize === own.resize) return true;
  // Images that were never resized are what they are, as long as nothing is cut off.
  if (originalSize?.height !== own.height || originalSize.width !== own.width) return false;
  const box = cropBox(view.crop, originalSize, view);
  return box.height === view.height && box.width === view.width;
}

async function pathOf(home: DataHome, id: string, source: ImageSource, view: FullView): Promise<string> {
  const { height, width, channels, crop, resize } = view;
  const images = createHash('sha256')
    .update(await source.identity())
    .digest('hex')
    .slice(0, 16);
  const name = `${height}x${width}x${channels}-${crop}-${resize ?? 'auto'}-${images}.pixels`;
  return join(viewsFolder(home, id), name);
}

async function makeOnce(path: string, source: ImageSource, view: FullView, watch: Watch): Promise<void> {
  await makeFolderOf(path);
  await withLock(`${path}.lock`, watch.signal, async () => {
    // Another process may have made it while this one waited.
    if (existsSync(path)) return;
    await forgetFormerImages(path);
    const fresh = `${path}.new`;
    try {
      await checkRoom(path, source.count * view.height * view.width * view.channels);
      await writeView(fresh, source, view, watch);
      await rename(fresh, path);
    } catch (problem) {
      await rm(fresh, { force: true });
      throw explainDisk(path, problem);
    }
  });
}

/** Views of images that this data set no longer has. */
async function forgetFormerImages(path: string): Promise<void> {
  const folder = dirname(path);
  const images = /-([0-9a-f]{16})\.pixels$/;
  const mine = images.exec(path)![1];
  for (const name of await readdir(folder)) {
    const [, theirs = mine] = images.exec(name) ?? [];
    // A process that still reads one may keep it from being deleted; the next one made will try again.
    if (theirs !== mine) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

async function checkRoom(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new UserError(
    `${basename(path)}: the images at this size take ${gigabytes(bytes)}, and ${gigabytes(free)} are free in ${dirname(path)}. Make room, or choose smaller images.`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Images decoded side by side: enough for every core, few enough for the memory that large photographs need. */
const SIDE_BY_SIDE = 8;

async function writeView(path: string, source: ImageSource, view: FullView, watch: Watch): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let start = 0; start < source.count; start += SIDE_BY_SIDE) {
      watch.signal?.throwIfAborted();
      const length = Math.min(SIDE_BY_SIDE, source.count - start);
      const images = await Promise.all(
        Array.from({ length }, async (_, k) => render(await source.original(start + k), view)),
      );
      await file.writev(images);
      watch.progress?.(start + length, source.count);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
