// Buckets of a range of steps, filled in order from single points and from chunks alike. A chunk is the smallest thing
// that is put into a bucket whole: 16^level points of the series, counted from its first, cut only by the range's ends.
// It goes where its last step belongs. So an answer depends on the points alone, not on how they happen to be stored.

import type { SeriesBuckets } from '../../shared/series.ts';
import { firstAtLeast, stepAt, wallAt, type RawBlock } from './block.ts';
import { entryStep, entryWall, firstEntry, type OverviewRow } from './pyramid.ts';

export interface Buckets {
  /** The points with begin <= index < end. */
  addPoints(block: RawBlock, begin: number, end: number): void;
  /** The entries with begin <= index < end. */
  addEntries(row: OverviewRow, begin: number, end: number): void;
  /** Buckets without points are left out. */
  finish(tag: string): SeriesBuckets;
}

type Filling = { readonly [Column in Exclude<keyof SeriesBuckets, 'kind' | 'tag'>]: SeriesBuckets[Column] };

/** Buckets of `width` steps each, from `firstStep` to `lastStep`; `chunk` points stay together, 1 for none. */
export function makeBuckets(firstStep: number, lastStep: number, width: number, chunk: number): Buckets {
  const of = (step: number): number => Math.floor((step - firstStep) / width);
  const filling = empty(of(lastStep) + 1);
  // A chunk that comes in pieces gathers in the one place of `open`.
  const open = empty(1);
  const flush = (): void => {
    if (open.count[0] === 0) return;
    merge(filling, of(open.steps[0]!), open, 0);
    open.min[0] = NaN;
    open.max[0] = NaN;
    open.count[0] = 0;
    open.nonFinite[0] = 0;
  };
  return {
    addPoints(block, begin, end) {
      // Piece by piece, so that the inner loop touches nothing but values.
      for (let from = begin; from < end;) {
        if (chunk === 1) {
          const at = of(stepAt(block, from));
          const to = Math.min(end, firstAtLeast(block, firstStep + (at + 1) * width));
          addSlice(filling, at, block, from, to);
          from = to;
        } else {
          const left = chunk - ((block.place + from) % chunk);
          const to = Math.min(end, from + left);
          addSlice(open, 0, block, from, to);
          if (to - from === left) flush();
          from = to;
        }
      }
    },
    addEntries(row, begin, end) {
      const perChunk = chunk / row.points;
      // Rows begin where chunks begin, or in the middle of one that is longer than a row.
      let left = perChunk - ((row.place / row.points + begin) % perChunk);
      for (let from = begin; from < end;) {
        if (perChunk === 1) {
          const at = of(entryStep(row, from));
          const to = Math.min(end, firstEntry(row, firstStep + (at + 1) * width));
          addRun(filling, at, row, from, to);
          from = to;
        } else {
          const to = Math.min(end, from + left);
          addRun(open, 0, row, from, to);
          if (to - from === left) flush();
          left = perChunk;
          from = to;
        }
      }
    },
    finish(tag) {
      flush();
      return { kind: 'buckets', tag, ...withoutEmpty(filling) };
    },
  };
}

function empty(size: number): Filling {
  return {
    steps: new Float64Array(size),
    wallMs: new Float64Array(size),
    min: new Float32Array(size).fill(NaN),
    max: new Float32Array(size).fill(NaN),
    last: new Float32Array(size),
    count: new Uint32Array(size),
    nonFinite: new Uint32Array(size),
  };
}

function withoutEmpty(filling: Filling): Filling {
  const { count } = filling;
  if (!count.includes(0)) return filling;
  const kept = new Uint32Array(count.length);
  let size = 0;
  for (let at = 0; at < count.length; at++) if (count[at]! > 0) kept[size++] = at;
  const pick = <Column extends Float64Array | Float32Array | Uint32Array>(column: Column): Column => {
    const picked = column.slice(0, size) as Column;
    for (let k = 0; k < size; k++) picked[k] = column[kept[k]!]!;
    return picked;
  };
  return {
    steps: pick(filling.steps),
    wallMs: pick(filling.wallMs),
    min: pick(filling.min),
    max: pick(filling.max),
    last: pick(filling.last),
    count: pick(count),
    nonFinite: pick(filling.nonFinite),
  };
}

function merge(into: Filling, at: number, from: Filling, k: number): void {
  widen(into, at, from.min[k]!, from.max[k]!);
  into.steps[at] = from.steps[k]!;
  into.wallMs[at] = from.wallMs[k]!;
  into.last[at] = from.last[k]!;
  into.count[at]! += from.count[k]!;
  into.nonFinite[at]! += from.nonFinite[k]!;
}

/** The entries from <= index < to, all of one bucket. */
function addRun(filling: Filling, at: number, row: OverviewRow, from: number, to: number): void {
  const { min, max, nonFinite } = row;
  let [low, high, odd] = [filling.min[at]!, filling.max[at]!, 0];
  if (nonFinite === null) {
    // Nearly always. No comparison with NaN but that of an empty bucket, which always gives way.
    for (let k = from; k < to; k++) {
      if (!(low <= min[k]!)) low = min[k]!;
      if (!(high >= max[k]!)) high = max[k]!;
    }
  } else {
    for (let k = from; k < to; k++) {
      const [smallest, greatest] = [min[k]!, max[k]!];
      // NaN, an entry without finite values, is neither smaller nor greater nor equal.
      if (smallest < low || (low !== low && smallest === smallest)) low = smallest;
      if (greatest > high || (high !== high && greatest === greatest)) high = greatest;
      odd += nonFinite[k]!;
    }
  }
  filling.min[at] = low;
  filling.max[at] = high;
  filling.nonFinite[at]! += odd;
  filling.count[at]! += (to - from) * row.points;
  filling.last[at] = row.last[to - 1]!;
  filling.steps[at] = entryStep(row, to - 1);
  filling.wallMs[at] = entryWall(row, to - 1);
}

/** The NaN of a side without finite values always gives way. */
function widen({ min, max }: Filling, at: number, low: number, high: number): void {
  if (!(min[at]! <= low) && low === low) min[at] = low;
  if (!(max[at]! >= high) && high === high) max[at] = high;
}

/** The points from <= index < to, all of one bucket. */
function addSlice(filling: Filling, at: number, block: RawBlock, from: number, to: number): void {
  let [low, high, odd] = [filling.min[at]!, filling.max[at]!, 0];
  for (let k = from; k < to; k++) {
    const value = block.values[k]!;
    // Not finite: the difference is NaN.
    if (value - value !== 0) odd++;
    else {
      if (!(low <= value)) low = value;
      if (!(high >= value)) high = value;
    }
  }
  filling.min[at] = low;
  filling.max[at] = high;
  filling.nonFinite[at]! += odd;
  filling.count[at]! += to - from;
  filling.last[at] = block.values[to - 1]!;
  filling.steps[at] = stepAt(block, to - 1);
  filling.wallMs[at] = wallAt(block, to - 1);
}
