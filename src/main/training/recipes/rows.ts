// Writes a parameter table as a table: one call a row, the columns in the same order everywhere.

import type { ChoiceParameter, NumberParameter, ParameterGroup, SwitchParameter } from '../../../shared/parameters.ts';

type NumberExtras = Pick<NumberParameter, 'unit' | 'scale'>;
type Range = readonly [min: number, max: number];

export function number(
  group: ParameterGroup,
  name: string,
  label: string,
  value: number,
  [min, max]: Range,
  help: string,
  extras: NumberExtras = {},
): NumberParameter {
  return { kind: 'number', group, name, label, default: value, min, max, help, ...extras };
}

/** Whole numbers only. */
export function whole(
  group: ParameterGroup,
  name: string,
  label: string,
  value: number,
  range: Range,
  help: string,
  extras: NumberExtras = {},
): NumberParameter {
  return { ...number(group, name, label, value, range, help, extras), integer: true };
}

/** `choices` maps each value to its label, in menu order. */
export function choice(
  group: ParameterGroup,
  name: string,
  label: string,
  value: string,
  choices: Readonly<Record<string, string>>,
  help: string,
): ChoiceParameter {
  const list = Object.entries(choices).map(([id, text]) => ({ value: id, label: text }));
  return { kind: 'choice', group, name, label, default: value, choices: list, help };
}

export function toggle(
  group: ParameterGroup,
  name: string,
  label: string,
  value: boolean,
  help: string,
): SwitchParameter {
  return { kind: 'switch', group, name, label, default: value, help };
}
