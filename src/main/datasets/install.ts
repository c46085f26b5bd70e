// Puts the files of a data set into its folder, all or none: written and synced beside it, then swapped in by
// renaming. What was there before stays until the new folder is complete.

import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../shared/contract.ts';

/** Replaces `folder` by one that holds exactly these files. Throws UserError when the disk refuses. */
export function installFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  return installFolder(folder, async (fresh) => {
    for (const [name, bytes] of files) await writeSynced(join(fresh, name), bytes);
  });
}

/**
 * Replaces `folder` by what `fill` puts, synced, into a fresh one; what `fill` throws leaves everything as it was.
 * Throws UserError when the disk refuses.
 */
export async function installFolder<Result>(folder: string, fill: (fresh: string) => Promise<Result>): Promise<Result> {
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const fresh = `${folder}.new-${mark}`;
  const former = `${folder}.old-${mark}`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(fresh);
    const result = await fill(fresh);
    const replaced = await renameIfThere(folder, former);
    try {
      await rename(fresh, folder);
    } catch (problem) {
      if (replaced) await rename(former, folder);
      throw problem;
    }
    return result;
  } catch (problem) {
    throw explainDisk(folder, problem);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(former, { recursive: true, force: true });
  }
}

/** A UserError of what the disk refuses; anything else as it is. */
export function explainDisk(place: string, problem: unknown): unknown {
  const { code, message } = problem as NodeJS.ErrnoException;
  if (problem instanceof UserError || code === undefined || (problem as Error).name === 'AbortError') return problem;
  return new UserError(
    `${place}: the data could not be written there (${message}). Make room or name another folder with SADDLE_HOME.`,
    { cause: problem },
  );
}

export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
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
