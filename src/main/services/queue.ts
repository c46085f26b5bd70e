// The calls of the queue: what is asked for is checked when it goes in, as if it were started, and again when its turn
// comes, since data and checkpoints may have gone meanwhile.

import type { AnyEvent, CheckedArgs, Services } from '../../shared/contract.ts';
import type { Queue, QueueEntry } from '../../shared/queue.ts';
import type { DataHome } from '../datasets/dataset.ts';
import type { Library } from '../library/library.ts';
import { openQueueFile, type NewQueueEntry } from '../library/queue-file.ts';
import type { TrainingProgram } from '../runs/program.ts';
import { workQueue } from '../runs/queue.ts';
import type { NewRunRecord } from '../store/store.ts';
import { prepareFork } from './fork.ts';
import { prepareRun, recordOf, type PreparedRun } from './new-run.ts';

export interface QueueServiceOptions {
  readonly library: Library;
  readonly dataHome: DataHome;
  readonly program: TrainingProgram;
  /** False for a host that only looks, such as one command of the command line: entries wait for another. */
  readonly startsQueued: boolean;
  announce(event: AnyEvent): void;
  report(problem: unknown): void;
}

type QueueCalls = Pick<
  Services,
  'readQueue' | 'addToQueue' | 'moveQueued' | 'removeQueued' | 'retryQueued' | 'setQueue'
>;

export interface QueueServices {
  readonly calls: QueueCalls;
  close(): void;
}

export function createQueueServices(options: QueueServiceOptions): QueueServices {
  const { library, dataHome, program, startsQueued, announce, report } = options;
  const file = openQueueFile(library.folder);
  const onChange = (): void => announce({ event: 'queue', data: file.read() });
  const prepare = (entry: QueueEntry) => prepareQueued(entry, library, dataHome);
  const worker = startsQueued ? workQueue({ library, file, program, prepare, onChange, report }) : null;
  const changed = (): Queue => {
    const queue = file.read();
    announce({ event: 'queue', data: queue });
    // After the answer: making a run takes some tens of milliseconds.
    setImmediate(() => worker?.look());
    return queue;
  };
  return {
    calls: {
      readQueue: () => file.read(),
      addToQueue({ place, ...wish }) {
        const ids = file.add(prepareWishes(wish, library, dataHome), place);
        changed();
        return ids;
      },
      moveQueued({ id, place }) {
        file.move(id, place);
        return changed();
      },
      removeQueued({ ids }) {
        file.remove(ids);
        return changed();
      },
      retryQueued({ id }) {
        file.retry(id);
        return changed();
      },
      setQueue(settings) {
        file.set(settings);
        return changed();
      },
    },
    close() {
      worker?.close();
      file.close();
    },
  };
}

/** Throws UserError as `prepareRun` and `prepareFork` do, for the first wish that cannot be had. */
export function prepareWishes(
  { runs, tags }: Pick<CheckedArgs<'addToQueue'>, 'runs' | 'tags'>,
  library: Library,
  dataHome: DataHome,
): NewQueueEntry[] {
  return runs.map((wish) => {
    const { spec, name } =
      'runId' in wish ? prepareFork(library.reader(wish.runId).detail(), wish, dataHome) : prepareRun(wish, dataHome);
    return { spec, name, tags };
  });
}

function prepareQueued(
  { spec, name }: QueueEntry,
  library: Library,
  dataHome: DataHome,
): Omit<NewRunRecord, 'id' | 'createdMs'> {
  return recordOf(prepareAgain(spec, name, library, dataHome));
}

function prepareAgain(spec: QueueEntry['spec'], name: string, library: Library, dataHome: DataHome): PreparedRun {
  const { parent, parameters, seed, steps } = spec;
  if (!parent) return prepareRun({ ...spec, name }, dataHome);
  const wish = { runId: parent.runId, step: parent.step, parameters, seed, steps, name };
  return prepareFork(library.reader(parent.runId).detail(), wish, dataHome);
}
