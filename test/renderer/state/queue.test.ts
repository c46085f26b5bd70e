// The queue of a window: what the user does shows at once and is not taken back by older news.

import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/renderer/state/connection.svelte.ts';
import { QueueState, wishOf } from '../../../src/renderer/state/queue.svelte.ts';
import type { Queue, QueueEntry } from '../../../src/shared/queue.ts';
import type { RunId, RunSpec } from '../../../src/shared/run.ts';

const SPEC: RunSpec = {
  ...{ recipe: 'gan-mlp', preset: 'app', data: 'glyphs', seed: 1, steps: 10, backend: 'cpu' },
  parameters: { batchSize: 16 },
};
const entry = (id: number): QueueEntry => ({ id, name: `run ${id}`, spec: SPEC, tags: [], addedMs: 0, problem: null });

/** Services that answer, and tell of what happened, when they are told to: over the real line events may come later than answers. */
function makeWorld() {
  let truth: Queue = { version: 1, paused: false, atOnce: 1, entries: [1, 2, 3].map(entry) };
  let tell: (queue: Queue) => void = () => {};
  const waiting: (() => void)[] = [];
  const events: Queue[] = [];
  const connection = {
    call: (name: string, args: { id: number; place: number }) => {
      if (name === 'readQueue') return Promise.resolve(truth);
      return new Promise<Queue>((resolve, reject) =>
        waiting.push(() => {
          const moved = truth.entries.find(({ id }) => id === args.id);
          if (!moved) return reject(new Error(`Entry ${args.id} waits no longer`));
          const others = truth.entries.filter((one) => one !== moved);
          truth = { ...truth, version: truth.version + 1, entries: others.toSpliced(args.place, 0, moved) };
          events.push(truth);
          resolve(truth);
        }),
      );
    },
    on: (_name: string, handler: typeof tell) => {
      tell = handler;
      return () => {};
    },
    onReturn: () => () => {},
  } as unknown as Connection;
  const queue = new QueueState(connection);
  const lose = (id: number): void => {
    truth = { ...truth, entries: truth.entries.filter((one) => one.id !== id) };
  };
  return {
    queue,
    answerNext: () => waiting.shift()!(),
    tellNext: () => tell(events.shift()!),
    ids: () => queue.entries.map(({ id }) => id),
    lose,
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the queue of a window', () => {
  it('keeps the order of two quick moves while the services know only the first', async () => {
    const { queue, answerNext, tellNext, ids } = makeWorld();
    await settled();
    const moves = [queue.move(3, 1), queue.move(3, 0)];
    expect(ids()).toEqual([3, 1, 2]);
    answerNext();
    tellNext();
    await settled();
    expect(ids()).toEqual([3, 1, 2]);
    answerNext();
    await Promise.all(moves);
    expect(ids()).toEqual([3, 1, 2]);
  });

  it('keeps it when the news of the first comes after the answer to the second, and hears newer news', async () => {
    const { queue, answerNext, tellNext, ids } = makeWorld();
    await settled();
    const moves = [queue.move(3, 1), queue.move(3, 0)];
    answerNext();
    answerNext();
    await Promise.all(moves);
    tellNext();
    expect(ids()).toEqual([3, 1, 2]);
    const third = queue.move(1, 0);
    answerNext();
    await third;
    tellNext();
    tellNext();
    expect(ids()).toEqual([1, 3, 2]);
  });

  it('goes back to the truth when a change is refused', async () => {
    const { queue, answerNext, ids, lose } = makeWorld();
    await settled();
    const move = queue.move(3, 0);
    lose(3);
    answerNext();
    await expect(move).rejects.toThrow('waits no longer');
    await settled();
    expect(ids()).toEqual([1, 2]);
  });

  it('asks for the same again to undo a removal, a fork as a fork', () => {
    expect(wishOf({ name: 'a', spec: SPEC })).toEqual({ ...SPEC, name: 'a' });
    const parent = { runId: '20261121-084630-k3x9' as RunId, step: 5 };
    expect(wishOf({ name: 'b', spec: { ...SPEC, parent } })).toEqual({
      ...parent,
      ...{ parameters: { batchSize: 16 }, seed: 1, steps: 10, name: 'b' },
    });
  });
});
