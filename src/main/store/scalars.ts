// The writing half of scalars: points gather in memory, one open block a series, and go to the file at each flush.
// Nothing in memory changes until the transaction has succeeded, so a flush that failed (disk full) can be tried again.

import type { Database } from 'better-sqlite3';
import {
  BLOCK_COLUMNS,
  BLOCK_POINTS,
  emptyBlock,
  packBlock,
  reopenBlock,
  type BlockRow,
  type OpenBlock,
} from './block.ts';
import { addFullBlock, emptyOverview, loadOverview, type Overview } from './overview.ts';
import { openLevelWriter } from './pyramid.ts';

export interface ScalarWriter {
  /** Throws RangeError when `step` does not follow the tag's last one. */
  add(tag: string, step: number, value: number, wallMs: number): void;
  /** True when points wait to be written. */
  waiting(): boolean;
  /** Writes what waits; to be called inside a transaction. */
  write(cursor: number): void;
  /** To be called when that transaction has been committed. */
  written(): void;
  /** Picks up anew what the file holds; for when it was changed beside this writer, with nothing waiting. */
  reload(): void;
}

interface OpenSeries {
  readonly id: number;
  readonly tag: string;
  lastStep: number;
  open: OpenBlock;
  /** Full, not yet written as such. */
  full: OpenBlock[];
  waiting: boolean;
  overview: Overview;
  /** What `overview` becomes once the transaction stands. */
  overviewNext: Overview;
}

export function openScalars(path: string, db: Database): ScalarWriter {
  let series = loadSeries(path, db);
  const save = prepareSave(db);
  const waiting: OpenSeries[] = [];
  const nextId = (): number => Math.max(0, ...[...series.values()].map((one) => one.id)) + 1;

  return {
    add(tag, step, value, wallMs) {
      let one = series.get(tag);
      if (one === undefined) series.set(tag, (one = newSeries(nextId(), tag)));
      if (!(step > one.lastStep)) throw new RangeError(`${tag}: step ${step} does not follow ${one.lastStep}`);
      if (one.open.count === BLOCK_POINTS) {
        one.full.push(one.open);
        one.open = emptyBlock(one.open.place + BLOCK_POINTS);
      }
      const block = one.open;
      if (block.count === 0) block.startMs = wallMs;
      block.endMs = wallMs;
      block.steps[block.count] = step;
      block.values[block.count++] = value;
      one.lastStep = step;
      if (one.waiting) return;
      one.waiting = true;
      waiting.push(one);
    },
    waiting: () => waiting.length > 0,
    write(cursor) {
      for (const one of waiting) save(one, cursor);
    },
    written() {
      for (const one of waiting) {
        one.overview = one.overviewNext;
        one.full = [];
        one.waiting = false;
      }
      waiting.length = 0;
    },
    reload() {
      series = loadSeries(path, db);
    },
  };
}

function newSeries(id: number, tag: string): OpenSeries {
  return {
    id,
    tag,
    lastStep: -1,
    open: emptyBlock(0),
    full: [],
    waiting: false,
    overview: emptyOverview,
    overviewNext: emptyOverview,
  };
}

/** Picks up each series where the last writer left it: its last block is open again. */
function loadSeries(path: string, db: Database): Map<string, OpenSeries> {
  const lastBlock = db.prepare<[number], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? ORDER BY start_step DESC LIMIT 1`,
  );
  const rows = db.prepare('SELECT id, tag, last_step AS lastStep FROM series').all();
  return new Map(
    (rows as Pick<OpenSeries, 'id' | 'tag' | 'lastStep'>[]).map((row) => {
      const one: OpenSeries = { ...newSeries(row.id, row.tag), ...row };
      const last = lastBlock.get(row.id);
      if (last !== undefined) one.open = reopenBlock(path, last);
      one.overview = one.overviewNext = loadOverview(path, db, row.id, one.open.place);
      return [row.tag, one] as const;
    }),
  );
}

function prepareSave(db: Database): (one: OpenSeries, cursor: number) => void {
  const upsertSeries = db.prepare(
    `INSERT INTO series (id, tag, kind, last_step, last, cursor) VALUES (@id, @tag, 'scalar', @lastStep, @last, @cursor)
     ON CONFLICT (id) DO UPDATE SET last_step = @lastStep, last = @last, cursor = @cursor`,
  );
  const upsertBlock = db.prepare(
    `INSERT INTO blocks (series, ${BLOCK_COLUMNS}, cursor)
     VALUES (@series, @place, @count, @start_step, @last_step, @start_ms, @end_ms, @stride, @steps, @data, @cursor)
     ON CONFLICT (series, start_step) DO UPDATE SET count = @count, last_step = @last_step, end_ms = @end_ms,
       stride = @stride, steps = @steps, data = @data, cursor = @cursor`,
  );
  const saveLevel = openLevelWriter(db);

  return (one, cursor) => {
    const { id, tag, open, full, lastStep } = one;
    // The series first: blocks refer to it. NaN becomes NULL by itself.
    upsertSeries.run({ id, tag, lastStep, last: open.values[open.count - 1], cursor });
    for (const block of [...full, open]) upsertBlock.run({ series: id, ...packBlock(block), cursor });
    one.overviewNext = one.overview;
    for (const block of full) {
      one.overviewNext = addFullBlock(one.overviewNext, block, (level, row, startMs) =>
        saveLevel(id, level, row, startMs, cursor),
      );
    }
  };
}
