// Rows of `blocks` and `groups` as SQLite gives them, and what they mean: NULL is NaN.

import type { Header, PackedBlock } from './block.ts';

export const HEADER_COLUMNS = 'start_step, last_step, start_ms, end_ms, count, min, max, sum, first, last, non_finite';
export const BLOCK_COLUMNS = 'start_step, start_ms, end_ms, count, stride, steps, data';

export interface HeaderRow {
  readonly start_step: number;
  readonly last_step: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly non_finite: number;
}

export interface BlockRow {
  readonly start_step: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly count: number;
  readonly stride: number | null;
  readonly steps: Uint8Array | null;
  readonly data: Uint8Array;
}

export function readHeader(row: HeaderRow): Header {
  return {
    startStep: row.start_step,
    lastStep: row.last_step,
    startMs: row.start_ms,
    endMs: row.end_ms,
    count: row.count,
    min: row.min ?? NaN,
    max: row.max ?? NaN,
    sum: row.sum,
    first: row.first ?? NaN,
    last: row.last ?? NaN,
    nonFinite: row.non_finite,
  };
}

/** NaN may stay as it is: SQLite makes NULL of it. */
export function headerRow(header: Header): HeaderRow {
  return {
    start_step: header.startStep,
    last_step: header.lastStep,
    start_ms: header.startMs,
    end_ms: header.endMs,
    count: header.count,
    min: header.min,
    max: header.max,
    sum: header.sum,
    first: header.first,
    last: header.last,
    non_finite: header.nonFinite,
  };
}

export function readBlock(row: BlockRow): PackedBlock {
  return {
    count: row.count,
    startStep: row.start_step,
    startMs: row.start_ms,
    endMs: row.end_ms,
    stride: row.stride,
    steps: row.steps,
    data: row.data,
  };
}
