// All runs, kept up to date by the `runs` event; the one list every page reads.

import type { RunId, RunSummary } from '../../shared/run.ts';
import { giveColours, type ColourSlots } from './colours.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';
import { isNumber, isRecordOf, Persisted } from './persisted.svelte.ts';

export type Words = Partial<Pick<RunSummary, 'tags' | 'starred' | 'archived'>>;

type Attempt = (work: Promise<unknown>) => Promise<boolean>;

export class Library {
  readonly #connection: Connection;
  readonly #colours: Persisted<ColourSlots>;
  #runs = $state.raw<ReadonlyMap<RunId, RunSummary>>(new Map());
  #phase = $state<'loading' | 'ready' | 'failed'>('loading');
  #problem = $state('');

  readonly #newestFirst = $derived([...this.#runs.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));

  constructor(connection: Connection, storage: Storage) {
    this.#connection = connection;
    this.#colours = new Persisted<ColourSlots>(storage, 'colours', {}, isRecordOf(isNumber));
    connection.on('runs', ({ changed, removed }) => this.#apply(changed, removed));
    connection.onReturn(() => void this.load());
    void this.load();
  }

  get phase(): 'loading' | 'ready' | 'failed' {
    return this.#phase;
  }
  get problem(): string {
    return this.#problem;
  }
  /** Newest first. */
  get runs(): readonly RunSummary[] {
    return this.#newestFirst;
  }
  run(id: RunId): RunSummary | undefined {
    return this.#runs.get(id);
  }
  /** Colour slot of every run seen so far. */
  get colours(): ColourSlots {
    return this.#colours.value;
  }

  async load(): Promise<void> {
    try {
      const runs = await this.#connection.call('listRuns', {});
      this.#replace(new Map(runs.map((run) => [run.id, run])));
      this.#phase = 'ready';
    } catch (problem) {
      // With a list on the screen the banner says enough.
      if (this.#phase !== 'ready') this.#phase = 'failed';
      this.#problem = describeProblem(problem);
    }
  }

  async rename(runId: RunId, name: string): Promise<void> {
    await this.#connection.call('renameRun', { runId, name });
    const run = this.#runs.get(runId);
    if (run) this.#apply([{ ...run, name }], []);
  }

  /** Deletes run by run, and shows it once for all of them; `attempt` tells of a failure and is false then. Those that went. */
  async remove(runIds: readonly RunId[], attempt: Attempt): Promise<readonly RunId[]> {
    const removed: RunId[] = [];
    for (const runId of runIds) {
      if (await attempt(this.#connection.call('deleteRun', { runId }))) removed.push(runId);
    }
    this.#apply([], removed);
    return removed;
  }

  /** Brings back what `remove` took; how many came. */
  async restore(runIds: readonly RunId[], attempt: Attempt): Promise<number> {
    let count = 0;
    for (const runId of runIds) if (await attempt(this.#connection.call('restoreRun', { runId }))) count++;
    if (count > 0) await this.load();
    return count;
  }

  /** The user's own words; shown at once. */
  async setWords(runId: RunId, words: Words): Promise<void> {
    const { tags, ...others } = words;
    await this.#connection.call('setRunWords', { runId, ...others, ...(tags && { tags: [...tags] }) });
    const run = this.#runs.get(runId);
    if (run) this.#apply([{ ...run, ...words }], []);
  }

  #apply(changed: readonly RunSummary[], removed: readonly RunId[]): void {
    const runs = new Map(this.#runs);
    for (const run of changed) runs.set(run.id, run);
    for (const id of removed) runs.delete(id);
    this.#replace(runs);
  }

  #replace(runs: ReadonlyMap<RunId, RunSummary>): void {
    const colours = giveColours(this.#colours.value, [...runs.keys()]);
    if (colours !== this.#colours.value) this.#colours.set(colours);
    this.#runs = runs;
  }
}
