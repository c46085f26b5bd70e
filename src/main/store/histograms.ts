// Recorded distributions: a row for each tag and step, the numbers of values in its parts as varints. Any part of a
// run of any length is read in a bounded number of rows; neighbours that have to share one are added up.

import type { Database } from 'better-sqlite3';
import type { HistogramTag, Step } from '../../shared/run.ts';
import { HISTOGRAM_BUCKETS as BUCKETS, type Histogram, type Histograms, type StepRange } from '../../shared/series.ts';
import { damaged } from './sentences.ts';

/** To be called inside a transaction. Replaces the row of the same tag and step. */
export function openHistogramWriter(db: Database): (step: Step, rows: ReadonlyMap<string, Histogram>) => void {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO histograms (tag, step, min, max, non_finite, counts) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return (step, rows) => {
    // NaN becomes NULL by itself.
    for (const [tag, { min, max, nonFinite, counts }] of rows) {
      insert.run(tag, step, min, max, nonFinite, packCounts(counts));
    }
  };
}

export interface HistogramReader {
  histograms(tag: string, range: StepRange, maxRows: number): Histograms;
  tags(): HistogramTag[];
}

/** Of steps that share a row of an answer, so many are read: a longer run reads no more. */
const MOST_A_ROW = 64;

interface Row {
  readonly step: Step;
  readonly min: number | null;
  readonly max: number | null;
  readonly non_finite: number;
  readonly counts: Uint8Array;
}

export function openHistogramReader(path: string, db: Database): HistogramReader {
  const some = db.prepare<[string, Step, Step, number], Row>(
    'SELECT step, min, max, non_finite, counts FROM histograms WHERE tag = ? AND step >= ? AND step <= ? ORDER BY step LIMIT ?',
  );
  const ends = db.prepare<[string, number, number], { first: Step | null; last: Step | null }>(
    'SELECT min(step) AS first, max(step) AS last FROM histograms WHERE tag = ? AND step >= ? AND step <= ?',
  );
  // Jumps from tag to tag in the index; a plain DISTINCT would walk over every row.
  const tags = db.prepare<[], HistogramTag>(
    `WITH RECURSIVE tags (tag) AS (
       SELECT min(tag) FROM histograms
       UNION ALL SELECT (SELECT min(tag) FROM histograms WHERE tag > tags.tag) FROM tags WHERE tag IS NOT NULL
     ) SELECT tag, (SELECT max(step) FROM histograms WHERE histograms.tag = tags.tag) AS lastStep
       FROM tags WHERE tag IS NOT NULL`,
  );
  const readRow = (row: Row): Stored => ({ ...row, counts: unpackCounts(path, row) });
  return {
    tags: () => tags.all(),
    histograms(tag, { from = 0, to = Number.MAX_SAFE_INTEGER }, maxRows) {
      const all = some.all(tag, from, to, maxRows + 1);
      if (all.length <= maxRows)
        return columns(
          tag,
          all.map((row) => merge([readRow(row)])),
        );
      const { first, last } = ends.get(tag, from, to)!;
      const width = Math.ceil((last! - first! + 1) / maxRows);
      const merged: Merged[] = [];
      for (let start = first!; start <= last!; start += width) {
        const rows = some.all(tag, start, Math.min(start + width - 1, last!), MOST_A_ROW);
        if (rows.length > 0) merged.push(merge(rows.map(readRow)));
      }
      return columns(tag, merged);
    },
  };
}

/** To be called inside a transaction. */
export function cutHistograms(db: Database, step: Step): void {
  db.prepare('DELETE FROM histograms WHERE step > ?').run(step);
}

interface Stored extends Omit<Row, 'counts'> {
  readonly counts: Uint32Array;
}

interface Merged {
  readonly step: Step;
  readonly min: number;
  readonly max: number;
  readonly nonFinite: number;
  readonly merged: number;
  readonly counts: Float32Array;
}

/** The parts of each row are spread evenly over the parts of the common range that they overlap. */
function merge(rows: readonly Stored[]): Merged {
  if (rows.length === 1) return asRecorded(rows[0]!);
  const finite = rows.filter((row) => row.min !== null);
  const min = finite.reduce((least, row) => Math.min(least, row.min!), finite.length > 0 ? Infinity : NaN);
  const max = finite.reduce((greatest, row) => Math.max(greatest, row.max!), finite.length > 0 ? -Infinity : NaN);
  const counts = new Float32Array(BUCKETS);
  const width = (max - min) / BUCKETS;
  for (const row of finite) {
    const ownWidth = (row.max! - row.min!) / BUCKETS;
    for (let at = 0; at < BUCKETS; at++) {
      const count = row.counts[at]!;
      if (count > 0) spread(counts, count, (row.min! + at * ownWidth - min) / width, ownWidth / width);
    }
  }
  const nonFinite = rows.reduce((sum, row) => sum + row.non_finite, 0);
  return { step: rows.at(-1)!.step, min, max, nonFinite, merged: rows.length, counts };
}

function asRecorded({ step, min, max, non_finite: nonFinite, counts }: Stored): Merged {
  return { step, min: min ?? NaN, max: max ?? NaN, nonFinite, merged: 1, counts: Float32Array.from(counts) };
}

/** Adds a count that lies evenly from `from` to `from + length`, in parts. */
function spread(counts: Float32Array, count: number, from: number, length: number): void {
  // A common range without a length, or a part without one.
  if (!(length > 1e-9)) {
    counts[Math.min(BUCKETS - 1, Math.max(0, Math.floor(from)) || 0)]! += count;
    return;
  }
  const to = Math.min(BUCKETS, from + length);
  for (let part = Math.floor(from + 1e-9); part < to - 1e-9; part++) {
    const overlap = Math.min(part + 1, to) - Math.max(part, from);
    counts[Math.min(part, BUCKETS - 1)]! += (count * overlap) / (to - from);
  }
}

function columns(tag: string, rows: readonly Merged[]): Histograms {
  const counts = new Float32Array(rows.length * BUCKETS);
  rows.forEach((row, at) => counts.set(row.counts, at * BUCKETS));
  return {
    tag,
    steps: Float64Array.from(rows, ({ step }) => step),
    min: Float32Array.from(rows, ({ min }) => min),
    max: Float32Array.from(rows, ({ max }) => max),
    nonFinite: Uint32Array.from(rows, ({ nonFinite }) => nonFinite),
    merged: Uint32Array.from(rows, ({ merged }) => merged),
    counts,
  };
}

/** LEB128: seven bits a byte, the lowest first, the eighth bit set where another follows. Zeros at the end are left out. */
function packCounts(counts: Uint32Array): Uint8Array {
  const bytes: number[] = [];
  const end = counts.findLastIndex((count) => count > 0) + 1;
  for (let count of counts.subarray(0, end)) {
    for (; count > 127; count >>>= 7) bytes.push((count & 127) | 128);
    bytes.push(count);
  }
  return Uint8Array.from(bytes);
}

function unpackCounts(path: string, { step, counts: bytes }: Row): Uint32Array {
  const counts = new Uint32Array(BUCKETS);
  let [at, value, shift] = [0, 0, 0];
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte > 127) continue;
    if (at === BUCKETS) throw damaged(path, `its histogram at step ${step} has more than ${BUCKETS} parts`);
    counts[at++] = value;
    [value, shift] = [0, 0];
  }
  return counts;
}
