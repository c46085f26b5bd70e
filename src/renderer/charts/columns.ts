// What a chart draws of one series: columns, whether the store answered with raw points or with buckets. Live
// points are appended as buckets of one.

import type { Series, SeriesPoints } from '../../shared/series.ts';

export interface Columns {
  /** Ascending. */
  readonly steps: Float64Array;
  /** Wall time of each entry, ms since 1970. */
  readonly wallMs: Float64Array;
  readonly last: Float32Array;
  /** Of the finite values; NaN where there are none. Equal to `last` for raw points. */
  readonly min: Float32Array;
  readonly max: Float32Array;
  /** How many values of the entry are NaN or infinite. */
  readonly nonFinite: Uint32Array;
  /** True when entries stand for several points, so that the band between min and max means something. */
  readonly bucketed: boolean;
}

export function toColumns(series: Series): Columns {
  if (series.kind === 'buckets') {
    const { steps, wallMs, last, min, max, nonFinite } = series;
    return { steps, wallMs, last, min, max, nonFinite, bucketed: true };
  }
  const finite = series.values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const nonFinite = Uint32Array.from(series.values, (value) => (Number.isFinite(value) ? 0 : 1));
  const { steps, wallMs, values } = series;
  return { steps, wallMs, last: values, min: finite, max: finite, nonFinite, bucketed: false };
}

/** The columns with the points after their last step added; points already there are left out. */
export function appendPoints(columns: Columns, points: SeriesPoints): Columns {
  const end = columns.steps.at(-1) ?? -Infinity;
  const from = points.steps.findIndex((step) => step > end);
  if (from === -1) return columns;
  const added = toColumns({
    ...points,
    steps: points.steps.subarray(from),
    values: points.values.subarray(from),
    wallMs: points.wallMs.subarray(from),
  });
  return {
    steps: join(columns.steps, added.steps, Float64Array),
    wallMs: join(columns.wallMs, added.wallMs, Float64Array),
    last: join(columns.last, added.last, Float32Array),
    min: join(columns.min, added.min, Float32Array),
    max: join(columns.max, added.max, Float32Array),
    nonFinite: join(columns.nonFinite, added.nonFinite, Uint32Array),
    bucketed: columns.bucketed,
  };
}

/**
 * At most `bins` entries, and one more; at least half as many where there are enough: entries whose steps lie between the
 * same multiples of a power of two become one, so that what was put together before is never cut anew. As when the store
 * cuts, no spike and no NaN is lost, and an entry has the step of its last point.
 */
export function compactColumns(columns: Columns, bins: number): Columns {
  const { steps } = columns;
  const range = (steps.at(-1) ?? 0) - (steps[0] ?? 0);
  const width = 2 ** Math.max(0, Math.ceil(Math.log2(range / bins)));
  return joinEntries(
    columns,
    lastOfEach(steps.length, (at) => Math.floor(steps[at]! / width)),
  );
}

/** Indices of the last of all neighbours that share a place. */
export function lastOfEach(count: number, placeOf: (at: number) => number): number[] {
  const ends: number[] = [];
  for (let at = 0; at < count; at++) if (at + 1 === count || placeOf(at) !== placeOf(at + 1)) ends.push(at);
  return ends;
}

/** Each entry up to and with one of `ends`, ascending and with the last index among them, becomes one with those before it. */
export function joinEntries(columns: Columns, ends: readonly number[]): Columns {
  const result = {
    steps: Float64Array.from(ends, (end) => columns.steps[end]!),
    wallMs: Float64Array.from(ends, (end) => columns.wallMs[end]!),
    last: Float32Array.from(ends, (end) => columns.last[end]!),
    min: new Float32Array(ends.length).fill(Number.NaN),
    max: new Float32Array(ends.length).fill(Number.NaN),
    nonFinite: new Uint32Array(ends.length),
    bucketed: true,
  };
  let at = 0;
  for (const [entry, end] of ends.entries()) {
    for (; at <= end; at++) {
      const [low, high] = [columns.min[at]!, columns.max[at]!];
      // A comparison with NaN is false: what is NaN so far takes the next, and a NaN is never less or greater.
      if (low < result.min[entry]! || Number.isNaN(result.min[entry])) result.min[entry] = low;
      if (high > result.max[entry]! || Number.isNaN(result.max[entry])) result.max[entry] = high;
      result.nonFinite[entry]! += columns.nonFinite[at]!;
    }
  }
  return result;
}

function join<Column extends Float64Array | Float32Array | Uint32Array>(
  first: Column,
  second: Column,
  kind: new (length: number) => Column,
): Column {
  const joined = new kind(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Index of the entry whose step is nearest to `step`; -1 for no entries. */
export function nearestIndex(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low > 0 && step - steps[low - 1]! <= steps[low]! - step ? low - 1 : low;
}
