// Folders around a file that must survive a power cut: made before, synced after a rename into them.

import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export async function makeFolderOf(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
}

/** Makes a rename durable. Windows cannot open folders, and needs no sync of them. */
export async function syncFolderOf(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
