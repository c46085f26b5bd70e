// The key behind the cookies of served windows, in a file that only its user can read: a window that was let in is
// still let in when the server comes back on its port. Deleting the file ends all of them.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const BYTES = 32;

/** Makes the key when there is none, or when what is there is none. One that cannot be kept serves this server alone. */
export function readSessionKey(path: string): Buffer {
  const kept = read(path);
  if (kept?.length === BYTES) return kept;
  const key = randomBytes(BYTES);
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (kept) rmSync(path);
    writeFileSync(path, key, { mode: 0o600, flag: 'wx' });
    return key;
  } catch {
    // Another server may have made it at this moment.
    const other = read(path);
    return other?.length === BYTES ? other : key;
  }
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
