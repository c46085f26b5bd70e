// Any folder of images as a data set of its own: `folder`, or `folder-NAME`. Its images are taken in as they are and at
// one size; a recipe that wants another gets it from the originals. Sub-folders are classes.

import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { FolderOptions, UnreadableFile } from '../../shared/images.ts';
import type { DataHome, DataSet, Glance, ImportWatch, OpenDataSet } from './dataset.ts';
import { listFolder } from './image-files.ts';
import { imageSet } from './image-set.ts';
import { installFolder, writeSynced } from './install.ts';
import { openPack, readDescription, writePack, type PackDescription } from './pack.ts';
import { mirror } from './resample.ts';

interface FolderDescription extends PackDescription {
  readonly title: string;
  /** Where the images came from. */
  readonly from: string;
  /** True when every image counts twice, the second time mirrored. */
  readonly flip: boolean;
}

export interface ImportedFolder {
  readonly id: string;
  readonly images: number;
  /** Left out, as the user agreed. */
  readonly unreadable: readonly UnreadableFile[];
}

const ID = /^folder(-[a-z0-9][a-z0-9-]*)?$/;

/** The own folders that were imported, by id. */
export function listFolderSets(home: DataHome): readonly DataSet[] {
  const names = existsSync(home) ? readdirSync(home) : [];
  return names
    .filter((name) => ID.test(name))
    .sort()
    .map((id) => findFolderSet(id, home))
    .filter((dataSet) => dataSet !== null);
}

export function findFolderSet(id: string, home: DataHome): DataSet | null {
  const description = ID.test(id) ? readDescription<FolderDescription>(join(home, id)) : null;
  return description && createFolderSet(id, description);
}

/**
 * Throws UserError when the name is taken, the folder holds no images, or (as UnreadableFiles) some cannot be read and
 * the user has not agreed to leave them out.
 */
export async function importFolder(
  home: DataHome,
  folder: string,
  options: FolderOptions,
  watch: ImportWatch = {},
): Promise<ImportedFolder> {
  const { name, size, crop, colour, flip, background } = options;
  const id = folderId(name);
  const present = findFolderSet(id, home);
  if (present)
    throw new UserError(
      `name: ${id} is there already (${present.about}). Give another name, or remove it first: saddle data remove ${id}`,
    );
  const from = resolve(folder);
  const files = await listFolder(from);
  const own = { height: size, width: size, channels: colour === 'grey' ? 1 : 3, crop, resize: null };
  return installFolder(join(home, id), async (fresh) => {
    const { unreadableFiles, ...pack } = await writePack(fresh, files, { background, own, keepsOwn: true }, watch);
    if (pack.count === 0)
      throw new UserError(`${from}: expected images (JPEG, PNG, GIF, WebP or BMP), found none that can be read.`);
    const description: FolderDescription = { ...pack, title: name || 'Own folder', from, flip };
    await writeSynced(join(fresh, 'set.json'), Buffer.from(JSON.stringify(description)));
    return { id, images: countOf(description), unreadable: unreadableFiles };
  });
}

/** The id that a name gives. Throws UserError when it has no letters or digits. */
export function folderId(name: string): string {
  if (name === '') return 'folder';
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
  if (words === '') throw new UserError(`name: expected some letters from a to z or digits, found ${name}`);
  return `folder-${words}`;
}

function countOf({ count, flip }: FolderDescription): number {
  return flip ? 2 * count : count;
}

function createFolderSet(id: string, description: FolderDescription): DataSet {
  const { title, from, own, classes, flip, unreadable } = description;
  const { height, width, channels, crop } = own;
  const notes = [flip ? 'each also mirrored' : '', unreadable > 0 ? `${unreadable} unreadable files left out` : ''];
  const images = `${countOf(description).toLocaleString('en')} images from ${from}`;
  const set = imageSet({
    id,
    title,
    about: `${[images, `crop ${crop}`, ...notes.filter(Boolean)].join(', ')}.`,
    licence: 'Yours to know',
    source: from,
    height,
    width,
    channels,
    count: countOf(description),
    classes,
    downloadBytes: 0,
    generated: false,
    isReady: () => true,
    fetch: () => Promise.resolve(),
    import: () =>
      Promise.reject(new UserError(`${id} is imported already: saddle data import folder PATH --name NAME`)),
    openSource: (home) => openPack(join(home, id), description, null),
  });
  if (!flip) return set;
  return {
    ...set,
    open: async (home, view, watch) => withMirrored(await set.open(home, view, watch)),
    glance: async (home, n, view): Promise<Glance> => set.glance!(home, n, view),
  };
}

/** The second half of the images are the mirrored ones of the first. */
function withMirrored(data: OpenDataSet): OpenDataSet {
  const { count, height, width, channels } = data;
  const labels = new Uint8Array(2 * count);
  labels.set(data.labels);
  labels.set(data.labels, count);
  const size = height * width * channels;
  return {
    ...data,
    count: 2 * count,
    labels,
    read(indices) {
      const images = data.read(Uint32Array.from(indices, (index) => (index < count ? index : index - count)));
      for (let position = 0; position < indices.length; position++) {
        if (indices[position]! < count) continue;
        const image = images.subarray(position * size, (position + 1) * size);
        image.set(mirror({ height, width, channels, data: image }));
      }
      return images;
    },
  };
}
