// Puts the files of a data set into its folder, all or none: written and synced beside it, then swapped in by
// renaming. What was there before stays until the new folder is complete.

import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../shared/contract.ts';

/** Replaces `folder` by one that holds exactly these files. Throws UserError when the disk refuses. */
export async function installFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const fresh = `${folder}.new-${mark}`;
  const former = `${folder}.old-${mark}`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(fresh);
    for (const [name, bytes] of files) await writeSynced(join(fresh, name), bytes);
    const replaced = await renameIfThere(folder, former);
    try {
      await rename(fresh, folder);
    } catch (problem) {
      if (replaced) await rename(former, folder);
      throw problem;
    }
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    if (code === undefined) throw problem;
    throw new UserError(
      `${folder}: the data could not be installed there (${message}). Make room or name another folder with SADDLE_HOME.`,
      {
        cause: problem,
      },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(former, { recursive: true, force: true });
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw problem;
  }
}
