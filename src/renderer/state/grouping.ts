// Runs put together for a mean and its band: repeats that differ only in the seed, or all with the same value of a setting.

import type { RunId, RunSummary } from '../../shared/run.ts';

export interface RunGroup {
  readonly key: string;
  readonly label: string;
  /** In the order they were given; at least one. */
  readonly runIds: readonly RunId[];
}

/** `repeats`, or the name of a setting; empty for no grouping. */
export type Grouping = string;
export const REPEATS = 'repeats';

/** What a run was asked for, under the names that the table of settings shows. */
export function settingsOf(run: RunSummary): Readonly<Record<string, number | string | boolean>> {
  const { recipe, preset, data, seed, steps, parameters } = run;
  return { recipe, preset, data, seed, steps, ...parameters };
}

/** Length is no difference between repeats: a run stopped early is the same training, seen for less long. */
export function groupRuns(runs: readonly RunSummary[], by: Grouping): readonly RunGroup[] {
  const keyOf = (run: RunSummary): string => {
    const { seed: _seed, steps: _steps, ...others } = settingsOf(run);
    return JSON.stringify(by === REPEATS ? sorted(others) : (settingsOf(run)[by] ?? null));
  };
  const groups = [...Map.groupBy(runs, keyOf)].map(([key, members]) => ({ key, members }));
  const heads = groups.map(({ members }) => members[0]!);
  return groups.map(({ key, members }) => ({
    key,
    label: by === REPEATS ? describe(members[0]!, heads) : `${by} ${settingsOf(members[0]!)[by] ?? '–'}`,
    runIds: members.map((run) => run.id),
  }));
}

/** The settings by which one group differs from the others; its name where there is but one group. */
function describe(run: RunSummary, heads: readonly RunSummary[]): string {
  const values = settingsOf(run);
  const differing = Object.keys(values).filter(
    (name) => name !== 'seed' && name !== 'steps' && heads.some((head) => settingsOf(head)[name] !== values[name]),
  );
  return differing.length > 0 ? differing.map((name) => `${name} ${values[name]}`).join(', ') : run.name;
}

function sorted(values: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
