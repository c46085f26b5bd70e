// The queue as the services have it, kept up to date by the `queue` event. What the user does shows at once; if it is
// refused, the true order comes back.

import type { NewFork, NewRun } from '../../shared/contract.ts';
import type { Queue, QueueEntry } from '../../shared/queue.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

const EMPTY: Queue = { version: -1, paused: false, atOnce: 1, entries: [] };

/** What goes into the queue; a fork is known by the run it starts from. */
export type Wish = NewRun | NewFork;

export class QueueState {
  readonly #connection: Connection;
  #queue = $state.raw<Queue>(EMPTY);
  #phase = $state<'loading' | 'ready' | 'failed'>('loading');
  #problem = $state('');
  /** Changes on their way, and the newest queue that was told of meanwhile. */
  #pending = 0;
  #told: Queue | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on('queue', (queue) => {
      this.#hear(queue);
      this.#phase = 'ready';
    });
    connection.onReturn(() => void this.load());
    void this.load();
  }

  get phase(): 'loading' | 'ready' | 'failed' {
    return this.#phase;
  }
  get problem(): string {
    return this.#problem;
  }
  get entries(): readonly QueueEntry[] {
    return this.#queue.entries;
  }
  get paused(): boolean {
    return this.#queue.paused;
  }
  get atOnce(): number {
    return this.#queue.atOnce;
  }
  get all(): Queue {
    return this.#queue;
  }

  async load(): Promise<void> {
    try {
      this.#queue = await this.#connection.call('readQueue', {});
      this.#phase = 'ready';
    } catch (problem) {
      this.#phase = 'failed';
      this.#problem = describeProblem(problem);
    }
  }

  /** Before the entry at `place`, or at the end. */
  async add(runs: readonly Wish[], tags: readonly string[], place?: number): Promise<void> {
    await this.#connection.call('addToQueue', { runs: [...runs], tags: [...tags], place });
  }

  move(id: number, place: number): Promise<void> {
    const entry = this.entries.find((one) => one.id === id);
    const others = this.entries.filter((one) => one !== entry);
    if (!entry || place < 0 || place > others.length) return Promise.resolve();
    return this.#change({ entries: others.toSpliced(place, 0, entry) }, () =>
      this.#connection.call('moveQueued', { id, place }),
    );
  }

  remove(ids: readonly number[]): Promise<void> {
    const entries = this.entries.filter(({ id }) => !ids.includes(id));
    return this.#change({ entries }, () => this.#connection.call('removeQueued', { ids: [...ids] }));
  }

  /** Puts back what `remove` took. */
  async restore(removed: readonly QueueEntry[], place: number): Promise<void> {
    for (const [index, entry] of removed.entries()) await this.add([wishOf(entry)], entry.tags, place + index);
  }

  retry(id: number): Promise<void> {
    const entries = this.entries.map((entry) => (entry.id === id ? { ...entry, problem: null } : entry));
    return this.#change({ entries }, () => this.#connection.call('retryQueued', { id }));
  }

  pause(paused: boolean): Promise<void> {
    return this.#change({ paused }, () => this.#connection.call('setQueue', { paused }));
  }

  allow(atOnce: number): Promise<void> {
    return this.#change({ atOnce }, () => this.#connection.call('setQueue', { atOnce }));
  }

  /** Events may be older than what was answered; while changes are on their way, none is shown that knows only some. */
  #hear(queue: Queue): void {
    if (queue.version < (this.#told ?? this.#queue).version) return;
    if (this.#pending > 0) this.#told = queue;
    else this.#queue = queue;
  }

  async #change(part: Partial<Queue>, call: () => Promise<Queue>): Promise<void> {
    this.#queue = { ...this.#queue, ...part };
    this.#pending++;
    try {
      this.#hear(await call());
    } catch (problem) {
      void this.load();
      throw problem;
    } finally {
      this.#pending--;
      if (this.#pending === 0 && this.#told) {
        this.#queue = this.#told;
        this.#told = null;
      }
    }
  }
}

/** What was asked for, to ask for it again. */
export function wishOf({ name, spec }: Pick<QueueEntry, 'name' | 'spec'>): Wish {
  const { parent, ...rest } = spec;
  if (!parent) return { ...rest, name };
  const { parameters, seed, steps } = rest;
  return { runId: parent.runId, step: parent.step, parameters, seed, steps, name };
}
