// Images of one size as Saddle keeps them after an import: a folder with their pixels, a class of one byte each, and a
// small description that names the pixels' SHA-256.

import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { DataHome } from './dataset.ts';
import { createHashedFile } from './hashed-file.ts';
import type { ImageSource } from './image-source.ts';
import { viewsFolder } from './image-source.ts';
import { installFolder, writeSynced } from './install.ts';
import { openPixelFile } from './pixel-file.ts';
import { rm } from 'node:fs/promises';

export interface StoredShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface StoredImage {
  readonly pixels: Uint8Array;
  readonly label: number;
}

interface Description extends StoredShape {
  readonly format: 1;
  readonly count: number;
  readonly sha256: string;
}

/** Installs the images in the order they come; returns their number. What `images` throws leaves what was there before. */
export async function storeSet(
  home: DataHome,
  id: string,
  shape: StoredShape,
  images: AsyncIterable<StoredImage>,
): Promise<number> {
  const count = await installFolder(join(home, id), async (fresh) => {
    const file = await createHashedFile(join(fresh, 'pixels'));
    try {
      const labels: number[] = [];
      for await (const { pixels, label } of images) {
        await file.append(pixels);
        labels.push(label);
      }
      const description: Description = { format: 1, ...shape, count: labels.length, sha256: await file.finish() };
      await writeSynced(join(fresh, 'labels'), Uint8Array.from(labels));
      await writeSynced(join(fresh, 'set.json'), Buffer.from(JSON.stringify(description)));
      return labels.length;
    } finally {
      await file.close();
    }
  });
  // Made of the images that were here before.
  await rm(viewsFolder(home, id), { recursive: true, force: true });
  return count;
}

/** Number of images that are here and whole; 0 when there is nothing or something else. */
export function countStored(home: DataHome, id: string, { height, width, channels }: StoredShape): number {
  try {
    const found = JSON.parse(readFileSync(join(home, id, 'set.json'), 'utf8')) as Description;
    const { size } = statSync(join(home, id, 'pixels'));
    return found.format === 1 && size === found.count * height * width * channels ? found.count : 0;
  } catch {
    return 0; // Nothing there, or nothing that can be read: to be fetched or imported.
  }
}

/** Throws UserError when the set is absent or broken. */
export async function openStored(home: DataHome, id: string, title: string, shape: StoredShape): Promise<ImageSource> {
  const folder = join(home, id);
  const count = countStored(home, id, shape);
  if (count === 0)
    throw new UserError(
      `${title}: expected its images in ${folder}, found none or a damaged set. Get or import it on the Data page or with: saddle data`,
    );
  const { sha256 } = JSON.parse(await readFile(join(folder, 'set.json'), 'utf8')) as Description;
  const { height, width, channels } = shape;
  const { read, close } = openPixelFile(join(folder, 'pixels'), { offset: 0, count, size: height * width * channels });
  return {
    count,
    labels: await readFile(join(folder, 'labels')),
    own: { ...shape, crop: 'centre', resize: null },
    originalSize: shape,
    identity: () => Promise.resolve(sha256),
    original: (index) => Promise.resolve({ ...shape, data: read([index]) }),
    read,
    close,
  };
}
