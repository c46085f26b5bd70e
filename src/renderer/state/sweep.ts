// Several runs from one form: every combination of the values of one or two settings, each with every seed. Each run's
// name says in what it differs from the others.

import {
  checkParameter,
  ParameterError,
  parseParameter,
  type Parameter,
  type ParameterValue,
} from '../../shared/parameters.ts';
import type { Wish } from './queue.svelte.ts';

export const GREATEST_SEED = 4_294_967_295;
const NAME_LENGTH = 200;
const TAG_LENGTH = 50;

/** A setting and the values it is to have. */
export interface Axis {
  readonly name: string;
  readonly values: readonly ParameterValue[];
}

/**
 * Reads values typed one after the other, with commas or spaces between them. Throws ParameterError naming the setting
 * for one that its row refuses, one that stands there twice, or none.
 */
export function parseValues(row: Parameter, typed: string): readonly ParameterValue[] {
  const parts = typed.split(/[,;\s]+/).filter((part) => part !== '');
  const values = parts.map((part) => checkParameter(row, parseParameter(row, part)));
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new ParameterError(row.name, `${row.name}: ${twice} stands there twice`);
  if (values.length === 0) throw new ParameterError(row.name, `${row.name}: expected values, such as ${example(row)}`);
  return values;
}

function example(row: Parameter): string {
  if (row.kind !== 'number') return String(row.default);
  const other = row.integer ? row.default * 2 : row.default / 2;
  return `${row.default}, ${Math.min(row.max, Math.max(row.min, other))}`;
}

/** One wish for each combination; the last axis and then the seed change fastest. `base` begins every name. */
export function combine(wish: Wish, base: string, seeds: readonly number[], axes: readonly Axis[]): readonly Wish[] {
  let settings: readonly Readonly<Record<string, ParameterValue>>[] = [{}];
  for (const { name, values } of axes) {
    settings = settings.flatMap((before) => values.map((value) => ({ ...before, [name]: value })));
  }
  return settings.flatMap((chosen) =>
    seeds.map((seed) => {
      const differences = Object.entries(chosen).map(([name, value]) => `${name} ${value}`);
      if (seeds.length > 1) differences.push(`seed ${seed}`);
      return { ...wish, seed, parameters: { ...wish.parameters, ...chosen }, name: nameOf(base, differences) };
    }),
  );
}

/** The differences are never cut, the common beginning is. */
function nameOf(base: string, differences: readonly string[]): string {
  const tail = differences.map((difference) => `, ${difference}`).join('');
  return `${base.slice(0, Math.max(0, NAME_LENGTH - tail.length))}${tail}`.slice(0, NAME_LENGTH);
}

/** A tag for runs that belong together: what differs among them, and when they were asked for. */
export function automaticTag(axes: readonly Pick<Axis, 'name'>[], nowMs: number): string {
  const now = new Date(nowMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const when = `${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}`;
  const what = axes.length > 0 ? axes.map(({ name }) => name).join(' × ') : 'seeds';
  return `${what.slice(0, TAG_LENGTH - when.length - 1)} ${when}`;
}
