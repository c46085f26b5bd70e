// Order and groups of the table of runs: pure, so that ten thousand rows can be tested without a window.

import type { RunSummary } from '../../shared/run.ts';
import { columnName, isColumnId, sortValueOf, type ColumnId } from './run-columns.ts';

export interface SortOrder {
  readonly key: ColumnId;
  readonly descending: boolean;
}

/** Runs without a value (or with NaN) come last in both directions; equal ones newest first. */
export function sortRuns(runs: readonly RunSummary[], order: SortOrder): readonly RunSummary[] {
  const valueOf = sortValueOf(order.key);
  const direction = order.descending ? -1 : 1;
  const rows = runs.map((run) => ({ run, value: valueOf(run) }));
  rows.sort((a, b) => {
    const missing = Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
    if (missing !== 0) return missing;
    if (a.value < b.value) return -direction;
    if (a.value > b.value) return direction;
    return b.run.createdMs - a.run.createdMs || (a.run.id < b.run.id ? 1 : -1);
  });
  return rows.map(({ run }) => run);
}

/** Without the archived ones, unless they are asked for. */
export function hideArchived(runs: readonly RunSummary[], isArchivedShown: boolean): readonly RunSummary[] {
  return isArchivedShown ? runs : runs.filter((run) => !run.archived);
}

export function isSortOrder(stored: unknown): stored is SortOrder {
  if (typeof stored !== 'object' || stored === null) return false;
  const { key, descending } = stored as Partial<Record<keyof SortOrder, unknown>>;
  return isColumnId(key) && typeof descending === 'boolean';
}

export type TableRow =
  | { readonly kind: 'run'; readonly run: RunSummary }
  | {
      readonly kind: 'group';
      /** Empty for the runs that have no such setting. */
      readonly value: string;
      readonly runs: readonly RunSummary[];
      readonly isOpen: boolean;
    };

/** The lines of the table: sorted runs, under the values of a column where one is chosen. Groups stand in the order of their first run. */
export function toRows(
  runs: readonly RunSummary[],
  by: ColumnId | null,
  closed: readonly string[],
): readonly TableRow[] {
  const asRow = (run: RunSummary): TableRow => ({ kind: 'run', run });
  if (!by) return runs.map(asRow);
  const groups = Map.groupBy(runs, (run) => groupValue(run, by));
  return [...groups].flatMap(([value, members]): TableRow[] => {
    const isOpen = !closed.includes(value);
    return [{ kind: 'group', value, runs: members, isOpen }, ...(isOpen ? members.map(asRow) : [])];
  });
}

function groupValue(run: RunSummary, by: ColumnId): string {
  if (by === 'name') return run.name;
  if (by === 'state') return run.state.phase;
  if (by === 'created') return new Date(run.createdMs).toLocaleDateString('sv-SE');
  if (by === 'tags') return run.tags.join(', ');
  const named = columnName(by);
  const value = named?.kind === 'setting' ? run.parameters[named.name] : sortValueOf(by)(run);
  return value === undefined || Number.isNaN(value) ? '' : String(value);
}
