// Writes a file piece by piece and knows its SHA-256 at the end.

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

export interface HashedFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Syncs and closes; returns the SHA-256 in hexadecimal. */
  finish(): Promise<string>;
  /** Closes what `finish` did not. */
  close(): Promise<void>;
}

export async function createHashedFile(path: string): Promise<HashedFile> {
  const file = await open(path, 'wx');
  const hash = createHash('sha256');
  let isOpen = true;
  const close = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    async append(bytes) {
      hash.update(bytes);
      await file.writeFile(bytes);
    },
    async finish() {
      await file.sync();
      await close();
      return hash.digest('hex');
    },
    close,
  };
}
