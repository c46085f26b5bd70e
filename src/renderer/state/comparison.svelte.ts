// Several runs on one page: a session each, opened when a run joins and closed when it leaves; the scalars shown.

import type { RunId } from '../../shared/run.ts';
import type { Extent } from '../charts/extent.ts';
import type { Connection } from './connection.svelte.ts';
import type { Library } from './library.svelte.ts';
import { isStringList, Persisted } from './persisted.svelte.ts';
import { RunSession } from './run-session.svelte.ts';

const FIRST_TAGS = ['loss/d', 'loss/g', 'prob/d_real', 'prob/d_fake'];

export class ComparisonState {
  readonly #connection: Connection;
  readonly #library: Library;
  readonly #tags: Persisted<readonly string[]>;
  readonly #open = new Map<RunId, { readonly session: RunSession; readonly close: () => void }>();
  #sessions = $state.raw<readonly RunSession[]>([]);
  #zoom: Extent | null = null;

  constructor(connection: Connection, library: Library, storage: Storage) {
    this.#connection = connection;
    this.#library = library;
    this.#tags = new Persisted<readonly string[]>(storage, 'compare.tags', FIRST_TAGS, isStringList);
  }

  /** In the order they were chosen. */
  get sessions(): readonly RunSession[] {
    return this.#sessions;
  }
  /** Scalars shown, one chart each. */
  get tags(): readonly string[] {
    return this.#tags.value;
  }

  /** Compares exactly these runs: new ones are opened, others closed, those that stay keep what they hold. */
  compare(runIds: readonly RunId[]): void {
    for (const [id, { close }] of this.#open) {
      if (runIds.includes(id)) continue;
      close();
      this.#open.delete(id);
    }
    for (const id of runIds) {
      if (this.#open.has(id)) continue;
      const session = new RunSession(this.#connection, this.#library, id, this.tags);
      this.#open.set(id, { session, close: session.open() });
      if (this.#zoom) void session.zoom(this.#zoom);
    }
    this.#sessions = runIds.map((id) => this.#open.get(id)!.session);
  }

  show(tags: readonly string[]): void {
    this.#tags.set(tags);
    for (const { session } of this.#open.values()) void session.want(tags);
  }

  zoom(range: Extent | null): void {
    this.#zoom = range;
    for (const { session } of this.#open.values()) void session.zoom(range);
  }

  close(): void {
    this.compare([]);
  }
}
