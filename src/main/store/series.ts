// The reading half of scalars: points when they fit, else buckets. Of the overview the coarsest level is read that still has
// an entry for each bucket; the ends of the range, and what is in no row yet, come from finer levels and from the points.

import type { Database } from 'better-sqlite3';
import type { Series, SeriesPoints, StepRange } from '../../shared/series.ts';
import { firstAtLeast, stepAt, wallAt, type RawBlock } from './block.ts';
import { makeBuckets, type Buckets } from './buckets.ts';
import { ENTRIES, FACTOR, LEVELS, entryStep, firstEntry, type OverviewRow } from './pyramid.ts';
import { openSource, type SeriesRow, type Source } from './source.ts';
import { openTails, type Tail } from './tail.ts';

export interface SeriesReader {
  series(tag: string, range: StepRange, maxPoints: number): Series;
  allPoints(tag: string): Iterable<SeriesPoints>;
  newPoints(afterStep: number, limit: number): { points: SeriesPoints[]; truncated: boolean };
  /** In the order they first appeared. */
  tags(): string[];
}

export function openSeriesReader(path: string, db: Database): SeriesReader {
  const byTag = db.prepare<[string], StoredRow>('SELECT id, tag, last_step AS lastStep FROM series WHERE tag = ?');
  const all = db.prepare<[], StoredRow>('SELECT id, tag, last_step AS lastStep FROM series ORDER BY id');
  const source = openSource(path, db);
  const readTails = openTails(path, db);
  const withTail = (row: StoredRow, tail: Tail | undefined): SeriesRow => {
    return { ...row, lastStep: tail?.steps.at(-1) ?? row.lastStep, tail };
  };
  const find = (tag: string): SeriesRow | null => {
    const row = byTag.get(tag);
    return row === undefined ? null : withTail(row, readTails().get(row.id));
  };
  /** The block after a step, as it is at one commit. */
  const nextBlock = db.transaction((tag: string, after: number): RawBlock | null => {
    const one = find(tag);
    return one && source.blockFrom(one, after + 1);
  });

  function* allPoints(tag: string): Generator<SeriesPoints> {
    // What is there now; what a living writer adds meanwhile comes with the next call.
    const lastStep = db.transaction(() => find(tag)?.lastStep ?? -1)();
    let after = -1;
    while (after < lastStep) {
      const block = nextBlock(tag, after);
      if (block === null) return;
      yield columns(tag, [cut(block, after + 1, lastStep)]);
      after = stepAt(block, block.count - 1);
    }
  }

  return {
    series(tag, { from = -Infinity, to = Infinity }, maxPoints) {
      const one = find(tag);
      return one === null ? columns(tag, []) : read(source, one, from, to, maxPoints);
    },
    allPoints,
    newPoints(afterStep, limit) {
      let truncated = false;
      const tails = readTails();
      const points = all
        .all()
        .map((row) => withTail(row, tails.get(row.id)))
        .filter((one) => one.lastStep > afterStep)
        .map((one) => {
          const { slices, more } = readAfter(source, one, afterStep, limit);
          truncated ||= more;
          return columns(one.tag, slices);
        });
      return { points, truncated };
    },
    tags: () => all.all().map((one) => one.tag),
  };
}

type StoredRow = Omit<SeriesRow, 'tail'>;

function read(source: Source, one: SeriesRow, from: number, to: number, maxPoints: number): Series {
  const { tag, lastStep } = one;
  const head = source.blockFrom(one, Math.max(0, Math.ceil(from)));
  const tail = source.blockUpTo(one, Math.min(lastStep, Math.floor(to)));
  if (head === null || tail === null) return columns(tag, []);
  const [begin, end] = [firstAtLeast(head, from), firstAtLeast(tail, Math.floor(to) + 1)];
  const count = tail.place + end - (head.place + begin);
  if (count <= 0) return columns(tag, []);
  const [first, last] = [stepAt(head, begin), stepAt(tail, end - 1)];
  if (count <= maxPoints) {
    const slices = source.blocks(one, first, last).map((block) => cut(block, first, last));
    return columns(tag, slices);
  }
  const level = levelFor(count, maxPoints);
  const width = Math.ceil((last - first + 1) / maxPoints);
  const buckets = makeBuckets(first, last, width, FACTOR ** level);
  fill(source, one, buckets, level, first, last);
  return buckets.finish(tag);
}

