// Settings of runs side by side with their preset and with each other.

import type { RecipeInfo } from '../../shared/contract.ts';
import type { ParameterGroup, ParameterValue } from '../../shared/parameters.ts';
import type { RunSpec, RunSummary } from '../../shared/run.ts';

export interface SettingRow {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly unit: string;
  /** Null for a setting the recipe's table no longer has. */
  readonly group: ParameterGroup | null;
  readonly value: ParameterValue;
  /** Undefined where the recipe is not known here. */
  readonly presetValue: ParameterValue | undefined;
  readonly differs: boolean;
}

/** Every parameter of a run in the order of the recipe's table; what the table no longer has comes last. */
export function listSettings(
  spec: Pick<RunSpec, 'parameters' | 'preset'>,
  recipe: RecipeInfo | undefined,
): readonly SettingRow[] {
  const preset = recipe?.presets.find(({ id }) => id === spec.preset);
  const table = recipe?.parameters ?? [];
  const known = table.map((row) => row.name).filter((name) => spec.parameters[name] !== undefined);
  const others = Object.keys(spec.parameters).filter((name) => !known.includes(name));
  return [...known, ...others].map((name) => {
    const row = table.find((candidate) => candidate.name === name);
    const value = spec.parameters[name]!;
    const presetValue = row && (preset?.values[name] ?? row.default);
    return {
      name,
      label: row?.label ?? name,
      help: row?.help ?? '',
      unit: row?.kind === 'number' ? (row.unit ?? '') : '',
      group: row?.group ?? null,
      value,
      presetValue,
      differs: presetValue !== undefined && presetValue !== value,
    };
  });
}

export interface SettingComparison {
  readonly name: string;
  /** One value a run, undefined where the run has no such setting. */
  readonly values: readonly (ParameterValue | undefined)[];
}

/** The settings of runs (recipe, preset, data, seed, steps, then parameters), split by whether all runs agree. */
export function compareSettings(runs: readonly RunSummary[]): {
  readonly differing: readonly SettingComparison[];
  readonly same: readonly SettingComparison[];
} {
  const flat = runs.map(({ recipe, preset, data, seed, steps, parameters }) => {
    const values: Record<string, ParameterValue | undefined> = { recipe, preset, data, seed, steps, ...parameters };
    return values;
  });
  const names = [...new Set(flat.flatMap((values) => Object.keys(values)))];
  const all = names.map((name) => ({ name, values: flat.map((values) => values[name]) }));
  const isSame = ({ values }: SettingComparison): boolean => values.every((value) => value === values[0]);
  return { differing: all.filter((row) => !isSame(row)), same: all.filter(isSame) };
}
