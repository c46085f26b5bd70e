// The distributions of a run as its page shows them: read anew, at most once a second, when a tag has a new step.

import type { HistogramTag, RunId } from '../../shared/run.ts';
import type { Histograms } from '../../shared/series.ts';
import type { Connection } from './connection.svelte.ts';

const PAUSE_MS = 1000;
/** Wider than a column of colours is not needed. */
const ROWS = 240;

export class HistogramFeed {
  readonly #connection: Connection;
  readonly #runId: RunId;
  #tags: readonly HistogramTag[] = [];
  #isReading = false;
  #isClosed = false;
  readonly #known = new Map<string, number>();
  #all = $state.raw<readonly Histograms[]>([]);

  constructor(connection: Connection, runId: RunId) {
    this.#connection = connection;
    this.#runId = runId;
  }

  /** By tag. */
  get all(): readonly Histograms[] {
    return this.#all;
  }

  /** To be told whenever the run says what it has. */
  follow(tags: readonly HistogramTag[]): void {
    this.#tags = tags;
    void this.#read();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #read(): Promise<void> {
    const fresh = this.#tags.filter(({ tag, lastStep }) => this.#known.get(tag) !== lastStep);
    if (this.#isReading || this.#isClosed || fresh.length === 0) return;
    this.#isReading = true;
    try {
      const runId = this.#runId;
      const read = await Promise.all(
        fresh.map(({ tag }) => this.#connection.call('readHistograms', { runId, tag, maxRows: ROWS })),
      );
      for (const { tag, lastStep } of fresh) this.#known.set(tag, lastStep);
      const kept = this.#all.filter(({ tag }) => !fresh.some((one) => one.tag === tag));
      this.#all = [...kept, ...read].sort((one, other) => one.tag.localeCompare(other.tag));
    } catch {
      // The page says what is wrong with the connection or the run; the next change asks again.
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    this.#isReading = false;
    void this.#read();
  }
}
