// Several runs on one page: a session each, opened when a run joins and closed when it leaves; the charts shown (scalars,
// formulas, one scalar against another) and how runs are put together.

import type { RunId } from '../../shared/run.ts';
import { isSpread, type Spread } from '../charts/bands.ts';
import type { Extent } from '../charts/extent.ts';
import { parseFormula } from '../charts/formula.ts';
import { BEGAN_TAGS } from './began.ts';
import type { Connection } from './connection.svelte.ts';
import type { Grouping } from './grouping.ts';
import type { Library } from './library.svelte.ts';
import { isStringList, Persisted } from './persisted.svelte.ts';
import { RunSession } from './run-session.svelte.ts';

const FIRST_TAGS = ['loss/d', 'loss/g', 'prob/d_real', 'prob/d_fake'];

/** One scalar against another. */
export interface Phase {
  readonly x: string;
  readonly y: string;
}

export class ComparisonState {
  readonly #connection: Connection;
  readonly #library: Library;
  readonly #tags: Persisted<readonly string[]>;
  readonly #formulas: Persisted<readonly string[]>;
  readonly #phases: Persisted<readonly Phase[]>;
  readonly #grouping: Persisted<Grouping>;
  readonly #spread: Persisted<Spread>;
  readonly #open = new Map<RunId, { readonly session: RunSession; readonly close: () => void }>();
  #sessions = $state.raw<readonly RunSession[]>([]);
  #zoom: Extent | null = null;

  constructor(connection: Connection, library: Library, storage: Storage) {
    this.#connection = connection;
    this.#library = library;
    this.#tags = new Persisted<readonly string[]>(storage, 'compare.tags', FIRST_TAGS, isStringList);
    this.#formulas = new Persisted<readonly string[]>(storage, 'compare.formulas', [], areFormulas);
    this.#phases = new Persisted<readonly Phase[]>(storage, 'compare.phases', [], arePhases);
    this.#grouping = new Persisted<Grouping>(storage, 'compare.grouping', '', (stored) => typeof stored === 'string');
    this.#spread = new Persisted<Spread>(storage, 'compare.spread', 'deviation', isSpread);
  }

  /** In the order they were chosen. */
  get sessions(): readonly RunSession[] {
    return this.#sessions;
  }
  /** Scalars shown, one chart each. */
  get tags(): readonly string[] {
    return this.#tags.value;
  }
  /** Each can be read. */
  get formulas(): readonly string[] {
    return this.#formulas.value;
  }
  get phases(): readonly Phase[] {
    return this.#phases.value;
  }
  get grouping(): Grouping {
    return this.#grouping.value;
  }
  get spread(): Spread {
    return this.#spread.value;
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
      const session = new RunSession(this.#connection, this.#library, id, this.#needed());
      this.#open.set(id, { session, close: session.open() });
      if (this.#zoom) void session.zoom(this.#zoom);
    }
    this.#sessions = runIds.map((id) => this.#open.get(id)!.session);
  }

  show(tags: readonly string[]): void {
    this.#tags.set(tags);
    this.#fetch();
  }

  addFormula(source: string): void {
    if (this.formulas.includes(source)) return;
    this.#formulas.set([...this.formulas, source]);
    this.#fetch();
  }

  removeFormula(source: string): void {
    this.#formulas.set(this.formulas.filter((other) => other !== source));
  }

  addPhase({ x, y }: Phase): void {
    if (this.phases.some((phase) => phase.x === x && phase.y === y)) return;
    this.#phases.set([...this.phases, { x, y }]);
    this.#fetch();
  }

  removePhase({ x, y }: Phase): void {
    this.#phases.set(this.phases.filter((phase) => phase.x !== x || phase.y !== y));
  }

  group(grouping: Grouping): void {
    this.#grouping.set(grouping);
  }

  spreadBy(spread: Spread): void {
    this.#spread.set(spread);
  }

  zoom(range: Extent | null): void {
    this.#zoom = range;
    for (const { session } of this.#open.values()) void session.zoom(range);
  }

  close(): void {
    this.compare([]);
  }

  #needed(): readonly string[] {
    const inFormulas = this.formulas.flatMap((source) => {
      const formula = parseFormula(source);
      return 'problem' in formula ? [] : formula.tags;
    });
    // Those of BEGAN cost nothing where no run has them.
    return [...new Set([...this.tags, ...inFormulas, ...this.phases.flatMap(({ x, y }) => [x, y]), ...BEGAN_TAGS])];
  }

  #fetch(): void {
    const tags = this.#needed();
    for (const { session } of this.#open.values()) void session.want(tags);
  }
}

function areFormulas(stored: unknown): stored is readonly string[] {
  return isStringList(stored) && stored.every((source) => !('problem' in parseFormula(source)));
}

function arePhases(stored: unknown): stored is readonly Phase[] {
  return (
    Array.isArray(stored) &&
    stored.every((phase: Partial<Phase> | null) => typeof phase?.x === 'string' && typeof phase.y === 'string')
  );
}
