// A block: up to 1,024 consecutive points of one series, packed. Every block of a series is full but the last. Values
// are what was recorded, NaN and infinities too.

import { damaged } from './sentences.ts';

export const BLOCK_POINTS = 1024;

/** A block as it was read: its values, and what tells the step and wall time of each. */
export interface RawBlock {
  /** How many points of the series come before it. */
  readonly place: number;
  readonly count: number;
  readonly startStep: number;
  /** 0 where `steps` says it. */
  readonly stride: number;
  readonly steps: Int32Array | Float64Array | null;
  readonly values: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
}

export function stepAt(block: RawBlock, k: number): number {
  return block.steps === null ? block.startStep + k * block.stride : block.steps[k]!;
}

/** Interpolated over the points between the borders of the block. */
export function wallAt(block: RawBlock, k: number): number {
  const { count, startMs, endMs } = block;
  return count > 1 ? startMs + (k * (endMs - startMs)) / (count - 1) : startMs;
}

/** Index of the first point with a step >= `step`; `count` when there is none. */
export function firstAtLeast(block: RawBlock, step: number): number {
  const { steps, count } = block;
  if (steps === null) return Math.min(count, Math.max(0, Math.ceil((step - block.startStep) / block.stride)));
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The block that is being filled. */
export interface OpenBlock {
  readonly place: number;
  count: number;
  startMs: number;
  endMs: number;
  readonly steps: Float64Array;
  readonly values: Float32Array;
}

export function emptyBlock(place: number): OpenBlock {
  return {
    place,
    count: 0,
    startMs: 0,
    endMs: 0,
    steps: new Float64Array(BLOCK_POINTS),
    values: new Float32Array(BLOCK_POINTS),
  };
}

/** A row of `blocks`: values as float32, steps only where their stride changes. */
export interface BlockRow {
  readonly place: number;
  readonly count: number;
  readonly start_step: number;
  readonly last_step: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly stride: number | null;
  readonly steps: Uint8Array | null;
  readonly data: Uint8Array;
}

export const BLOCK_COLUMNS = 'place, count, start_step, last_step, start_ms, end_ms, stride, steps, data';

const LARGEST_INT32 = 2 ** 31 - 1;

/**
 * The values are always those of a full block, zeros at the end: a row that grew at each flush would leave holes all
 * over the file (measured: 7.3 bytes a point instead of 4.7).
 */
export function packBlock(block: OpenBlock): BlockRow {
  const steps = block.steps.subarray(0, block.count);
  const stride = strideOf(steps);
  return {
    place: block.place,
    count: block.count,
    start_step: steps[0]!,
    last_step: steps[block.count - 1]!,
    start_ms: block.startMs,
    end_ms: block.endMs,
    stride,
    steps: stride === null ? packSteps(steps) : null,
    data: bytesOf(block.values),
  };
}

/** As int32 where they fit, else as float64. */
export function packSteps(steps: Float64Array): Uint8Array {
  return bytesOf(steps[steps.length - 1]! <= LARGEST_INT32 ? Int32Array.from(steps) : steps);
}

/** Null when the steps do not follow one stride; 1 for a single point. */
export function strideOf(steps: Float64Array): number | null {
  if (steps.length < 2) return 1;
  const stride = steps[1]! - steps[0]!;
  for (let k = 2; k < steps.length; k++) if (steps[k]! - steps[k - 1]! !== stride) return null;
  return stride;
}

/** `path` names the file in the refusal of a damaged block. */
export function unpackBlock(path: string, row: BlockRow): RawBlock {
  const { place, count, stride, data } = row;
  const stepBytes = row.steps === null ? 0 : row.steps.byteLength / count;
  if (data.byteLength < 4 * count || (stride === null && stepBytes !== 4 && stepBytes !== 8)) {
    throw damaged(path, `its block at step ${row.start_step} does not hold ${count} points`);
  }
  const kind = stepBytes === 4 ? Int32Array : Float64Array;
  return {
    place,
    count,
    startStep: row.start_step,
    stride: stride ?? 0,
    steps: stride === null ? new kind(aligned(row.steps!)) : null,
    values: new Float32Array(aligned(data), 0, count),
    startMs: row.start_ms,
    endMs: row.end_ms,
  };
}

/** For a writer that goes on where the last one left off. */
export function reopenBlock(path: string, row: BlockRow): OpenBlock {
  const block = unpackBlock(path, row);
  const open = { ...emptyBlock(block.place), count: block.count, startMs: block.startMs, endMs: block.endMs };
  open.values.set(block.values);
  for (let k = 0; k < block.count; k++) open.steps[k] = stepAt(block, k);
  return open;
}

export function bytesOf(column: Float32Array | Float64Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** Bytes from SQLite as a buffer of their own, which typed arrays can be laid over. */
export function aligned(bytes: Uint8Array): ArrayBuffer {
  if (bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.byteLength) return bytes.buffer as ArrayBuffer;
  return bytes.slice().buffer;
}
