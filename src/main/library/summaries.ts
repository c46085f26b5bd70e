// Summaries of all runs of the folder. Those of runs that are over are kept in memory for as long as their files do
// not change, and in the catalogue for the next start; active ones are read each time they are asked for.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { isActive, isRunId, type RunId, type RunSummary } from '../../shared/run.ts';
import { readRunSummary } from '../store/summary.ts';
import type { Catalogue, Entry } from './catalogue.ts';
import type { Readers } from './readers.ts';

export interface Summaries {
  /** Ids of the folders that are named like runs, newest first. Throws UserError when the library's folder is gone. */
  ids(): RunId[];
  list(): RunSummary[];
  /** Never throws: a run that cannot be read is a summary that says so. */
  read(id: RunId): RunSummary;
  /** Changes whenever something was written to the run; costs a few looks at files. */
  stamp(id: RunId): string;
  folder(id: RunId): string;
}

export function openSummaries(folder: string, readers: Readers, catalogue: Catalogue): Summaries {
  let known: Map<RunId, Entry> | null = null;
  /** New since the catalogue was last written. */
  let unsaved: Entry[] = [];

  const ids = (): RunId[] => {
    try {
      return readdirSync(folder).filter(isRunId).sort().reverse();
    } catch (error) {
      throw new UserError(`The library of runs at ${folder} cannot be read. Is its disk still there?`, {
        cause: error,
      });
    }
  };

  const read = (id: RunId): RunSummary => {
    const stamp = stampOf(join(folder, id));
    known ??= catalogue.readAll();
    const before = known.get(id);
    if (before?.stamp === stamp) return before.summary;
    const summary = readSummary(folder, id, readers);
    // Files still in use may change again within one tick of the clock that stamps them.
    if (!isOver(summary) || !settled(join(folder, id))) {
      known.delete(id);
      return summary;
    }
    known.set(id, { stamp, summary });
    unsaved.push({ stamp, summary });
    return summary;
  };

  return {
    ids,
    list() {
      const present = ids();
      const there = new Set(present);
      known ??= catalogue.readAll();
      const gone = [...known.keys()].filter((id) => !there.has(id));
      for (const id of gone) known.delete(id);
      const summaries = present.map(read);
      catalogue.save(unsaved, gone);
      unsaved = [];
      // The id begins with the second of creation; within a second the run file knows more.
      return summaries.sort((one, other) => other.createdMs - one.createdMs);
    },
    read,
    stamp: (id) => stampOf(join(folder, id)),
    folder: (id) => join(folder, id),
  };
}

/** Nothing will change by itself. What could not be read may be readable the next time, whatever its files look like. */
function isOver({ state }: RunSummary): boolean {
  return !isActive(state) && state.phase !== 'unreadable';
}

/** Active runs keep their reader, since they are asked again soon; of the others a thousand may be read in a row. */
function readSummary(folder: string, id: RunId, readers: Readers): RunSummary {
  const path = join(folder, id);
  try {
    if (readers.has(id)) return readers.get(path, id).summary();
    const summary = readRunSummary(path);
    return isActive(summary.state) ? readers.get(path, id).summary() : summary;
  } catch (error) {
    readers.drop(id);
    return unreadable(path, id, error instanceof Error ? error.message : String(error));
  }
}

const FILES = ['run.sqlite', 'run.sqlite-wal', 'images.sqlite', 'images.sqlite-wal'];

function stampOf(path: string): string {
  return FILES.map((file) => {
    const found = statSync(join(path, file), { throwIfNoEntry: false });
    // An empty log is as good as none: readers leave and remove them.
    return found === undefined || (found.size === 0 && file.endsWith('-wal')) ? '-' : `${found.size} ${found.mtimeMs}`;
  }).join(' ');
}

const SETTLED_MS = 100;

function settled(path: string): boolean {
  return FILES.every((file) => {
    const found = statSync(join(path, file), { throwIfNoEntry: false });
    return found === undefined || Math.abs(Date.now() - found.mtimeMs) > SETTLED_MS;
  });
}

function unreadable(path: string, id: RunId, message: string): RunSummary {
  const createdMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return {
    id,
    name: id,
    recipe: '',
    preset: '',
    data: '',
    parameters: {},
    seed: 0,
    state: { phase: 'unreadable', message },
    step: 0,
    steps: 0,
    createdMs: createdFrom(id) ?? createdMs,
    startedMs: null,
    endedMs: null,
    stepsPerSecond: null,
    remainingMs: null,
    lastValues: {},
    newestImage: null,
    sizeBytes: 0,
    tags: [],
    starred: false,
    archived: false,
    parent: null,
    cursor: 0,
  };
}

/** The time that the id names; null where it is not one. */
function createdFrom(id: RunId): number | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(id)!;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}
