// Filter and sort of the table of runs: pure, so that ten thousand rows can be tested without a window.

import type { RunSummary } from '../../shared/run.ts';

export const SORT_KEYS = [
  'name',
  'state',
  'recipe',
  'data',
  'progress',
  'rate',
  'lossD',
  'lossG',
  'created',
  'size',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export interface SortOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

const PHASE_ORDER = [
  'running',
  'starting',
  'paused',
  'queued',
  'failed',
  'interrupted',
  'stopped',
  'finished',
  'unreadable',
];

const sortValues: Readonly<Record<SortKey, (run: RunSummary) => string | number>> = {
  name: (run) => run.name.toLowerCase(),
  state: (run) => PHASE_ORDER.indexOf(run.state.phase),
  recipe: (run) => `${run.recipe} ${run.preset}`,
  data: (run) => run.data,
  progress: (run) => (run.steps > 0 ? run.step / run.steps : 0),
  rate: (run) => run.stepsPerSecond ?? Number.NaN,
  lossD: (run) => run.lastValues['loss/d'] ?? Number.NaN,
  lossG: (run) => run.lastValues['loss/g'] ?? Number.NaN,
  created: (run) => run.createdMs,
  size: (run) => run.sizeBytes,
};

/** Runs that hold every word of the filter in name, tags, id, recipe, preset, data or state; any case. */
export function filterRuns(runs: readonly RunSummary[], filter: string): readonly RunSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter((run) => {
    const line = [run.name, ...run.tags, run.id, run.recipe, run.preset, run.data, run.state.phase]
      .join('\n')
      .toLowerCase();
    return words.every((word) => line.includes(word));
  });
}

/** Runs without a value (or with NaN) come last in both directions; equal ones newest first. */
export function sortRuns(runs: readonly RunSummary[], order: SortOrder): readonly RunSummary[] {
  const valueOf = sortValues[order.key];
  const direction = order.descending ? -1 : 1;
  return runs.toSorted((a, b) => {
    const left = valueOf(a);
    const right = valueOf(b);
    const missing = Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    if (missing !== 0) return missing;
    if (left < right) return -direction;
    if (left > right) return direction;
    return a.id < b.id ? 1 : -1;
  });
}

/** Without the archived ones, unless they are asked for. */
export function hideArchived(runs: readonly RunSummary[], isArchivedShown: boolean): readonly RunSummary[] {
  return isArchivedShown ? runs : runs.filter((run) => !run.archived);
}

export function isSortOrder(stored: unknown): stored is SortOrder {
  if (typeof stored !== 'object' || stored === null) return false;
  const { key, descending } = stored as Partial<Record<keyof SortOrder, unknown>>;
  return SORT_KEYS.some((known) => known === key) && typeof descending === 'boolean';
}
