// Works off the queue: starts the next entry whenever fewer jobs are there than may be at once. Several apps may do so
// on one library: the queue's file decides who starts an entry, and the run files say what trains.

import { UserError } from '../../shared/contract.ts';
import type { QueueEntry } from '../../shared/queue.ts';
import type { RunId } from '../../shared/run.ts';
import type { Library } from '../library/library.ts';
import type { QueueFile, Taken } from '../library/queue-file.ts';
import type { NewRunRecord } from '../store/store.ts';
import { openJobs } from './jobs.ts';
import type { TrainingProgram } from './program.ts';
import { markNeverBegan, startDetached } from './start.ts';

export interface QueueWork {
  readonly library: Library;
  readonly file: QueueFile;
  readonly program: TrainingProgram;
  /** What the new run's file begins with. Throws UserError when the run can no longer be started. */
  prepare(entry: QueueEntry): Omit<NewRunRecord, 'id' | 'createdMs'>;
  /** The queue is another one now, whoever changed it. */
  onChange(): void;
  report(problem: unknown): void;
}

export interface QueueWorker {
  /** Looks now, instead of at the next second. */
  look(): void;
  /** What was started goes on. */
  close(): void;
}

const LOOK_MS = 1_000;

export function workQueue(work: QueueWork): QueueWorker {
  const { library, file, onChange } = work;
  const jobs = openJobs(library);
  const attempt = reportOnce(work.report);
  let isClosed = false;

  const startNext = (): boolean => {
    // The cheap answer first: it is asked every second.
    const taken = takeNext(work, (atOnce) => jobs.known() < atOnce && jobs.count() < atOnce);
    if (!taken) return false;
    onChange();
    if ('made' in taken) startRun(work, taken.made.folder, look);
    else if (!(taken.problem instanceof UserError)) work.report(taken.problem);
    return true;
  };
  const look = (): void => {
    attempt(() => {
      while (!isClosed && startNext());
    });
  };
  const tick = (): void => {
    if (isClosed) return;
    attempt(() => {
      if (file.hasChanged()) onChange();
    });
    look();
  };

  const unfollow = jobs.follow(look);
  const timer = setInterval(tick, LOOK_MS).unref();
  setImmediate(tick);
  return {
    look,
    close() {
      isClosed = true;
      clearInterval(timer);
      unfollow();
    },
  };
}

type MadeRun = ReturnType<Library['create']>;

/** Makes a run of the next entry. The entry goes and the run stays together, or neither. */
function takeNext({ library, file, prepare }: QueueWork, hasRoom: (atOnce: number) => boolean): Taken<MadeRun> | null {
  let made: MadeRun | undefined;
  try {
    const taken = file.take(hasRoom, (entry) => {
      made = library.create(prepare(entry));
      if (entry.tags.length > 0) library.setWords(made.id, { tags: entry.tags });
      return made;
    });
    if (made && taken && 'problem' in taken) discard(library, made.id);
    return taken;
  } catch (problem) {
    if (made) discard(library, made.id);
    throw problem;
  }
}

function discard(library: Library, id: RunId): void {
  try {
    library.remove(id);
  } catch {
    // It stays in the table as a run that never began; what was wrong before tells more.
  }
}

/** A process that cannot even be spawned is a failed run, and the next one's turn. */
function startRun({ program, report }: QueueWork, folder: string, onEnd: () => void): void {
  try {
    void startDetached(program, folder).ended.then(onEnd);
  } catch (problem) {
    report(problem);
    markNeverBegan(folder, String(problem)).then(onEnd, report);
  }
}

/** The same trouble every second is one line of the log. */
function reportOnce(report: (problem: unknown) => void): (work: () => void) => void {
  let last = '';
  return (work) => {
    try {
      work();
    } catch (problem) {
      if (String(problem) !== last) report(problem);
      last = String(problem);
    }
  };
}
