// What the writer holds of a series' pyramid: for each level the entries that do not fill a row yet.

import type { Database } from 'better-sqlite3';
import { BLOCK_COLUMNS, reopenBlock, type BlockRow, type OpenBlock } from './block.ts';
import {
  ENTRIES,
  LEVELS,
  LEVEL_COLUMNS,
  addBlock,
  addRow,
  copyEntries,
  noEntries,
  unpackRow,
  entriesOf,
  type Entries,
  type LevelRow,
} from './pyramid.ts';

interface Filling {
  readonly entries: Entries;
  readonly startMs: number;
}
/** Place k holds what waits at level k + 1. Never changed once made. */
export type Overview = readonly (Filling | null)[];

export const emptyOverview: Overview = Array.from({ length: LEVELS }, () => null);

type SaveRow = (level: number, row: Entries, startMs: number) => void;

/** The overview with one more full block; rows that it fills are saved. */
export function addFullBlock(overview: Overview, block: OpenBlock, save: SaveRow): Overview {
  return add(overview, 0, block.place, block.startMs, (entries) => addBlock(entries, block), save);
}

function add(
  overview: Overview,
  at: number,
  place: number,
  startMs: number,
  fill: (entries: Entries) => void,
  save: SaveRow,
): Overview {
  if (at === LEVELS) return overview;
  const before = overview[at];
  const now = before ? { ...before, entries: copyEntries(before.entries) } : { entries: noEntries(place), startMs };
  fill(now.entries);
  if (now.entries.count < ENTRIES) return overview.with(at, now);
  save(at + 1, now.entries, now.startMs);
  return add(
    overview.with(at, null),
    at + 1,
    now.entries.place,
    now.startMs,
    (above) => addRow(above, now.entries),
    save,
  );
}

/** Made again from the file: what comes after the last row of each level. `openPlace` is where the open block begins. */
export function loadOverview(path: string, db: Database, series: number, openPlace: number): Overview {
  const rowsAfter = db.prepare<[number, number, number], LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM levels WHERE series = ? AND level = ? AND start_step > ? ORDER BY start_step`,
  );
  const blocksAfter = db.prepare<[number, number, number], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? AND start_step > ? AND place < ? ORDER BY start_step`,
  );
  const lastOf = db
    .prepare<[number, number], number>(
      'SELECT last_step FROM levels WHERE series = ? AND level = ? ORDER BY start_step DESC LIMIT 1',
    )
    .pluck();
  const last = (level: number): number => lastOf.get(series, level) ?? -1;
  const full = (): never => {
    throw new Error(`${path}: an overview that is not whole fills a row`);
  };
  let overview = emptyOverview;
  for (const row of blocksAfter.all(series, last(1), openPlace)) {
    overview = addFullBlock(overview, reopenBlock(path, row), full);
  }
  for (let level = 1; level < LEVELS && last(level) >= 0; level++) {
    for (const row of rowsAfter.all(series, level, last(level + 1))) {
      const entries = entriesOf(unpackRow(path, row, level));
      overview = add(overview, level, entries.place, row.start_ms, (above) => addRow(above, entries), full);
    }
  }
  return overview;
}
