// `queue list`, `queue pause` and the other verbs of the queue. What waits is started by the window's host (the app, or
// `saddle serve`): these commands only say what is to come.

import type { Command } from 'commander';
import { MAX_AT_ONCE, type QueueEntry } from '../../shared/queue.ts';
import { openQueueFile, type NewQueueEntry, type QueueFile } from '../library/queue-file.ts';
import type { Context } from './context.ts';
import { printJson, printLine, printTable } from './output.ts';
import { wholeNumber } from './usage.ts';

interface Options {
  readonly json?: boolean;
}

const ID = 'id of the entry: see `saddle queue list`';

export function addQueueCommands(program: Command, context: () => Context): void {
  const queue = program.command('queue').description('runs that wait for their turn: list, order, pause');
  const verb = (name: string, about: string): Command =>
    queue.command(name).description(about).option('--json', 'print the queue as it is then, as an object');
  /** Every verb ends with the queue as it is then. */
  const change = (options: Options, work: (file: QueueFile) => void): void =>
    withQueue(context(), (file) => {
      work(file);
      list(file, options);
    });

  verb('list', 'what waits, in order').action((options: Options) => change(options, () => {}));
  verb('pause', 'start nothing more; what trains goes on').action((options: Options) =>
    change(options, (file) => file.set({ paused: true })),
  );
  verb('resume', 'start what waits again').action((options: Options) =>
    change(options, (file) => file.set({ paused: false })),
  );
  verb('at-once', 'how many runs may train before the queue starts another')
    .argument('<n>', 'so many runs may train at once', wholeNumber('n', 1, MAX_AT_ONCE))
    .action((atOnce: number, options: Options) => change(options, (file) => file.set({ atOnce })));
  verb('move', 'give an entry another place')
    .argument('<id>', ID, wholeNumber('id', 1))
    .argument('<place>', '1 is the next one', wholeNumber('place', 1))
    .action((id: number, place: number, options: Options) => change(options, (file) => file.move(id, place - 1)));
  verb('remove', 'take an entry out of the queue')
    .argument('<id>', ID, wholeNumber('id', 1))
    .action((id: number, options: Options) => change(options, (file) => file.remove([id])));
  verb('retry', 'let an entry wait for its turn again that could not be started')
    .argument('<id>', ID, wholeNumber('id', 1))
    .action((id: number, options: Options) => change(options, (file) => file.retry(id)));
}

/** Puts the runs at the end of the queue and gives their ids. */
export function enqueue(context: Context, entries: readonly NewQueueEntry[]): readonly number[] {
  return withQueue(context, (file) => file.add(entries));
}

function withQueue<Result>(context: Context, work: (file: QueueFile) => Result): Result {
  const file = openQueueFile(context.library().folder);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

function list(file: QueueFile, { json }: Options): void {
  const queue = file.read();
  if (json) return printJson(queue);
  const state = queue.paused ? 'The queue is paused.' : `At most ${queue.atOnce} at once.`;
  printLine(queue.entries.length === 0 ? `Nothing waits. ${state}` : state);
  if (queue.entries.length === 0) return;
  printTable<QueueEntry>(queue.entries, [
    { title: 'ID', value: (entry) => String(entry.id), right: true },
    { title: 'NAME', value: (entry) => entry.name },
    { title: 'RECIPE', value: ({ spec }) => spec.recipe },
    { title: 'DATA', value: ({ spec }) => spec.data },
    { title: 'SEED', value: ({ spec }) => String(spec.seed), right: true },
    { title: 'STEPS', value: ({ spec }) => String(spec.steps), right: true },
    { title: 'PROBLEM', value: ({ problem }) => problem ?? '' },
  ]);
}
