// The overview of a series: rows of 256 entries, each of which says what can be said of 16 points (level 1), of 256
// (level 2), of 4,096 (level 3) and so on, so that any zoom reads a few rows. A row is written once, when its last entry
// is full; what comes after the last row of a level is found one level below, and below level 1 in the blocks.

import type { Database } from 'better-sqlite3';
import { BLOCK_POINTS, aligned, bytesOf, packSteps, strideOf, type OpenBlock } from './block.ts';
import { damaged } from './sentences.ts';

/** Entries of one level that make one of the next; points in an entry of level 1. */
export const FACTOR = 16;
/**
 * In a row; more would make each walk longer, which reads up to 15 rows of every level that it goes down, and fewer would
 * make more rows. Of levels 1 and 2, the bulk, a row lies in one page of the file, which stays in SQLite's memory.
 */
export const ENTRIES = 256;
/** Level 6 holds 4 billion points in a row. */
export const LEVELS = 6;

/** Entries in order; `count` of the places are filled. */
export interface Entries {
  /** How many points of the series come before the first entry. */
  readonly place: number;
  count: number;
  startStep: number;
  readonly lastSteps: Float64Array;
  /** Time of the last point of each entry. */
  readonly wallMs: Float64Array;
  /** Of the finite values; NaN where there is none. */
  readonly min: Float32Array;
  readonly max: Float32Array;
  /** The last value, finite or not. */
  readonly last: Float32Array;
  readonly nonFinite: Uint32Array;
}

export function noEntries(place: number): Entries {
  return {
    place,
    count: 0,
    startStep: 0,
    lastSteps: new Float64Array(ENTRIES),
    wallMs: new Float64Array(ENTRIES),
    min: new Float32Array(ENTRIES),
    max: new Float32Array(ENTRIES),
    last: new Float32Array(ENTRIES),
    nonFinite: new Uint32Array(ENTRIES),
  };
}

export function copyEntries(from: Entries): Entries {
  const { lastSteps, wallMs, min, max, last, nonFinite } = from;
  const columns = [lastSteps, wallMs, min, max, last, nonFinite].map((column) => column.slice());
  const [s, w, low, high, l, n] = columns as [
    Float64Array,
    Float64Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Uint32Array,
  ];
  return { ...from, lastSteps: s, wallMs: w, min: low, max: high, last: l, nonFinite: n };
}

/** The 64 entries of level 1 that a full block makes. There must be room for them. */
export function addBlock(entries: Entries, block: OpenBlock): void {
  if (entries.count === 0) entries.startStep = block.steps[0]!;
  const perPoint = (block.endMs - block.startMs) / (BLOCK_POINTS - 1);
  for (let from = 0; from < BLOCK_POINTS; from += FACTOR) {
    const at = entries.count++;
    const end = from + FACTOR - 1;
    let [min, max, odd] = [NaN, NaN, 0];
    for (let k = from; k <= end; k++) {
      const value = block.values[k]!;
      // Not finite: the difference is NaN. The NaN of the start always gives way.
      if (value - value !== 0) odd++;
      else {
        if (!(min <= value)) min = value;
        if (!(max >= value)) max = value;
      }
    }
    entries.min[at] = min;
    entries.max[at] = max;
    entries.nonFinite[at] = odd;
    entries.last[at] = block.values[end]!;
    entries.lastSteps[at] = block.steps[end]!;
    entries.wallMs[at] = block.startMs + end * perPoint;
  }
}

/** The 16 entries of the level above that a full row makes. There must be room for them. */
export function addRow(above: Entries, row: Entries): void {
  if (above.count === 0) above.startStep = row.startStep;
  for (let from = 0; from < ENTRIES; from += FACTOR) {
    const at = above.count++;
    const end = from + FACTOR - 1;
    let [min, max, odd] = [NaN, NaN, 0];
    for (let k = from; k <= end; k++) {
      if (!(min <= row.min[k]!) && !Number.isNaN(row.min[k])) min = row.min[k]!;
      if (!(max >= row.max[k]!) && !Number.isNaN(row.max[k])) max = row.max[k]!;
      odd += row.nonFinite[k]!;
    }
    above.min[at] = min;
    above.max[at] = max;
    above.nonFinite[at] = odd;
    above.last[at] = row.last[end]!;
    above.lastSteps[at] = row.lastSteps[end]!;
    above.wallMs[at] = row.wallMs[end]!;
  }
}

export interface LevelRow {
  readonly place: number;
  readonly start_step: number;
  readonly last_step: number;
  readonly start_ms: number;
  /** Steps between two points, where all are alike; else `steps` has the last step of each entry. */
  readonly stride: number | null;
  readonly steps: Uint8Array | null;
  readonly walls: Uint8Array;
  /** NULL where every value is finite. */
  readonly non_finite: Uint8Array | null;
  readonly data: Uint8Array;
}

export const LEVEL_COLUMNS = 'place, start_step, last_step, start_ms, stride, steps, walls, non_finite, data';

/** Times in a row: one a block, as the blocks have them, where an entry is less than a block; else one an entry. */
const wallsOf = (level: number): number => Math.min(ENTRIES, (ENTRIES * FACTOR ** level) / BLOCK_POINTS);

