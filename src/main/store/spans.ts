// Where the points of a range lie: a list of spans in order, whole groups, whole blocks, and at the range's two ends the
// points themselves; and the reading of single blocks. No span is empty.

import type { Database } from 'better-sqlite3';
import { firstAtLeast, unpackBlock, unpackHeaders, type Header, type RawBlock } from './block.ts';
import { BLOCK_COLUMNS, HEADER_COLUMNS, readBlock, readHeader, type BlockRow, type HeaderRow } from './rows.ts';
import { damaged, withSentences } from './sentences.ts';

export type Span =
  | { readonly kind: 'group'; readonly header: Header; readonly headers: Uint8Array }
  | { readonly kind: 'block'; readonly header: Header }
  | { readonly kind: 'points'; readonly slice: Slice };

/** The points begin <= index < end of a block; never empty. */
export interface Slice {
  readonly block: RawBlock;
  readonly begin: number;
  readonly end: number;
}

export interface Source {
  /** Everything in the range, in order. */
  spans(series: number, from: number, to: number): Span[];
  /** The headers of a group's blocks. */
  headersOf(group: Span & { kind: 'group' }): Header[];
  /** The block that begins at the step, which must exist. */
  block(series: number, startStep: number): RawBlock;
  /** Every block that begins in the range. */
  blocks(series: number, from: number, to: number): RawBlock[];
  /** The block that holds the first step after `after`; null when there is none. */
  nextBlock(series: number, after: number): RawBlock | null;
}

export function openSource(path: string, db: Database): Source {
  const statements = prepare(db);
  const unpack = (row: BlockRow): RawBlock => unpackBlock(path, readBlock(row));

  const source: Source = {
    spans(series, from, to) {
      const spans: Span[] = [];
      const isInside = (header: Header): boolean => header.startStep >= from && header.lastStep <= to;
      const addBlock = (header: Header): void => {
        if (header.lastStep < from || header.startStep > to) return;
        if (isInside(header)) return void spans.push({ kind: 'block', header });
        const slice = cut(source.block(series, header.startStep), from, to);
        if (slice.begin < slice.end) spans.push({ kind: 'points', slice });
      };
      for (const row of statements.groups.all({ series, from, to })) {
        const group = { kind: 'group', header: readHeader(row), headers: row.headers } as const;
        if (isInside(group.header)) spans.push(group);
        else source.headersOf(group).forEach(addBlock);
      }
      const grouped = statements.grouped.get(series) ?? -1;
      for (const row of statements.tail.all({ series, from, to, grouped })) addBlock(readHeader(row));
      return spans;
    },
    headersOf: ({ headers }) => unpackHeaders(path, headers),
    block(series, startStep) {
      const row = statements.block.get(series, startStep);
      if (row === undefined) throw damaged(path, `its block at step ${startStep} is missing`);
      return unpack(row);
    },
    blocks: (series, from, to) => statements.blocks.all({ series, from, to }).map(unpack),
    nextBlock(series, after) {
      const holding = statements.holding.get(series, after + 1);
      if (holding !== undefined && holding.last_step > after) return unpack(holding);
      const following = statements.following.get(series, after);
      return following === undefined ? null : unpack(following);
    },
  };
  return withSentences(path, source);
}

/** Where a walk over `table` has to begin: its row that holds `from`, or the first one after it. */
const startingAt = (table: string): string =>
  `start_step >= coalesce((SELECT max(start_step) FROM ${table} WHERE series = @series AND start_step <= @from), @from)`;

interface Range {
  readonly series: number;
  readonly from: number;
  readonly to: number;
}

function prepare(db: Database) {
  return {
    groups: db.prepare<[Range], HeaderRow & { headers: Uint8Array }>(
      `SELECT ${HEADER_COLUMNS}, headers FROM groups
       WHERE series = @series AND ${startingAt('groups')} AND start_step <= @to ORDER BY start_step`,
    ),
    /** Last step that is in a group. */
    grouped: db
      .prepare<[number], number>('SELECT last_step FROM groups WHERE series = ? ORDER BY start_step DESC LIMIT 1')
      .pluck(),
    /** Headers of the blocks that are in no group yet. */
    tail: db.prepare<[Range & { grouped: number }], HeaderRow>(
      `SELECT ${HEADER_COLUMNS} FROM blocks
       WHERE series = @series AND ${startingAt('blocks')} AND start_step > @grouped AND start_step <= @to ORDER BY start_step`,
    ),
    blocks: db.prepare<[Range], BlockRow>(
      `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = @series AND start_step BETWEEN @from AND @to ORDER BY start_step`,
    ),
    // Statements of their own: `get` costs a third of `all` for one row.
    block: db.prepare<[number, number], BlockRow>(
      `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? AND start_step = ?`,
    ),
    holding: db.prepare<[number, number], BlockRow & { last_step: number }>(
      `SELECT ${BLOCK_COLUMNS}, last_step FROM blocks WHERE series = ? AND start_step <= ? ORDER BY start_step DESC LIMIT 1`,
    ),
    following: db.prepare<[number, number], BlockRow>(
      `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? AND start_step > ? ORDER BY start_step LIMIT 1`,
    ),
  };
}

/** The points with from <= step <= to. Steps are whole numbers. */
export function cut(block: RawBlock, from: number, to: number): Slice {
  return { block, begin: firstAtLeast(block, from), end: firstAtLeast(block, Math.floor(to) + 1) };
}
