// The writing half of scalars: points gather in memory, one open block a series. A flush leaves the new ones in the
// tail while it is short, else it brings the blocks up to date. Nothing in memory changes until the transaction has
// succeeded, so a flush that failed (disk full) can be tried again.

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
import { openTails, packTail, type Tail } from './tail.ts';

export interface ScalarWriter {
  /** Throws RangeError when `step` does not follow the tag's last one. */
  add(tag: string, step: number, value: number, wallMs: number): void;
  /** True when points wait to be written. */
  waiting(): boolean;
  /** The tail with what waits; null when that has to go into blocks. */
  tail(): Uint8Array | null;
  /** Writes all that is in no block yet into blocks; to be called inside a transaction, which empties the tail. */
  fold(): void;
  /** To be called when that transaction has been committed. */
  written(isFolded: boolean): void;
  /** Picks up anew what the file holds; for when it was changed beside this writer, with nothing waiting. */
  reload(): void;
}

/** A longer tail costs each flush more than it saves; the more series there are, the dearer it is to fold. */
const TAIL_BYTES = 8192;
const TAIL_BYTES_A_SERIES = 256;

interface OpenSeries {
  readonly id: number;
  readonly tag: string;
  lastStep: number;
  open: OpenBlock;
  /** How many points of the open block its row holds; 0 when it has none. */
  stored: number;
  /** Full, not yet written as such. */
  full: OpenBlock[];
  /** It has points that are in no block of the file. */
  isGrowing: boolean;
  overview: Overview;
  /** What `overview` becomes once the transaction stands. */
  overviewNext: Overview;
}

export function openScalars(path: string, db: Database): ScalarWriter {
  let series = loadSeries(path, db);
  let growing = [...series.values()].filter((one) => one.isGrowing);
  let isWaiting = false;
  const save = prepareSave(db);
  const nextId = (): number => Math.max(0, ...[...series.values()].map((one) => one.id)) + 1;

  return {
    add(tag, step, value, wallMs) {
      let one = series.get(tag);
      if (one === undefined) series.set(tag, (one = newSeries(nextId(), tag)));
      if (!(step > one.lastStep)) throw new RangeError(`${tag}: step ${step} does not follow ${one.lastStep}`);
      if (one.open.count === BLOCK_POINTS) {
        one.full.push(one.open);
        one.open = emptyBlock(one.open.place + BLOCK_POINTS);
        one.stored = 0;
      }
      const block = one.open;
      if (block.count === 0) block.startMs = wallMs;
      block.endMs = wallMs;
      block.steps[block.count] = step;
      block.values[block.count++] = value;
      one.lastStep = step;
      isWaiting = true;
      if (one.isGrowing) return;
      one.isGrowing = true;
      growing.push(one);
    },
    waiting: () => isWaiting,
    tail() {
      // It only continues blocks that are in the file.
      if (growing.some((one) => one.stored === 0)) return null;
      const limit = Math.max(TAIL_BYTES, TAIL_BYTES_A_SERIES * growing.length);
      const values = growing.reduce((sum, { open, stored }) => sum + open.count - stored, 0);
      if (4 * values > limit) return null;
      const packed = packTail(growing);
      return packed.byteLength > limit ? null : packed;
    },
    fold() {
      for (const one of growing) save(one);
    },
    written(isFolded) {
      isWaiting = false;
      if (!isFolded) return;
      for (const one of growing) {
        one.overview = one.overviewNext;
        one.full = [];
        one.stored = one.open.count;
        one.isGrowing = false;
      }
      growing = [];
    },
    reload() {
      series = loadSeries(path, db);
      growing = [...series.values()].filter((one) => one.isGrowing);
    },
  };
}

function newSeries(id: number, tag: string): OpenSeries {
  return {
    id,
    tag,
    lastStep: -1,
    open: emptyBlock(0),
    stored: 0,
    full: [],
    isGrowing: false,
    overview: emptyOverview,
    overviewNext: emptyOverview,
  };
}

/** Picks up each series where the last writer left it: its last block is open again. */
function loadSeries(path: string, db: Database): Map<string, OpenSeries> {
  const lastBlock = db.prepare<[number], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? ORDER BY start_step DESC LIMIT 1`,
  );
  const tails = openTails(path, db)();
  const rows = db.prepare('SELECT id, tag, last_step AS lastStep FROM series').all();
  return new Map(
    (rows as Pick<OpenSeries, 'id' | 'tag' | 'lastStep'>[]).map((row) => {
      const one: OpenSeries = { ...newSeries(row.id, row.tag), ...row };
      const last = lastBlock.get(row.id);
      if (last !== undefined) one.open = reopenBlock(path, last);
      one.stored = one.open.count;
      grow(one, tails.get(row.id));
      one.overview = one.overviewNext = loadOverview(path, db, row.id, one.open.place);
      return [row.tag, one] as const;
    }),
  );
}

function grow(one: OpenSeries, tail: Tail | undefined): void {
  if (tail === undefined) return;
  one.open.steps.set(tail.steps, one.stored);
  one.open.values.set(tail.values, one.stored);
  one.open.count = one.stored + tail.values.length;
  one.open.endMs = tail.endMs;
  one.lastStep = tail.steps.at(-1)!;
  one.isGrowing = true;
}

function prepareSave(db: Database): (one: OpenSeries) => void {
  const upsertSeries = db.prepare(
    `INSERT INTO series (id, tag, kind, last_step, last) VALUES (@id, @tag, 'scalar', @lastStep, @last)
     ON CONFLICT (id) DO UPDATE SET last_step = @lastStep, last = @last`,
  );
  const upsertBlock = db.prepare(
    `INSERT INTO blocks (series, ${BLOCK_COLUMNS})
     VALUES (@series, @place, @count, @start_step, @last_step, @start_ms, @end_ms, @stride, @steps, @data)
     ON CONFLICT (series, start_step) DO UPDATE SET count = @count, last_step = @last_step, end_ms = @end_ms,
       stride = @stride, steps = @steps, data = @data`,
  );
  const saveLevel = openLevelWriter(db);

  return (one) => {
    const { id, tag, open, full, lastStep } = one;
    // The series first: blocks refer to it. NaN becomes NULL by itself.
    upsertSeries.run({ id, tag, lastStep, last: open.values[open.count - 1] });
    for (const block of [...full, open]) upsertBlock.run({ series: id, ...packBlock(block) });
    one.overviewNext = one.overview;
    for (const block of full) {
      one.overviewNext = addFullBlock(one.overviewNext, block, (level, row, startMs) =>
        saveLevel(id, level, row, startMs),
      );
    }
  };
}
