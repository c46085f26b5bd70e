// Mean and spread of several runs at the same steps, for repeats with other seeds or any grouping. Everything is
// computed on columns; a run that has ended drops out of the mean instead of holding its last value.

import type { RunClock } from './axis.ts';
import type { Columns } from './columns.ts';

export const SPREADS = ['deviation', 'range'] as const;
/** Of the band: one sample standard deviation (n - 1) to each side, or from the least to the greatest. */
export type Spread = (typeof SPREADS)[number];

export function isSpread(stored: unknown): stored is Spread {
  return SPREADS.some((spread) => spread === stored);
}

export interface Member {
  readonly columns: Columns;
  readonly clock: RunClock;
}

/** One curve: `last` is the mean, `min` and `max` the band; times are those of the mean run. */
export interface Band extends Member {
  /** How many runs hold each step. */
  readonly counts: Uint32Array;
}

/** Undefined when no member has entries. Values between two entries of a run are interpolated, never beyond its ends. */
export function bandOf(members: readonly Member[], spread: Spread): Band | undefined {
  const present = members.filter(({ columns }) => columns.steps.length > 0);
  if (present.length === 0) return undefined;
  const steps = unionOf(present.map(({ columns }) => columns.steps));
  const walkers = present.map(({ columns }) => walk(columns));
  const startMs = mean(present.map(({ clock }) => clock.startMs));
  const size = steps.length;
  const [last, min, max] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)];
  const [wallMs, nonFinite, counts] = [new Float64Array(size), new Uint32Array(size), new Uint32Array(size)];
  for (let index = 0; index < size; index++) {
    const values: number[] = [];
    let since = 0;
    for (const [which, walker] of walkers.entries()) {
      const found = walker(steps[index]!);
      if (!found) continue;
      nonFinite[index]! += found.nonFinite;
      if (!Number.isFinite(found.value)) continue;
      values.push(found.value);
      since += found.wallMs - present[which]!.clock.startMs;
    }
    counts[index] = values.length;
    wallMs[index] = values.length > 0 ? startMs + since / values.length : Number.NaN;
    [last[index], min[index], max[index]] = measure(values, spread);
  }
  fillGaps(wallMs);
  const columns = { steps, last, min, max, wallMs, nonFinite, bucketed: true };
  return { columns, counts, clock: { startMs, epochsPerStep: mean(present.map(({ clock }) => clock.epochsPerStep)) } };
}

/** Mean and the two edges of the band; NaN for no values. */
function measure(values: readonly number[], spread: Spread): [number, number, number] {
  if (values.length === 0) return [Number.NaN, Number.NaN, Number.NaN];
  const middle = mean(values);
  if (spread === 'range') return [middle, Math.min(...values), Math.max(...values)];
  if (values.length === 1) return [middle, middle, middle];
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return [middle, middle - deviation, middle + deviation];
}

interface Found {
  readonly value: number;
  readonly wallMs: number;
  readonly nonFinite: number;
}

/** Reads a run at ascending steps. */
function walk({ steps, last, wallMs, nonFinite }: Columns): (step: number) => Found | null {
  let at = 0;
  return (step) => {
    while (at < steps.length && steps[at]! < step) at++;
    if (at === steps.length) return null;
    if (steps[at] === step) return { value: last[at]!, wallMs: wallMs[at]!, nonFinite: nonFinite[at]! };
    if (at === 0) return null;
    const part = (step - steps[at - 1]!) / (steps[at]! - steps[at - 1]!);
    const between = (column: Float32Array | Float64Array): number =>
      column[at - 1]! + part * (column[at]! - column[at - 1]!);
    return { value: between(last), wallMs: between(wallMs), nonFinite: 0 };
  };
}

/** All steps of the members, or those of the longest where the buckets of many runs would make too many. */
function unionOf(lists: readonly Float64Array[]): Float64Array {
  const union = Float64Array.from(new Set(lists.flatMap((list) => [...list]))).sort();
  const longest = Math.max(...lists.map((list) => list.length));
  if (union.length <= 2 * longest) return union;
  const stride = Math.ceil(union.length / longest);
  return union.filter((_, index) => index % stride === 0 || index === union.length - 1);
}

/** Where no run had a finite value the clock goes on from the entry before. */
function fillGaps(wallMs: Float64Array): void {
  for (let index = 1; index < wallMs.length; index++) {
    if (Number.isNaN(wallMs[index]!)) wallMs[index] = wallMs[index - 1]!;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
