// A few run files kept open, the least used closed first. A reader is opened anew when the file under its name is
// another one than before: somebody deleted the run and copied one in.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../shared/run.ts';
import { openRunReader } from '../store/reader.ts';
import type { RunReader } from '../store/store.ts';

/** Two connections each; Compare shows fewer runs than this at once. */
const OPEN_AT_MOST = 64;

export interface Readers {
  get(folder: string, id: RunId): RunReader;
  /** True when the run's reader is open already. */
  has(id: RunId): boolean;
  drop(id: RunId): void;
  close(): void;
}

export function openReaders(): Readers {
  // A Map keeps the order of insertion: the first is the one that was not used for longest.
  const open = new Map<RunId, { readonly reader: RunReader; readonly file: string }>();
  const drop = (id: RunId): void => {
    open.get(id)?.reader.close();
    open.delete(id);
  };
  return {
    get(folder, id) {
      const file = identity(folder);
      const found = open.get(id);
      if (found?.file === file) {
        open.delete(id);
        open.set(id, found);
        return found.reader;
      }
      drop(id);
      const reader = openRunReader(folder);
      open.set(id, { reader, file });
      if (open.size > OPEN_AT_MOST) drop(open.keys().next().value!);
      return reader;
    },
    has: (id) => open.has(id),
    drop,
    close: () => [...open.keys()].forEach(drop),
  };
}

/** Tells one file from another of the same name; the time of birth is there because systems use inodes again. */
function identity(folder: string): string {
  const found = statSync(join(folder, 'run.sqlite'), { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.dev} ${found.ino} ${found.birthtimeMs}`;
}
