// Deleted runs, kept for ten minutes in case it was a mistake: folders inside the library, named by the run and the
// time of its deletion. A rename decides who gets a folder, so two apps on one library never have half of it each.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { isRunId, type RunId } from '../../shared/run.ts';

const KEPT_MS = 600_000;
const LOOK_MS = 60_000;
/** Ends the name of a folder that nobody can restore any more. */
const GONE = '.gone';

export interface Trash {
  /** Throws UserError when the folder cannot be moved. */
  put(path: string, id: RunId): void;
  /** Moves the run that was deleted last under this id back to `path`. Throws UserError when there is none or the place is taken. */
  restore(path: string, id: RunId): void;
  /** Gives back the space of everything, whatever its age. */
  empty(): void;
  close(): void;
}

export function openTrash(library: string): Trash {
  const folder = join(library, '.trash');
  empty(folder, KEPT_MS);
  const timer = setInterval(() => empty(folder, KEPT_MS), LOOK_MS).unref();
  return {
    put(path, id) {
      try {
        mkdirSync(folder, { recursive: true });
        renameSync(path, join(folder, `${id} ${Date.now()}`));
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        throw new UserError(`Run ${id} cannot be deleted: its folder ${path} cannot be moved away (${code}).`, {
          cause: error,
        });
      }
    },
    restore(path, id) {
      const newest = list(folder).findLast((entry) => entry.id === id);
      const nothing = `Run ${id} cannot be brought back: it is no longer in the trash, where deleted runs stay for ten minutes.`;
      if (newest === undefined) throw new UserError(nothing);
      if (existsSync(path)) throw new UserError(`Run ${id} cannot be brought back: there is another one at ${path}.`);
      try {
        renameSync(join(folder, newest.name), path);
      } catch (error) {
        throw new UserError(nothing, { cause: error });
      }
    },
    empty: () => empty(folder, 0),
    close: () => clearInterval(timer),
  };
}

interface Entry {
  readonly name: string;
  readonly id: RunId;
  readonly deletedMs: number;
}

/** Oldest deletion first. */
function list(folder: string): Entry[] {
  return names(folder)
    .map((name) => ({ name, id: name.split(' ')[0] as RunId, deletedMs: Number(name.split(' ')[1]) }))
    .filter(({ id, deletedMs }) => isRunId(id) && Number.isFinite(deletedMs))
    .sort((one, other) => one.deletedMs - other.deletedMs);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was ever deleted here.
    return [];
  }
}

function empty(folder: string, keptMs: number): void {
  // A clock that was set back must not keep things for ever.
  const old = list(folder).filter(({ deletedMs }) => Math.abs(Date.now() - deletedMs) >= keptMs);
  for (const { name } of old) {
    try {
      renameSync(join(folder, name), join(folder, `${name}${GONE}`));
    } catch {
      // Another app restored or removed it.
    }
  }
  for (const name of names(folder).filter((one) => one.endsWith(GONE))) {
    try {
      rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Somebody has a file of it open, or removes it too: the next look tries again.
    }
  }
}
