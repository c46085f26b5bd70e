// The presets of a recipe side by side: only the settings in which they differ, in the order of the recipe's table.

import type { Parameter, ParameterValue, Preset } from '../../shared/parameters.ts';

export interface PresetRow {
  readonly row: Parameter;
  /** One a preset, in their order. */
  readonly values: readonly ParameterValue[];
}

export function comparePresets(parameters: readonly Parameter[], presets: readonly Preset[]): readonly PresetRow[] {
  return parameters
    .map((row) => ({ row, values: presets.map((preset) => preset.values[row.name] ?? row.default) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** As the form shows it: a choice by its label. */
export function labelOf(row: Parameter, value: ParameterValue): ParameterValue {
  if (row.kind !== 'choice') return value;
  return row.choices.find((choice) => choice.value === value)?.label ?? value;
}
