// Which axes compare runs: settings (recipe, data, seed ... and every parameter) and last values of scalars, the same names as
// the columns of the table have.

import type { RecipeInfo } from '../../shared/contract.ts';
import type { RunSummary } from '../../shared/run.ts';
import { makeAxis, type AxisValue, type ValueAxis } from '../charts/value-axis.ts';
import { settingsOf } from './grouping.ts';
import { columnName, knownColumns } from './run-columns.ts';

export type AxisId = `setting:${string}` | `scalar:${string}`;

export interface RunAxis extends ValueAxis {
  readonly id: AxisId;
  readonly name: string;
  readonly kind: 'setting' | 'scalar';
}

export function isAxisId(stored: unknown): stored is AxisId {
  return typeof stored === 'string' && /^(setting|scalar):./.test(stored);
}

export function axisName(id: AxisId): string {
  return columnName(id)!.name;
}

export function axisValue(run: RunSummary, id: AxisId): AxisValue {
  const { kind, name } = columnName(id)!;
  return kind === 'scalar' ? run.lastValues[name] : settingsOf(run)[name];
}

/** More are chosen by hand: a line that runs through more cannot be followed. */
const MOST_FIRST = 9;
const FIRST_SCALARS = ['loss/d', 'loss/g'];

/** Settings in which the runs differ; the seed last, which tells repeats apart and explains nothing. */
export function differingSettings(runs: readonly RunSummary[]): readonly AxisId[] {
  const values = new Map<string, Set<AxisValue>>();
  for (const run of runs) {
    for (const [name, value] of Object.entries(settingsOf(run))) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  const names = [...values].filter(([, found]) => found.size > 1).map(([name]) => name);
  return names.sort((a, b) => Number(a === 'seed') - Number(b === 'seed')).map((name): AxisId => `setting:${name}`);
}

/** Axes for runs of which nothing is known: what differs, then the losses or else the first scalar. */
export function firstAxes(runs: readonly RunSummary[]): readonly AxisId[] {
  const { scalars } = knownColumns(runs);
  const wanted = FIRST_SCALARS.filter((tag) => scalars.includes(tag));
  const shown = (wanted.length > 0 ? wanted : scalars.slice(0, 1)).map((tag): AxisId => `scalar:${tag}`);
  return [...differingSettings(runs).slice(0, MOST_FIRST - shown.length), ...shown];
}

/** Every axis there could be: scalars first, then all settings. */
export function allAxes(runs: readonly RunSummary[]): readonly AxisId[] {
  const settings = new Set(runs.flatMap((run) => Object.keys(settingsOf(run))));
  const { scalars } = knownColumns(runs);
  return [...scalars.map((tag): AxisId => `scalar:${tag}`), ...[...settings].map((name): AxisId => `setting:${name}`)];
}

/** True where the recipe's table says that a setting is stepped by ratio. */
export function isLogByTable(
  id: AxisId,
  runs: readonly RunSummary[],
  recipe: (id: string) => RecipeInfo | undefined,
): boolean {
  const { kind, name } = columnName(id)!;
  if (kind === 'scalar') return false;
  return rowsOf(name, runs, recipe).some((row) => row.kind === 'number' && row.scale === 'log');
}

function rowsOf(
  name: string,
  runs: readonly RunSummary[],
  recipe: (id: string) => RecipeInfo | undefined,
): RecipeInfo['parameters'] {
  const recipes = [...new Set(runs.map((run) => run.recipe))];
  return recipes.flatMap((one) => recipe(one)?.parameters.filter((row) => row.name === name) ?? []);
}

/** `isLog`: the user's own choice, null for what the table says. */
export function readAxis(
  id: AxisId,
  runs: readonly RunSummary[],
  recipe: (id: string) => RecipeInfo | undefined,
  isLog: boolean | null,
): RunAxis {
  const { kind, name } = columnName(id)!;
  const order = rowsOf(name, runs, recipe).flatMap((row) =>
    row.kind === 'choice' ? row.choices.map((choice) => choice.value) : [],
  );
  const values = runs.map((run) => axisValue(run, id));
  return { ...makeAxis(values, isLog ?? isLogByTable(id, runs, recipe), order), id, name, kind };
}
