// One run as a page shows it: its detail, images and series, read once and then grown by what is new since a
// cursor. Opened by a page, closed with it.

import type { RunChanges } from '../../shared/contract.ts';
import {
  isActive,
  type CheckpointRow,
  type HistogramTag,
  type ImageRow,
  type RunDetail,
  type RunEvent,
  type RunId,
  type RunSummary,
  type Verdict,
} from '../../shared/run.ts';
import type { Columns } from '../charts/columns.ts';
import type { Extent } from '../charts/extent.ts';
import { SeriesFeed } from '../charts/feed.ts';
import type { Connection } from './connection.svelte.ts';
import type { Library } from './library.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

/** At most ten updates a second, however often the run reports: what comes just after another shows within a quarter of a second too. */
const PAUSE_MS = 100;

export class RunSession {
  readonly runId: RunId;
  readonly #connection: Connection;
  readonly #library: Library;
  readonly #feed: SeriesFeed;
  /** Tags to hold; null for all. */
  #wanted: ReadonlySet<string> | null;
  #detail = $state.raw<RunDetail | null>(null);
  #scalarTags = $state.raw<readonly string[]>([]);
  #images = $state.raw<ReadonlyMap<string, readonly ImageRow[]>>(new Map());
  #events = $state.raw<readonly RunEvent[]>([]);
  #checkpoints = $state.raw<readonly CheckpointRow[]>([]);
  #histogramTags = $state.raw<readonly HistogramTag[]>([]);
  #health = $state.raw<readonly Verdict[]>([]);
  #problem = $state('');
  #version = $state(0);
  #hasSeries = $state(false);
  #cursor = 0;
  #isReading = false;
  #isClosed = false;

  readonly #summary = $derived.by(() => this.#library.run(this.runId) ?? this.#detail?.summary ?? null);

  constructor(connection: Connection, library: Library, runId: RunId, wanted: readonly string[] | null) {
    this.runId = runId;
    this.#connection = connection;
    this.#library = library;
    this.#wanted = wanted && new Set(wanted);
    this.#feed = new SeriesFeed(connection.call, runId);
  }

