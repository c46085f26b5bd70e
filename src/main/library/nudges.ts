// The system's word that something was written to a run, where it gives one: a look at once instead of at the next tick.
// Only a hint. Network disks are silent, and a system may have no watch left to give: the ticks go on all the same.

import { watch, type FSWatcher } from 'node:fs';
import type { RunId } from '../../shared/run.ts';

export interface Nudges {
  /** From now on these runs and no others. */
  follow(ids: readonly RunId[]): void;
  close(): void;
}

/** `folderOf` is the run's folder; `nudge` is called for every write, several times for one commit. */
export function openNudges(folderOf: (id: RunId) => string, nudge: () => void): Nudges {
  /** Null: the system refused, and is not asked again. */
  const watchers = new Map<RunId, FSWatcher | null>();

  const begin = (id: RunId): FSWatcher | null => {
    try {
      const watcher = watch(folderOf(id), { persistent: false }, nudge);
      return watcher.on('error', () => watcher.close());
    } catch {
      return null;
    }
  };
  const follow = (ids: readonly RunId[]): void => {
    const wanted = new Set(ids);
    for (const [id, watcher] of watchers) {
      if (wanted.has(id)) continue;
      watcher?.close();
      watchers.delete(id);
    }
    for (const id of ids) if (!watchers.has(id)) watchers.set(id, begin(id));
  };
  return { follow, close: () => follow([]) };
}