export function packEntries(row: Entries, level: number, startMs: number): LevelRow {
  const points = FACTOR ** level;
  const entryStride = strideOf(row.lastSteps);
  const stride = entryStride === null ? null : entryStride / points;
  const isEven = stride !== null && row.lastSteps[0] === row.startStep + (points - 1) * stride;
  const each = ENTRIES / wallsOf(level);
  const walls = Float64Array.from({ length: wallsOf(level) }, (_, k) => row.wallMs[each * (k + 1) - 1]!);
  const data = new Float32Array(3 * ENTRIES);
  [row.min, row.max, row.last].forEach((column, k) => data.set(column, k * ENTRIES));
  return {
    place: row.place,
    start_step: row.startStep,
    last_step: row.lastSteps[ENTRIES - 1]!,
    start_ms: startMs,
    stride: isEven ? stride : null,
    steps: isEven ? null : packSteps(row.lastSteps),
    walls: bytesOf(walls),
    non_finite: row.nonFinite.some((odd) => odd > 0) ? bytesOf(row.nonFinite) : null,
    data: bytesOf(data),
  };
}

/** A row as it was read; its columns are taken as they lie in the file. */
export interface OverviewRow {
  readonly place: number;
  readonly startStep: number;
  readonly startMs: number;
  /** Points in an entry. */
  readonly points: number;
  readonly stride: number;
  /** Null where `stride` says it. */
  readonly lastSteps: Int32Array | Float64Array | null;
  readonly walls: Float64Array;
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly last: Float32Array;
  /** Null where every value is finite. */
  readonly nonFinite: Uint32Array | null;
}

/** `path` names the file in the refusal of a damaged row. */
export function unpackRow(path: string, row: LevelRow, level: number): OverviewRow {
  const isWhole =
    row.data.byteLength === 12 * ENTRIES &&
    row.walls.byteLength === 8 * wallsOf(level) &&
    (row.non_finite === null || row.non_finite.byteLength === 4 * ENTRIES) &&
    (row.steps === null ? row.stride !== null : [4, 8].includes(row.steps.byteLength / ENTRIES));
  if (!isWhole) throw damaged(path, `its overview at step ${row.start_step} does not hold ${ENTRIES} entries`);
  const data = new Float32Array(aligned(row.data));
  return {
    place: row.place,
    startStep: row.start_step,
    startMs: row.start_ms,
    points: FACTOR ** level,
    stride: row.stride ?? 0,
    lastSteps: row.steps === null ? null : unpackSteps(row.steps),
    walls: new Float64Array(aligned(row.walls)),
    min: data.subarray(0, ENTRIES),
    max: data.subarray(ENTRIES, 2 * ENTRIES),
    last: data.subarray(2 * ENTRIES),
    nonFinite: row.non_finite === null ? null : new Uint32Array(aligned(row.non_finite)),
  };
}

function unpackSteps(bytes: Uint8Array): Int32Array | Float64Array {
  return bytes.byteLength === 4 * ENTRIES ? new Int32Array(aligned(bytes)) : new Float64Array(aligned(bytes));
}

/** Last step of entry k. */
export function entryStep({ startStep, points, stride, lastSteps }: OverviewRow, k: number): number {
  return lastSteps === null ? startStep + ((k + 1) * points - 1) * stride : lastSteps[k]!;
}

/** Time of the last point of entry k; interpolated where times are fewer than entries. */
export function entryWall({ startMs, walls }: OverviewRow, k: number): number {
  const each = ENTRIES / walls.length;
  const at = Math.floor(k / each);
  const before = at === 0 ? startMs : walls[at - 1]!;
  return before + ((walls[at]! - before) * (k - at * each + 1)) / each;
}

/** Index of the first entry whose last step is >= `step`; ENTRIES when there is none. */
export function firstEntry(row: OverviewRow, step: number): number {
  if (row.lastSteps === null) {
    const at = Math.ceil((step - entryStep(row, 0)) / (row.points * row.stride));
    return Math.min(ENTRIES, Math.max(0, at));
  }
  let [low, high] = [0, ENTRIES];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row.lastSteps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For the writer, which goes on where the last one left off. */
export function entriesOf(row: OverviewRow): Entries {
  const { place, startStep, min, max, last } = row;
  const each = (of: (row: OverviewRow, k: number) => number): Float64Array =>
    Float64Array.from({ length: ENTRIES }, (_, k) => of(row, k));
  return {
    place,
    count: ENTRIES,
    startStep,
    lastSteps: each(entryStep),
    wallMs: each(entryWall),
    min,
    max,
    last,
    nonFinite: row.nonFinite ?? new Uint32Array(ENTRIES),
  };
}

/** To be called inside a transaction, with full rows. */
export function openLevelWriter(db: Database): (series: number, level: number, row: Entries, startMs: number) => void {
  const insert = db.prepare(
    `INSERT INTO levels (series, level, ${LEVEL_COLUMNS})
     VALUES (@series, @level, @place, @start_step, @last_step, @start_ms, @stride, @steps, @walls, @non_finite, @data)`,
  );
  return (series, level, row, startMs) => void insert.run({ series, level, ...packEntries(row, level, startMs) });
}