  get summary(): RunSummary | null {
    return this.#summary;
  }
  get detail(): RunDetail | null {
    return this.#detail;
  }
  get scalarTags(): readonly string[] {
    return this.#scalarTags;
  }
  get imageTags(): readonly string[] {
    return [...this.#images.keys()];
  }
  /** In order of step. */
  images(tag: string): readonly ImageRow[] {
    return this.#images.get(tag) ?? [];
  }
  get events(): readonly RunEvent[] {
    return this.#events;
  }
  get checkpoints(): readonly CheckpointRow[] {
    return this.#checkpoints;
  }
  get histogramTags(): readonly HistogramTag[] {
    return this.#histogramTags;
  }
  /** Every verdict, oldest first. */
  get health(): readonly Verdict[] {
    return this.#health;
  }
  /** Why the run cannot be shown; empty when it can. */
  get problem(): string {
    return this.#problem;
  }
  /** False until the first answer with series, so that skeletons can tell waiting from nothing recorded. */
  get hasSeries(): boolean {
    return this.#hasSeries;
  }
  /** Grows with every change of the columns: what a chart reads to know that it must draw again. */
  get version(): number {
    return this.#version;
  }
  columns(tag: string): Columns | undefined {
    return this.#feed.columns(tag);
  }
  get lastStep(): number {
    return this.#feed.lastStep;
  }

  /** Starts reading and following. Returns the function that ends it. */
  open(): () => void {
    const ends = [
      this.#connection.on('runs', ({ changed }) => {
        const summary = changed.find((run) => run.id === this.runId);
        if (summary) void this.#follow(summary);
      }),
      this.#connection.onReturn(() => void this.read()),
    ];
    void this.read();
    return () => {
      this.#isClosed = true;
      for (const end of ends) end();
    };
  }

  /** Reads everything anew. */
  async read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const detail = await this.#connection.call('getRun', { runId: this.runId });
      this.#take(detail);
      // Before the series are read: what comes in between is then read twice and left out once.
      this.#cursor = detail.summary.cursor;
      await Promise.all([this.#readImages(detail.imageTags), this.#readSeries()]);
      this.#problem = '';
    } catch (problem) {
      if (this.#connection.status.phase === 'up') this.#problem = describeProblem(problem);
    } finally {
      this.#isReading = false;
    }
    this.#catchUp();
  }

  /** What was said while something else was being read, an ended run's last word among it. */
  #catchUp(): void {
    const latest = this.#library.run(this.runId);
    if (latest && latest.cursor >= this.#cursor && this.#problem === '') void this.#follow(latest);
  }

  /** Holds these tags; reads those not held yet. */
  async want(tags: readonly string[]): Promise<void> {
    this.#wanted = new Set(tags);
    const missing = this.#heldTags().filter((tag) => !this.#feed.wholeColumns(tag));
    if (this.#detail && missing.length > 0) await this.#quietly(this.#feed.read(missing));
    this.#version++;
  }

  /** Reads the words and the lists anew, not the series. */
  async refresh(): Promise<void> {
    await this.#quietly(this.#connection.call('getRun', { runId: this.runId }).then((detail) => this.#take(detail)));
  }

  async zoom(range: Extent | null): Promise<void> {
    const answer = this.#feed.zoom(range, this.#heldTags());
    this.#version++;
    await this.#quietly(answer);
    this.#version++;
  }

  #take(detail: RunDetail): void {
    this.#detail = detail;
    this.#scalarTags = detail.scalarTags;
    this.#events = detail.events;
    this.#checkpoints = detail.checkpoints;
    this.#histogramTags = detail.histogramTags;
    this.#health = detail.health;
  }

  async #readImages(tags: readonly string[]): Promise<void> {
    const rows = await Promise.all(tags.map((tag) => this.#connection.call('readImages', { runId: this.runId, tag })));
    this.#images = new Map(tags.map((tag, index) => [tag, rows[index]!]));
  }

  async #readSeries(): Promise<void> {
    this.#feed.clear();
    await this.#feed.read(this.#heldTags());
    this.#hasSeries = true;
    this.#version++;
  }

  #heldTags(): readonly string[] {
    const wanted = this.#wanted;
    return wanted ? this.#scalarTags.filter((tag) => wanted.has(tag)) : this.#scalarTags;
  }

  async #follow(summary: RunSummary): Promise<void> {
    const phaseChanged = summary.state.phase !== this.#detail?.summary.state.phase;
    if (this.#isReading || this.#isClosed || (summary.cursor <= this.#cursor && !phaseChanged)) return;
    // A resume takes steps back, and what is gone cannot be appended.
    const wasOver = this.#detail !== null && !isActive(this.#detail.summary.state);
    if (summary.step < this.#feed.lastStep || (wasOver && isActive(summary.state))) return this.read();
    this.#isReading = true;
    try {
      const afterStep = this.#feed.lastStep;
      const changes = await this.#connection.call('readChanges', {
        runId: this.runId,
        cursor: this.#cursor,
        afterStep,
      });
      await this.#grow(changes, phaseChanged);
      this.#problem = '';
    } catch (problem) {
      if (this.#connection.status.phase === 'up') this.#problem = describeProblem(problem);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    this.#isReading = false;
    this.#catchUp();
  }

  async #grow(changes: RunChanges, phaseChanged: boolean): Promise<void> {
    const newTags = changes.points.map(({ tag }) => tag).filter((tag) => !this.#scalarTags.includes(tag));
    if (newTags.length > 0) this.#scalarTags = [...this.#scalarTags, ...newTags];
    const isHeld = (tag: string): boolean => (this.#wanted ? this.#wanted.has(tag) : true);
    this.#feed.append(changes.points.filter(({ tag }) => isHeld(tag)));
    if (changes.truncated) await this.#readSeries();
    this.#images = addImages(this.#images, changes.images);
    this.#events = addNew(this.#events, changes.events, (event) => event.id);
    this.#checkpoints = addNew(this.#checkpoints, changes.checkpoints, (checkpoint) => checkpoint.step);
    this.#histogramTags = changes.histograms;
    this.#health = changes.health;
    this.#cursor = changes.cursor;
    // The machine, and what the recipe fixed when it started, are known from the first step on; a new checkpoint may
    // have sent old ones away.
    const isListStale = newTags.length > 0 || changes.checkpoints.length > 0;
    if (phaseChanged || isListStale) this.#take(await this.#connection.call('getRun', { runId: this.runId }));
    if (changes.points.length > 0) this.#hasSeries = true;
    this.#version++;
  }

  async #quietly(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (problem) {
      if (this.#connection.status.phase === 'up') this.#problem = describeProblem(problem);
    }
  }
}

function addNew<Row>(rows: readonly Row[], added: readonly Row[], keyOf: (row: Row) => number): readonly Row[] {
  const known = new Set(rows.map(keyOf));
  const fresh = added.filter((row) => !known.has(keyOf(row)));
  return fresh.length > 0 ? [...rows, ...fresh] : rows;
}

function addImages(
  images: ReadonlyMap<string, readonly ImageRow[]>,
  added: readonly ImageRow[],
): ReadonlyMap<string, readonly ImageRow[]> {
  if (added.length === 0) return images;
  const result = new Map(images);
  for (const tag of new Set(added.map((row) => row.tag))) {
    const rows = added.filter((row) => row.tag === tag);
    result.set(
      tag,
      addNew(result.get(tag) ?? [], rows, (row) => row.id),
    );
  }
  return result;
}
