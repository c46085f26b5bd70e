// The columns that the table of runs can show: facts of every run, any setting (`setting:NAME`), the last value of any scalar
// (`scalar:TAG`). One list serves sorting, grouping and the cells.

import type { RunSummary } from '../../shared/run.ts';

export const FACT_COLUMNS = [
  'name',
  'state',
  'recipe',
  'data',
  'progress',
  'rate',
  'created',
  'size',
  'seed',
  'step',
  'tags',
] as const;
export type FactColumn = (typeof FACT_COLUMNS)[number];
export type ColumnId = FactColumn | `setting:${string}` | `scalar:${string}`;

export const FIRST_COLUMNS: readonly ColumnId[] = [
  'name',
  'state',
  'recipe',
  'data',
  'progress',
  'rate',
  'scalar:loss/d',
  'scalar:loss/g',
  'created',
  'size',
];

export function isColumnId(stored: unknown): stored is ColumnId {
  if (typeof stored !== 'string') return false;
  return FACT_COLUMNS.some((known) => known === stored) || /^(setting|scalar):./.test(stored);
}

/** Name of the setting or scalar; null for a fact. */
export function columnName(id: ColumnId): { readonly kind: 'setting' | 'scalar'; readonly name: string } | null {
  const [, kind, name] = /^(setting|scalar):(.+)$/.exec(id) ?? [];
  return kind === 'setting' || kind === 'scalar' ? { kind, name: name! } : null;
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

const factValues: Readonly<Record<FactColumn, (run: RunSummary) => string | number>> = {
  name: (run) => run.name.toLowerCase(),
  state: (run) => PHASE_ORDER.indexOf(run.state.phase),
  recipe: (run) => `${run.recipe} ${run.preset}`,
  data: (run) => run.data,
  progress: (run) => (run.steps > 0 ? run.step / run.steps : 0),
  rate: (run) => run.stepsPerSecond ?? Number.NaN,
  created: (run) => run.createdMs,
  size: (run) => run.sizeBytes,
  seed: (run) => run.seed,
  step: (run) => run.step,
  tags: (run) => run.tags.join(' ').toLowerCase(),
};

/** What a run is sorted by; NaN where it has no value. */
export function sortValueOf(id: ColumnId): (run: RunSummary) => string | number {
  const named = columnName(id);
  if (!named) return factValues[id as FactColumn];
  const { kind, name } = named;
  if (kind === 'scalar') return (run) => run.lastValues[name] ?? Number.NaN;
  return (run) => {
    const value = run.parameters[name];
    return typeof value === 'boolean' ? Number(value) : (value ?? Number.NaN);
  };
}

const NUMBERS: readonly ColumnId[] = ['rate', 'size', 'seed', 'step'];

/** True where figures stand under each other at the right. */
export function isNumberColumn(id: ColumnId): boolean {
  return id.startsWith('scalar:') || NUMBERS.includes(id);
}

/** Settings and scalars of these runs, in the order they first appear. */
export function knownColumns(runs: readonly RunSummary[]): {
  readonly settings: readonly string[];
  readonly scalars: readonly string[];
} {
  const settings = new Set<string>();
  const scalars = new Set<string>();
  for (const run of runs) {
    for (const name of Object.keys(run.parameters)) settings.add(name);
    for (const tag of Object.keys(run.lastValues)) scalars.add(tag);
  }
  return { settings: [...settings], scalars: [...scalars] };
}
