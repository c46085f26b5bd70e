// Reads the rows of series: blocks, with the tail that continues the last of each, and rows of the overview.

import type { Database } from 'better-sqlite3';
import { BLOCK_COLUMNS, stepAt, unpackBlock, type BlockRow, type RawBlock } from './block.ts';
import { LEVEL_COLUMNS, unpackRow, type OverviewRow, type LevelRow } from './pyramid.ts';
import { withSentences } from './sentences.ts';
import { extendBlock, type Tail } from './tail.ts';

export interface Source {
  /** The block that holds the first step >= `step`; null when there is none. */
  blockFrom(series: SeriesRow, step: number): RawBlock | null;
  /** The block that holds the last step <= `step`; null when there is none. */
  blockUpTo(series: SeriesRow, step: number): RawBlock | null;
  /** Every block with a step in the range, in order. */
  blocks(series: SeriesRow, from: number, to: number): RawBlock[];
  /** Every row of the level with a step in the range, in order. */
  rows(series: SeriesRow, level: number, from: number, to: number): OverviewRow[];
}

/** A series as it is at one commit: what is asked of the source about it has to see the same one. */
export interface SeriesRow {
  readonly id: number;
  readonly tag: string;
  /** Of its last point, in a block or in the tail. */
  readonly lastStep: number;
  readonly tail: Tail | undefined;
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
  const unpack = (row: BlockRow, { tail }: SeriesRow): RawBlock => extendBlock(path, unpackBlock(path, row), tail);
  const reaches = (block: RawBlock, step: number): boolean => stepAt(block, block.count - 1) >= step;
  return withSentences<Source>(path, {
    blockFrom(series, step) {
      const row = holding.get(series.id, step);
      const found = row === undefined ? null : unpack(row, series);
      if (found !== null && reaches(found, step)) return found;
      const next = following.get(series.id, step);
      return next === undefined ? null : unpack(next, series);
    },
    blockUpTo(series, step) {
      const found = holding.get(series.id, step);
      return found === undefined ? null : unpack(found, series);
    },
    blocks: (series, from, to) =>
      blocks
        .all({ series: series.id, from, to })
        .map((row) => unpack(row, series))
        .filter((block) => reaches(block, from)),
    rows: (series, level, from, to) =>
      rows
        .all({ series: series.id, level, from, to })
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
