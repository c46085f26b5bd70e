// The image files of a folder or an archive, decoded side by side and handed on in order. A file that cannot be read is
// noted with its reason and never stops the others: whether it may be left out is for the user to say.

import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { UnreadableFile } from '../../shared/images.ts';
import type { Watch } from './dataset.ts';
import { decodeImage, formatOf } from './decode.ts';
import type { Pixels } from './resample.ts';

export interface ImageFile {
  /** Inside the folder or archive, with slashes. */
  readonly path: string;
  read(): Promise<Uint8Array>;
}

export interface Decoded<Result> {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly result: Result;
}

/** Files were left out, or the user must agree that they are. */
export class UnreadableFiles extends UserError {
  readonly files: readonly UnreadableFile[];
  constructor(files: readonly UnreadableFile[], total: number) {
    const shown = files.slice(0, 10).map(({ path, reason }) => `  ${path}: ${reason}`);
    if (files.length > shown.length) shown.push(`  and ${files.length - shown.length} more`);
    super(
      `${files.length} of ${total} files cannot be read:\n${shown.join('\n')}\n` +
        'Mend or remove them, or import without them: --skip-unreadable.',
    );
    this.files = files;
  }
}

/** Names that promise an image, whatever is inside; other files without an image's first bytes are no concern of ours. */
const PROMISING = /\.(jpe?g|jfif|png|gif|webp|bmp|dib|tiff?|heic|heif|avif|jp2|ppm|pgm)$/i;
/** Files in work at once: enough for every core, few enough for the memory that large photographs need. */
const SIDE_BY_SIDE = 8;
const NATURAL = new Intl.Collator('en', { numeric: true });

/** Every file below the folder but hidden ones, image-2 before image-10. Throws UserError when there is no such folder. */
export async function listFolder(folder: string): Promise<readonly ImageFile[]> {
  const found = existsSync(folder) ? await stat(folder) : null;
  if (!found?.isDirectory())
    throw new UserError(`${folder}: expected a folder of images, found ${found ? 'a file' : 'nothing there'}.`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)(\.|__MACOSX\/)/.test(path));
  return paths.sort(NATURAL.compare).map((path) => ({ path, read: () => readFile(join(folder, path)) }));
}

/**
 * What `prepare` makes of each image, in the order of the files. A UserError from decoding or from `prepare` goes to
 * `unreadable`; files that are no images and do not look like one are passed over.
 */
export async function* decodeFiles<Result>(
  files: Iterable<ImageFile> | AsyncIterable<ImageFile>,
  background: string,
  prepare: (image: Pixels, path: string) => Result,
  unreadable: UnreadableFile[],
  signal?: AbortSignal,
): AsyncGenerator<Decoded<Result>> {
  for await (const batch of inBatches(files, SIDE_BY_SIDE)) {
    signal?.throwIfAborted();
    const outcomes = await Promise.all(batch.map((file) => decodeFile(file, background, prepare)));
    for (const outcome of outcomes) {
      if (outcome === null) continue;
      if ('reason' in outcome) unreadable.push(outcome);
      else yield outcome;
    }
  }
}

/** Calls `progress` as the files are taken from the list. */
export function* watched(files: readonly ImageFile[], { progress }: Watch): Generator<ImageFile> {
  for (const [index, file] of files.entries()) {
    yield file;
    progress?.(index + 1, files.length);
  }
}

async function decodeFile<Result>(
  { path, read }: ImageFile,
  background: string,
  prepare: (image: Pixels, path: string) => Result,
): Promise<Decoded<Result> | UnreadableFile | null> {
  try {
    const bytes = await read();
    if (formatOf(bytes) === null && !PROMISING.test(path)) return null;
    return { path, bytes, result: prepare(await decodeImage(bytes, background), path) };
  } catch (problem) {
    if (problem instanceof UserError) return { path, reason: problem.message };
    const { code } = problem as NodeJS.ErrnoException;
    if (code === undefined) throw problem;
    return { path, reason: `cannot be opened (${code})` };
  }
}

async function* inBatches<Item>(items: Iterable<Item> | AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
