// The jobs of a library: runs with a training process, paused ones too (they hold their memory), and runs made a moment
// ago whose process is on its way. Whoever started them counts.

import { isActive, type RunId, type RunSummary } from '../../shared/run.ts';
import type { Library } from '../library/library.ts';

/** A run whose process has not begun by then never will. */
const BEGINS_WITHIN_MS = 60_000;

export interface Jobs {
  /** As far as this process has heard; costs nothing. */
  known(): number;
  /** As the run files say now. */
  count(): number;
  /** Tells of each job that is over, within a second. Returns the function that ends it. */
  follow(onEnd: () => void): () => void;
}

export function openJobs(library: Library): Jobs {
  let jobs = new Map<RunId, RunSummary>();
  const stillJobs = (): number => {
    for (const [id, run] of jobs) if (!isJob(run)) jobs.delete(id);
    return jobs.size;
  };
  return {
    known: stillJobs,
    count() {
      jobs = new Map(
        library
          .list()
          .filter(isJob)
          .map((run) => [run.id, run]),
      );
      return jobs.size;
    },
    follow: (onEnd) =>
      library.watch(({ changed, removed }) => {
        const before = jobs.size;
        for (const id of removed) jobs.delete(id);
        for (const run of changed) {
          if (isJob(run)) jobs.set(run.id, run);
          else jobs.delete(run.id);
        }
        if (jobs.size < before) onEnd();
      }),
  };
}

function isJob({ state, createdMs }: RunSummary): boolean {
  return isActive(state) || (state.phase === 'queued' && Date.now() - createdMs < BEGINS_WITHIN_MS);
}
