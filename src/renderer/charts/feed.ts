// The series of one run as its charts hold them: read once at the resolution of a chart, then grown by what is new.
// Plain fields, never reactive: thousands of numbers do not belong in proxies.

import type { RunId } from '../../shared/run.ts';
import type { SeriesPoints } from '../../shared/series.ts';
import type { Call } from '../../shared/messages.ts';
import { appendPoints, compactColumns, toColumns, type Columns } from './columns.ts';
import type { Extent } from './extent.ts';

/** Entries asked for: about one a pixel. */
const MAX_POINTS = 1_000;
/** Live points pile up at full resolution; beyond this they are put together, without asking the store again. */
const TOO_LONG = 1.5 * MAX_POINTS;

export class SeriesFeed {
  readonly #call: Call;
  readonly #runId: RunId;
  #whole = new Map<string, Columns>();
  #zoomed = new Map<string, Columns>();
  #range: Extent | null = null;
  #zoomRequest = 0;

  constructor(call: Call, runId: RunId) {
    this.#call = call;
    this.#runId = runId;
  }

  /** What to draw for a tag in the current zoom; the whole run's columns until the finer ones are there. */
  columns(tag: string): Columns | undefined {
    return (this.#range && this.#zoomed.get(tag)) ?? this.#whole.get(tag);
  }

  /** Columns of the whole run, whatever the zoom. */
  wholeColumns(tag: string): Columns | undefined {
    return this.#whole.get(tag);
  }

  /** Greatest step held of any tag; -1 before the first. */
  get lastStep(): number {
    let last = -1;
    for (const { steps } of this.#whole.values()) last = Math.max(last, steps.at(-1) ?? -1);
    return last;
  }

  async read(tags: readonly string[]): Promise<void> {
    if (tags.length === 0) return;
    const series = await this.#call('readSeries', { runId: this.#runId, tags: [...tags], maxPoints: MAX_POINTS });
    for (const one of series) this.#whole.set(one.tag, toColumns(one));
    if (this.#range) await this.zoom(this.#range, tags);
  }

  append(points: readonly SeriesPoints[]): void {
    for (const one of points) {
      const held = this.#whole.get(one.tag);
      const grown = held ? appendPoints(held, one) : toColumns(one);
      this.#whole.set(one.tag, grown.steps.length > TOO_LONG ? compactColumns(grown, MAX_POINTS) : grown);
    }
  }

  /** Forgets everything: after a resume, steps beyond the checkpoint are gone. */
  clear(): void {
    this.#whole = new Map();
    this.#zoomed = new Map();
  }

  async zoom(range: Extent | null, tags: readonly string[]): Promise<void> {
    const request = ++this.#zoomRequest;
    this.#range = range;
    this.#zoomed = new Map();
    if (!range || tags.length === 0) return;
    const { min: from, max: to } = range;
    const ask = { runId: this.#runId, tags: [...tags], from, to, maxPoints: MAX_POINTS };
    const series = await this.#call('readSeries', ask);
    // Brushing again before the answer came makes the answer stale.
    if (request === this.#zoomRequest) this.#zoomed = new Map(series.map((one) => [one.tag, toColumns(one)]));
  }
}
