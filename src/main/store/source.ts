// Reads the rows of series: blocks, and rows of the overview.

import type { Database } from 'better-sqlite3';
import { BLOCK_COLUMNS, unpackBlock, type BlockRow, type RawBlock } from './block.ts';
import { LEVEL_COLUMNS, unpackRow, type OverviewRow, type LevelRow } from './pyramid.ts';
import { withSentences } from './sentences.ts';

export interface Source {
  /** The block that holds the first step >= `step`; null when there is none. */
  blockFrom(series: number, step: number): RawBlock | null;
  /** The block that holds the last step <= `step`; null when there is none. */
  blockUpTo(series: number, step: number): RawBlock | null;
  /** Every block with a step in the range, in order. */
  blocks(series: number, from: number, to: number): RawBlock[];
  /** Every row of the level with a step in the range, in order. */
  rows(series: number, level: number, from: number, to: number): OverviewRow[];
}

export function openSource(path: string, db: Database): Source {
  const holding = db.prepare<[number, number], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? AND start_step <= ? ORDER BY start_step DESC LIMIT 1`,
  );
  const following = db.prepare<[number, number], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? AND start_step > ? ORDER BY start_step LIMIT 1`,
  );
  const blocks = db.prepare<[Range], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = @series AND start_step <= @to AND ${startingAt('blocks', '')} ORDER BY start_step`,
  );
  const rows = db.prepare<[Range & { level: number }], LevelRow>(
    `SELECT ${LEVEL_COLUMNS} FROM levels WHERE series = @series AND level = @level AND start_step <= @to
       AND ${startingAt('levels', 'AND level = @level')} ORDER BY start_step`,
  );
  const unpack = (row: BlockRow): RawBlock => unpackBlock(path, row);
  return withSentences<Source>(path, {
    blockFrom(series, step) {
      const found = holding.get(series, step);
      if (found !== undefined && found.last_step >= step) return unpack(found);
      const next = following.get(series, step);
      return next === undefined ? null : unpack(next);
    },
    blockUpTo(series, step) {
      const found = holding.get(series, step);
      return found === undefined ? null : unpack(found);
    },
    blocks: (series, from, to) =>
      blocks
        .all({ series, from, to })
        .filter((row) => row.last_step >= from)
        .map(unpack),
    rows: (series, level, from, to) =>
      rows
        .all({ series, level, from, to })
        .filter((row) => row.last_step >= from)
        .map((row) => unpackRow(path, row, level)),
  });
}

interface Range {
  readonly series: number;
  readonly from: number;
  readonly to: number;
}

/** Where a walk has to begin: the row that holds `from`, or the first one after it. */
const startingAt = (table: string, where: string): string =>
  `start_step >= coalesce((SELECT max(start_step) FROM ${table} WHERE series = @series ${where} AND start_step <= @from), @from)`;
