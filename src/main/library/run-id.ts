// Ids of runs: the second of their creation in UTC and four random characters, so that a sorted folder is in order of time.

import { randomInt } from 'node:crypto';
import type { RunId } from '../../shared/run.ts';

const CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** An id that `taken` does not know. */
export function newRunId(nowMs: number, taken: (id: RunId) => boolean): RunId {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  for (;;) {
    const tail = Array.from({ length: 4 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
    const id = `${time}-${tail}` as RunId;
    if (!taken(id)) return id;
  }
}
