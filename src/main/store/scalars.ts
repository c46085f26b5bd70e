// The writing half of scalars: points gather in memory, one open block a series, and go to the file at each flush.
// Nothing in memory changes until the transaction has succeeded, so a flush that failed (disk full) can be tried again.

import type { Database } from 'better-sqlite3';
import {
  BLOCK_POINTS,
  GROUP_BLOCKS,
  emptyBlock,
  headerOf,
  joinHeaders,
  packBlock,
  packHeaders,
  stepAt,
  unpackBlock,
  type Header,
  type OpenBlock,
} from './block.ts';
import { HEADER_COLUMNS, headerRow, readBlock, readHeader, type BlockRow, type HeaderRow } from './rows.ts';

export interface ScalarWriter {
  /** Throws RangeError when `step` does not follow the tag's last one. */
  add(tag: string, step: number, value: number, wallMs: number): void;
  /** True when points wait to be written. */
  waiting(): boolean;
  /** Writes what waits; to be called inside a transaction. */
  write(cursor: number): void;
  /** To be called when that transaction has been committed. */
  written(): void;
}

interface OpenSeries {
  readonly id: number;
  readonly tag: string;
  lastStep: number;
  open: OpenBlock;
  /** Full, not yet written. */
  full: OpenBlock[];
  /** Headers of written full blocks that wait for their group. */
  ungrouped: Header[];
  waiting: boolean;
  /** What `ungrouped` becomes once the transaction stands. */
  ungroupedNext: Header[];
}

export function openScalars(path: string, db: Database): ScalarWriter {
  const series = loadSeries(path, db);
  const save = prepareSave(db);
  const waiting: OpenSeries[] = [];
  let nextId = Math.max(0, ...[...series.values()].map((one) => one.id)) + 1;

  return {
    add(tag, step, value, wallMs) {
      let one = series.get(tag);
      if (one === undefined) series.set(tag, (one = newSeries(nextId++, tag)));
      if (!(step > one.lastStep)) throw new RangeError(`${tag}: step ${step} does not follow ${one.lastStep}`);
      if (one.open.count === BLOCK_POINTS) {
        one.full.push(one.open);
        one.open = emptyBlock();
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
        one.ungrouped = one.ungroupedNext;
        one.full = [];
        one.waiting = false;
      }
      waiting.length = 0;
    },
  };
}

function newSeries(id: number, tag: string): OpenSeries {
  return { id, tag, lastStep: -1, open: emptyBlock(), full: [], ungrouped: [], ungroupedNext: [], waiting: false };
}

/** Picks up each series where the last writer left it: its last block is open again unless it is full. */
function loadSeries(path: string, db: Database): Map<string, OpenSeries> {
  const lastBlock = db.prepare<[number], BlockRow & HeaderRow>(
    `SELECT ${HEADER_COLUMNS}, stride, steps, data FROM blocks WHERE series = ? ORDER BY start_step DESC LIMIT 1`,
  );
  const ungrouped = db.prepare<[number, number], HeaderRow>(
    `SELECT ${HEADER_COLUMNS} FROM blocks WHERE series = ? AND count = ${BLOCK_POINTS} AND start_step >
       coalesce((SELECT max(last_step) FROM groups WHERE series = ?), -1) ORDER BY start_step`,
  );
  const rows = db.prepare('SELECT id, tag, last_step AS lastStep FROM series').all();
  return new Map(
    (rows as Pick<OpenSeries, 'id' | 'tag' | 'lastStep'>[]).map((row) => {
      const one: OpenSeries = { ...newSeries(row.id, row.tag), ...row };
      one.ungrouped = ungrouped.all(row.id, row.id).map(readHeader);
      const last = lastBlock.get(row.id);
      if (last !== undefined && last.count < BLOCK_POINTS) {
        const block = unpackBlock(path, readBlock(last));
        one.open.values.set(block.values);
        for (let k = 0; k < block.count; k++) one.open.steps[k] = stepAt(block, k);
        Object.assign(one.open, { count: last.count, startMs: last.start_ms, endMs: last.end_ms });
      }
      return [row.tag, one] as const;
    }),
  );
}

const HEADER_PLACES = HEADER_COLUMNS.split(', ')
  .map((column) => `@${column}`)
  .join(', ');
const HEADER_CHANGES = HEADER_COLUMNS.split(', ')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

function prepareSave(db: Database): (one: OpenSeries, cursor: number) => void {
  const upsertSeries = db.prepare(
    `INSERT INTO series (id, tag, kind, last_step, last, cursor) VALUES (@id, @tag, 'scalar', @lastStep, @last, @cursor)
     ON CONFLICT (id) DO UPDATE SET last_step = @lastStep, last = @last, cursor = @cursor`,
  );
  const upsertBlock = db.prepare(
    `INSERT INTO blocks (series, ${HEADER_COLUMNS}, stride, steps, data, cursor)
     VALUES (@series, ${HEADER_PLACES}, @stride, @steps, @data, @cursor)
     ON CONFLICT (series, start_step) DO UPDATE SET
       ${HEADER_CHANGES}, stride = @stride, steps = @steps, data = @data, cursor = @cursor`,
  );
  const insertGroup = db.prepare(
    `INSERT INTO groups (series, ${HEADER_COLUMNS}, headers, cursor) VALUES (@series, ${HEADER_PLACES}, @headers, @cursor)`,
  );

  return (one, cursor) => {
    const blocks = [...one.full, one.open];
    const headers = blocks.map(headerOf);
    const { lastStep, last } = headers[headers.length - 1]!;
    // The series first: blocks refer to it.
    upsertSeries.run({ id: one.id, tag: one.tag, lastStep, last, cursor });
    blocks.forEach((block, k) => {
      const { stride, steps, data } = packBlock(block);
      upsertBlock.run({ series: one.id, ...headerRow(headers[k]!), stride, steps, data, cursor });
    });
    const ungrouped = [...one.ungrouped, ...headers.slice(0, -1)];
    while (ungrouped.length >= GROUP_BLOCKS) {
      const group = ungrouped.splice(0, GROUP_BLOCKS);
      insertGroup.run({ series: one.id, ...headerRow(joinHeaders(group)), headers: packHeaders(group), cursor });
    }
    one.ungroupedNext = ungrouped;
  };
}
