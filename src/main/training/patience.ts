// What happens when the disk is full: training stands still and says so, tries again every few seconds, and goes on
// when there is room. Nothing is lost meanwhile: what could not be written is still in memory. Who asks it to stop
// meanwhile is heard: then what could not be written is lost.

import type { Step } from '../../shared/run.ts';
import { DiskFullError } from '../store/sentences.ts';
import type { RunWriter } from '../store/store.ts';
import { isStopWaiting } from '../store/words.ts';

const TRY_AGAIN_MS = 2000;
/** A stop is heard as soon as while training. */
const LOOK_MS = 200;

export interface Patience {
  /** Does the work, again and again while the disk is full. Throws what else is wrong, and the full disk itself once training is to stop. */
  persist<Result>(work: () => Result | Promise<Result>): Promise<Result>;
  /** Resolves at once while everything could be written, else when it could. */
  room(): Promise<void>;
}

interface Watched {
  readonly writer: RunWriter;
  readonly signal: AbortSignal;
  step(): Step;
  /** By the user: then it stays paused when there is room again. */
  isPaused(): boolean;
  /** For the log: the run file may have no room for it. */
  tell(message: string): void;
}

export function createPatience(watched: Watched): Patience {
  const { signal, writer } = watched;
  const trouble = openTrouble(watched);
  let waiting = 0;
  const isOver = (): boolean => signal.aborted || writer.isStopWaiting();
  return {
    async persist(work) {
      let isWaiting = false;
      try {
        for (;;) {
          try {
            return await work();
          } catch (problem) {
            if (!isDiskFull(problem) || isOver()) throw problem;
            if (!isWaiting) waiting += 1;
            isWaiting = true;
            trouble.begin(problem);
            await waitUnless(isOver, signal);
          }
        }
      } finally {
        if (isWaiting && --waiting === 0) await trouble.end(isOver);
      }
    },
    room: trouble.over,
  };
}

interface Trouble {
  readonly sinceMs: number;
  /** The run file had room for the news. */
  readonly told: boolean;
  readonly over: PromiseWithResolvers<void>;
}

/** Says when training begins to wait and when it goes on: in the run as far as there is room, and in the log. */
function openTrouble({ writer, signal, step, isPaused, tell }: Watched) {
  let trouble: Trouble | null = null;
  const attempt = (write: () => void): boolean => {
    try {
      write();
      return true;
    } catch (problem) {
      if (isDiskFull(problem)) return false;
      throw problem;
    }
  };
  return {
    over: () => trouble?.over.promise ?? Promise.resolve(),
    begin(problem: unknown): void {
      if (trouble) return;
      const why = problem instanceof Error ? problem.message : String(problem);
      const message = `The disk is full, training waits until there is room and then goes on by itself. (${why})`;
      tell(message);
      // A checkpoint needs more room than an event.
      const told = !isPaused() && attempt(() => writer.phase('paused', step(), message));
      trouble = { sinceMs: performance.now(), told, over: Promise.withResolvers() };
    },
    async end(isOver: () => boolean): Promise<void> {
      if (!trouble) return;
      const { sinceMs, told, over } = trouble;
      const waited = Math.round((performance.now() - sinceMs) / 1000);
      const message = `There is room on the disk again: training waited ${waited} s, nothing was lost`;
      const write = () => (told ? writer.phase('running', step(), message) : writer.event('note', step(), message));
      // Who stops is told by the end of the run how that went.
      while (!isOver() && !attempt(write)) await waitUnless(isOver, signal);
      if (!isOver()) tell(message);
      trouble = null;
      over.resolve();
    },
  };
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** From the store or from the file system. */
function isDiskFull(problem: unknown): boolean {
  return problem instanceof DiskFullError || NO_ROOM.has((problem as NodeJS.ErrnoException | null)?.code ?? '');
}

/** For the opening of a run, before there is a writer: waits like `persist`, and can say so in the log alone. */
export async function waitForRoom<Result>(
  folder: string,
  work: () => Result,
  { signal, tell }: Pick<Watched, 'signal' | 'tell'>,
): Promise<Result> {
  const isOver = (): boolean => {
    try {
      return signal.aborted || isStopWaiting(folder);
    } catch (problem) {
      // A run that others have open is not read without room for the log's index.
      if (isDiskFull(problem)) return false;
      throw problem;
    }
  };
  for (let tries = 0; ; tries++) {
    try {
      return work();
    } catch (problem) {
      if (!isDiskFull(problem) || isOver()) throw problem;
      if (tries === 0) tell(`${(problem as Error).message} Training begins when there is room.`);
      await waitUnless(isOver, signal);
    }
  }
}

/** Until it is time to try again, or training is to stop. */
async function waitUnless(isOver: () => boolean, signal: AbortSignal): Promise<void> {
  const endMs = performance.now() + TRY_AGAIN_MS;
  while (performance.now() < endMs && !isOver()) await waitFor(LOOK_MS, signal);
}

/** Resolves early when training is to stop. */
export function waitFor(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
