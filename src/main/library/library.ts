// The library: a folder with one folder a run, and nothing else that counts. Runs are found by looking, so one that
// was copied in by hand is there and one that was removed is gone. A run that cannot be read never hurts the others.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve as absolute } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import {
  isActive,
  isRunId,
  type RunCommand,
  type RunId,
  type RunSpec,
  type RunSummary,
  type Step,
} from '../../shared/run.ts';
import { MAKING, createRun } from '../store/create.ts';
import { folderBytes } from '../store/run-row.ts';
import type { NewRunRecord, RunReader, RunWords } from '../store/store.ts';
import { thinImages, type Thinning } from '../store/thin.ts';
import { sendCommand, setWords, starCheckpoint } from '../store/words.ts';
import { takeCheckpoint } from './branch.ts';
import { openCatalogue } from './catalogue.ts';
import { newRunId } from './run-id.ts';
import { openReaders } from './readers.ts';
import { resolveRun } from './resolve.ts';
import { openSummaries } from './summaries.ts';
import { openTrash } from './trash.ts';
import { openWatch, type Watch, type WatchListener } from './watch.ts';

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
  /** Makes the folder of a run, phase `queued`; a fork holds its parent's checkpoint from then on. Throws UserError when there is none. */
  create(parts: Omit<NewRunRecord, 'id' | 'createdMs'>): { readonly id: RunId; readonly folder: string };
  /** The user's own words; what is absent stays as it is. Also while the run is active. */
  setWords(id: RunId, words: RunWords): void;
  rename(id: RunId, name: string): void;
  /** Throws UserError when the run has no checkpoint of that step. */
  starCheckpoint(id: RunId, step: Step, starred: boolean): void;
  /** What went. Throws UserError while the run is active. */
  thinImages(id: RunId, thinning: Thinning): { readonly images: number; readonly bytes: number };
  /** Throws UserError when no training process is there to take it. */
  command(id: RunId, command: RunCommand): void;
  /** Moves the folder into the trash, where it stays for ten minutes. Throws UserError while the run is active. */
  remove(id: RunId): void;
  /** Brings back what `remove` took. Throws UserError when it is too late. */
  restore(id: RunId): void;
  /** Gives back the space of everything in the trash, now. */
  emptyTrash(): void;
  /** Number of runs, archived ones too, and the bytes of all their files; the trash is not counted. */
  size(): { readonly runs: number; readonly bytes: number };
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
  const catalogue = openCatalogue(folder);
  const summaries = openSummaries(folder, readers, catalogue);
  const trash = openTrash(folder);
  const watch = openWatch(summaries);

  const runFolder = (id: RunId): string => {
    if (isRunId(id) && existsSync(join(folder, id))) return join(folder, id);
    throw new UserError(`There is no run ${id} in ${folder}. It may have been deleted or moved.`);
  };
  const reader = (id: RunId): RunReader => readers.get(runFolder(id), id);
  const branch = ({ parent }: RunSpec, made: string): void => {
    if (!parent) return;
    const { checkpoints } = reader(parent.runId).detail();
    takeCheckpoint({ folder: runFolder(parent.runId), checkpoints }, parent.step, made);
  };

  return {
    folder,
    list: () => summaries.list(),
    runFolder,
    reader,
    resolve: (text) => resolveRun(text, folder, summaries),
    create(parts) {
      const createdMs = Date.now();
      const id = newRunId(createdMs, (candidate) => existsSync(join(folder, candidate)));
      const made = join(folder, id);
      createRun(made, { ...parts, id, createdMs });
      try {
        branch(parts.spec, made);
      } catch (error) {
        rmSync(made, { recursive: true, force: true, maxRetries: 3 });
        throw error;
      }
      watch.lookNow();
      return { id, folder: made };
    },
    ...openWordsOf(runFolder, watch),
    command(id, command) {
      const { state, name } = reader(id).summary();
      if (!isActive(state) && state.phase !== 'queued') {
        throw new UserError(`Run ${name || id} is ${state.phase}: there is no training process to ${command}.`);
      }
      sendCommand(runFolder(id), command);
    },
    remove(id) {
      const path = runFolder(id);
      refuseActive(summaries.read(id));
      readers.drop(id);
      trash.put(path, id);
      watch.lookNow();
    },
    restore(id) {
      trash.restore(join(folder, id), id);
      watch.lookNow();
    },
    emptyTrash: () => trash.empty(),
    size() {
      const runs = summaries.list();
      const bytesOf = ({ id, state, sizeBytes }: RunSummary): number =>
        state.phase === 'unreadable' ? folderBytes(join(folder, id)) : sizeBytes;
      return { runs: runs.length, bytes: runs.reduce((sum, run) => sum + bytesOf(run), 0) };
    },
    watch: (listener) => watch.add(listener),
    close() {
      watch.close();
      readers.close();
      trash.close();
      catalogue.close();
    },
  };
}

function openWordsOf(
  runFolder: Library['runFolder'],
  watch: Watch,
): Pick<Library, 'setWords' | 'rename' | 'starCheckpoint' | 'thinImages'> {
  const toldOf = <Result>(result: Result): Result => {
    watch.lookNow();
    return result;
  };
  return {
    setWords: (id, words) => toldOf(setWords(runFolder(id), words)),
    rename: (id, name) => toldOf(setWords(runFolder(id), { name })),
    starCheckpoint: (id, step, starred) => toldOf(starCheckpoint(runFolder(id), step, starred)),
    thinImages: (id, thinning) => toldOf(thinImages(runFolder(id), thinning)),
  };
}

function refuseActive({ id, name, state }: RunSummary): void {
  if (isActive(state)) throw new UserError(`Run ${name || id} is ${state.phase}. Stop it first, then delete it.`);
}

const LEFT_AFTER_MS = 3_600_000;

/** What a crash in the middle of making a run has left. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith(MAKING))) {
    const path = join(folder, name);
    const madeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // One that is young may be in the making by another process.
    if (Date.now() - madeMs > LEFT_AFTER_MS) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
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
