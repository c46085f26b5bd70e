// What data sets take on the disk, and giving it back.

import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataUse } from '../../shared/images.ts';
import type { DataHome } from './dataset.ts';
import { viewsFolder } from './image-source.ts';

/** Bytes of the data set itself and of what was made of it for recipes that want other sizes. */
export function useOf(home: DataHome, id: string): DataUse {
  return { bytes: sizeOfFolder(join(home, id)), viewBytes: sizeOfFolder(viewsFolder(home, id)) };
}

/** Removes the views; a run that needs one makes it again. */
export async function removeViews(home: DataHome, id: string): Promise<void> {
  await rm(viewsFolder(home, id), { recursive: true, force: true });
}

/** Removes everything of the data set. What was downloaded or imported must be fetched or imported again. */
export async function removeData(home: DataHome, id: string): Promise<void> {
  await removeViews(home, id);
  await rm(join(home, `${id}.download`), { recursive: true, force: true });
  await rm(join(home, id), { recursive: true, force: true });
}

/** 0 when there is none. The folders are flat. */
function sizeOfFolder(folder: string): number {
  try {
    return readdirSync(folder).reduce((total, name) => total + (fileSize(join(folder, name)) ?? 0), 0);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw problem;
  }
}

/** A file may go while the folder is read. */
function fileSize(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
