// The table of runs as the user has arranged it: filter, order, columns, groups, and arrangements kept under a name.

import type { RunId, RunSummary } from '../../shared/run.ts';
import type { Library } from './library.svelte.ts';
import { isBoolean, Persisted } from './persisted.svelte.ts';
import { FIRST_PLOTS, isPlotChoice, type PlotChoice } from './plot-choice.ts';
import { FIRST_COLUMNS, isColumnId, type ColumnId } from './run-columns.ts';
import { filterRuns, parseFilter, unknownKeys } from './run-filter.ts';
import { hideArchived, isSortOrder, sortRuns, toRows, type SortOrder, type TableRow } from './run-order.ts';

/** An arrangement; saved ones have a name. */
export interface View {
  readonly name: string;
  readonly filter: string;
  readonly order: SortOrder;
  readonly columns: readonly ColumnId[];
  readonly groupBy: ColumnId | null;
  /** Table or plots, and what those show; absent in views saved before there were any. */
  readonly plots?: PlotChoice;
}

const NEWEST_FIRST: SortOrder = { key: 'created', descending: true };

export class RunList {
  readonly #library: Library;
  readonly #view: Persisted<View>;
  readonly #saved: Persisted<readonly View[]>;
  readonly #isArchivedShown: Persisted<boolean>;
  #filter = $state('');
  #closed = $state.raw<readonly string[]>([]);
  #selection = $state.raw<ReadonlySet<RunId>>(new Set());

  readonly #listed = $derived.by(() => hideArchived(this.#library.runs, this.#isArchivedShown.value));
  readonly #shown = $derived.by(() => sortRuns(filterRuns(this.#listed, this.#filter), this.order));
  readonly #rows = $derived.by(() => toRows(this.#shown, this.groupBy, this.#closed));
  readonly #selected = $derived.by(() => this.#shown.filter((run) => this.#selection.has(run.id)));
  readonly #problem = $derived.by(() => {
    const filter = parseFilter(this.#filter);
    return { problems: filter.problems, unknown: unknownKeys(filter, this.#library.runs) };
  });

  constructor(library: Library, storage: Storage) {
    this.#library = library;
    const first: View = { name: '', filter: '', order: NEWEST_FIRST, columns: FIRST_COLUMNS, groupBy: null };
    this.#view = new Persisted<View>(storage, 'runs.view', first, isView);
    this.#saved = new Persisted<readonly View[]>(storage, 'runs.views', [], areViews);
    this.#isArchivedShown = new Persisted<boolean>(storage, 'runs.archived', false, isBoolean);
  }

  get filter(): string {
    return this.#filter;
  }
  get order(): SortOrder {
    return this.#view.value.order;
  }
  /** `name` is always among them, and first. */
  get columns(): readonly ColumnId[] {
    return this.#view.value.columns;
  }
  get groupBy(): ColumnId | null {
    return this.#view.value.groupBy;
  }
  get plots(): PlotChoice {
    return this.#view.value.plots ?? FIRST_PLOTS;
  }
  get isArchivedShown(): boolean {
    return this.#isArchivedShown.value;
  }
  get saved(): readonly View[] {
    return this.#saved.value;
  }
  /** Before the filter. */
  get listed(): readonly RunSummary[] {
    return this.#listed;
  }
  get shown(): readonly RunSummary[] {
    return this.#shown;
  }
  get rows(): readonly TableRow[] {
    return this.#rows;
  }
  /** Only what is on the page: what is hidden is not deleted unseen. */
  get selected(): readonly RunSummary[] {
    return this.#selected;
  }
  get isAllSelected(): boolean {
    return this.#shown.length > 0 && this.#selected.length === this.#shown.length;
  }
  /** What of the filter was left out, and the names in it that no run has. */
  get problem(): { readonly problems: readonly string[]; readonly unknown: readonly string[] } {
    return this.#problem;
  }

  filterBy(filter: string): void {
    this.#filter = filter;
  }

  /** The same column again turns the order round. */
  sortBy(key: ColumnId, startsDescending: boolean): void {
    const { order } = this;
    this.#change({ order: { key, descending: order.key === key ? !order.descending : startsDescending } });
  }

  showColumn(id: ColumnId, isShown: boolean): void {
    if (id === 'name') return;
    const others = this.columns.filter((other) => other !== id);
    this.#change({ columns: isShown ? [...others, id] : others });
  }

  /** `distance` places to the right, or left. */
  moveColumn(id: ColumnId, distance: number): void {
    const columns = this.columns.filter((other) => other !== id);
    const place = Math.min(columns.length, Math.max(1, this.columns.indexOf(id) + distance));
    if (id !== 'name') this.#change({ columns: columns.toSpliced(place, 0, id) });
  }

  resetColumns(): void {
    this.#change({ columns: FIRST_COLUMNS });
  }

  group(by: ColumnId | null): void {
    this.#closed = [];
    this.#change({ groupBy: by });
  }

  plot(part: Partial<PlotChoice>): void {
    this.#change({ plots: { ...this.plots, ...part } });
  }

  toggleGroup(value: string): void {
    const others = this.#closed.filter((closed) => closed !== value);
    this.#closed = others.length < this.#closed.length ? others : [...this.#closed, value];
  }

  showArchived(isShown: boolean): void {
    this.#isArchivedShown.set(isShown);
  }

  select(runIds: readonly RunId[], isSelected: boolean): void {
    const ids = new Set(this.#selection);
    for (const id of runIds) {
      if (isSelected) ids.add(id);
      else ids.delete(id);
    }
    this.#selection = ids;
  }

  /** These and no others. */
  selectOnly(runIds: readonly RunId[]): void {
    this.#selection = new Set(runIds);
  }

  selectNone(): void {
    this.#selection = new Set();
  }

  isSelected(id: RunId): boolean {
    return this.#selection.has(id);
  }

  /** Keeps the arrangement; one of the same name is replaced. */
  save(name: string): void {
    const view = { ...this.#view.value, filter: this.#filter, name };
    this.#saved.set([...this.saved.filter((other) => other.name !== name), view]);
  }

  open(view: View): void {
    this.#filter = view.filter;
    this.#closed = [];
    this.#view.set({ ...view, name: '' });
  }

  forget(view: View): void {
    this.#saved.set(this.saved.filter((other) => other.name !== view.name));
  }

  #change(part: Partial<View>): void {
    this.#view.set({ ...this.#view.value, ...part });
  }
}

function isView(stored: unknown): stored is View {
  if (typeof stored !== 'object' || stored === null) return false;
  const { name, filter, order, columns, groupBy, plots } = stored as Partial<Record<keyof View, unknown>>;
  return (
    typeof name === 'string' &&
    typeof filter === 'string' &&
    isSortOrder(order) &&
    Array.isArray(columns) &&
    columns.every(isColumnId) &&
    columns[0] === 'name' &&
    (groupBy === null || isColumnId(groupBy)) &&
    (plots === undefined || isPlotChoice(plots))
  );
}

function areViews(stored: unknown): stored is readonly View[] {
  return Array.isArray(stored) && stored.every(isView);
}
