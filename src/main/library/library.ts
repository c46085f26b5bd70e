// The library: a folder with one folder a run, and nothing else that counts. Runs are found by looking, so one that
// was copied in by hand is there and one that was removed is gone. A run that cannot be read never hurts the others.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve as absolute } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { isActive, isRunId, type RunCommand, type RunId, type RunSummary } from '../../shared/run.ts';
import { MAKING, createRun } from '../store/create.ts';
import type { NewRunRecord, RunReader } from '../store/store.ts';
import { renameRun, sendCommand } from '../store/words.ts';
import { newRunId } from './run-id.ts';
import { openReaders, type Readers } from './readers.ts';
import { resolveRun } from './resolve.ts';
import { openSummaries } from './summaries.ts';
import { openWatch, type WatchListener } from './watch.ts';

export interface Library {
  /** Absolute path of the folder of runs. */
  readonly folder: string;
  /** Newest first. A run that cannot be read has the state `unreadable`. */
  list(): RunSummary[];
  /** The folder of a run. Throws UserError when there is no such run. */
  runFolder(id: RunId): string;
  /** Shared and closed by the library, after a while without use too: ask again for each piece of work. Throws UserError when there is no such run or it cannot be read. */
  reader(id: RunId): RunReader;
  /** A whole id, the beginning of exactly one id, or the name of exactly one run. Throws UserError that lists the candidates. */
  resolve(text: string): RunId;
  /** Makes the folder of a run, phase `queued`. */
  create(parts: Omit<NewRunRecord, 'id' | 'createdMs'>): { readonly id: RunId; readonly folder: string };
  rename(id: RunId, name: string): void;
  /** Throws UserError when no training process is there to take it. */
  command(id: RunId, command: RunCommand): void;
  /** Deletes the folder. Throws UserError while the run is active. */
  remove(id: RunId): void;
  /** Tells what appeared, changed and went, within 300 ms for active runs. Returns the function that ends it. */
  watch(listener: WatchListener): () => void;
  close(): void;
}

/** Makes the folder when it is not there. Throws UserError when it cannot be made or written. */
export function openLibrary(path: string): Library {
  const folder = absolute(path);
  makeFolder(folder);
  removeLeftovers(folder);
  const readers = openReaders();
  const summaries = openSummaries(folder, readers);
  const watch = openWatch(summaries);

  const runFolder = (id: RunId): string => {
    if (isRunId(id) && existsSync(join(folder, id))) return join(folder, id);
    throw new UserError(`There is no run ${id} in ${folder}. It may have been deleted or moved.`);
  };
  const reader = (id: RunId): RunReader => readers.get(runFolder(id), id);

  return {
    folder,
    list: () => summaries.list(),
    runFolder,
    reader,
    resolve: (text) => resolveRun(text, folder, summaries),
    create(parts) {
      const createdMs = Date.now();
      const id = newRunId(createdMs, (candidate) => existsSync(join(folder, candidate)));
      createRun(join(folder, id), { ...parts, id, createdMs });
      watch.lookNow();
      return { id, folder: join(folder, id) };
    },
    rename(id, name) {
      renameRun(runFolder(id), name);
      watch.lookNow();
    },
    command(id, command) {
      const { state, name } = reader(id).summary();
      if (!isActive(state) && state.phase !== 'queued') {
        throw new UserError(`Run ${name || id} is ${state.phase}: there is no training process to ${command}.`);
      }
      sendCommand(runFolder(id), command);
    },
    remove(id) {
      removeRun(runFolder(id), summaries.read(id), readers);
      watch.lookNow();
    },
    watch: (listener) => watch.add(listener),
    close() {
      watch.close();
      readers.close();
    },
  };
}

/** Throws UserError for an active run. */
function removeRun(path: string, { id, name, state }: RunSummary, readers: Readers): void {
  if (isActive(state)) throw new UserError(`Run ${name || id} is ${state.phase}. Stop it first, then delete it.`);
  readers.drop(id);
  // Out of sight at once; a crash from here on leaves a leftover for the next start, not half a run.
  const gone = join(path, '..', `${DELETED}${id}-${process.pid}-${Date.now()}`);
  renameSync(path, gone);
  rmSync(gone, { recursive: true, force: true, maxRetries: 3 });
}

const DELETED = '.deleted-';

const LEFT_AFTER_MS = 3_600_000;

/** What a crash in the middle of deleting or making a run has left. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const madeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // One that is young may be in the making by another process.
    const left = name.startsWith(DELETED) || (name.endsWith(MAKING) && Date.now() - madeMs > LEFT_AFTER_MS);
    if (left) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const file = statSync(folder, { throwIfNoEntry: false })?.isFile() ?? false;
    const found = file ? 'there is a file of that name' : `it cannot be made or written (${code})`;
    throw new UserError(
      `The library of runs needs a folder at ${folder}, but ${found}. Choose another with --library.`,
      {
        cause: error,
      },
    );
  }
}