/** The coarsest level with an entry for each bucket; 0 for the points themselves. */
function levelFor(count: number, maxPoints: number): number {
  let level = 0;
  while (level < LEVELS && count >= maxPoints * FACTOR ** (level + 1)) level++;
  return level;
}

/** Everything from step `from` to step `to`, in order. */
function fill(source: Source, one: SeriesRow, buckets: Buckets, level: number, from: number, to: number): void {
  if (level === 0) {
    for (const block of source.blocks(one, from, to)) {
      const { begin, end } = cut(block, from, to);
      buckets.addPoints(block, begin, end);
    }
    return;
  }
  let next = from;
  for (const row of source.rows(one, level, from, to)) {
    next = fillRow(source, one, buckets, { row, level }, next, to);
    if (next > to) return;
  }
  fill(source, one, buckets, level - 1, next, to);
}

/** The part of a row from step `from` to step `to`; returns the step after it. */
function fillRow(
  source: Source,
  one: SeriesRow,
  buckets: Buckets,
  { row, level }: { row: OverviewRow; level: number },
  from: number,
  to: number,
): number {
  const after = entryStep(row, ENTRIES - 1) + 1;
  let begin = firstEntry(row, from);
  // An entry that the range's beginning may cut is read one level below, and so is the one that its end cuts.
  if ((begin === 0 ? row.startStep : entryStep(row, begin - 1) + 1) < from) {
    fill(source, one, buckets, level - 1, from, Math.min(to, entryStep(row, begin)));
    begin++;
  }
  const end = firstEntry(row, to + 1);
  buckets.addEntries(row, begin, end);
  if (after <= to + 1) return after;
  if (end >= begin) {
    const start = Math.max(from, end === 0 ? row.startStep : entryStep(row, end - 1) + 1);
    fill(source, one, buckets, level - 1, start, to);
  }
  return to + 1;
}

/** The points begin <= index < end of a block. */
interface Slice {
  readonly block: RawBlock;
  readonly begin: number;
  readonly end: number;
}

/** The points with from <= step <= to. Steps are whole numbers. */
function cut(block: RawBlock, from: number, to: number): Slice {
  return { block, begin: firstAtLeast(block, from), end: firstAtLeast(block, Math.floor(to) + 1) };
}

/** The first `limit` points after a step, and whether there are more. */
function readAfter(
  source: Source,
  series: SeriesRow,
  afterStep: number,
  limit: number,
): { slices: Slice[]; more: boolean } {
  const slices: Slice[] = [];
  let [left, after] = [limit, afterStep];
  for (;;) {
    const block = source.blockFrom(series, after + 1);
    if (block === null) return { slices, more: false };
    if (left === 0) return { slices, more: true };
    const { begin, end } = cut(block, after + 1, Infinity);
    slices.push({ block, begin, end: Math.min(end, begin + left) });
    if (end - begin > left) return { slices, more: true };
    left -= end - begin;
    after = stepAt(block, block.count - 1);
  }
}

function columns(tag: string, slices: readonly Slice[]): SeriesPoints {
  const count = slices.reduce((sum, { begin, end }) => sum + end - begin, 0);
  const steps = new Float64Array(count);
  const values = new Float32Array(count);
  const wallMs = new Float64Array(count);
  let at = 0;
  for (const { block, begin, end } of slices) {
    values.set(block.values.subarray(begin, end), at);
    for (let k = begin; k < end; k++, at++) {
      steps[at] = stepAt(block, k);
      wallMs[at] = wallAt(block, k);
    }
  }
  return { kind: 'points', tag, steps, values, wallMs };
}
