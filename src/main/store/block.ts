// A block: up to 1,024 consecutive points of one series, packed, and its header: what can be said of the points
// without reading them. Values are what was recorded, NaN and infinities too; only min, max and sum leave those out.

import { damaged } from './sentences.ts';

export const BLOCK_POINTS = 1024;
/** Blocks in a group, the one upper level. */
export const GROUP_BLOCKS = 16;

export interface Header {
  readonly startStep: number;
  readonly lastStep: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
  /** Of the finite values; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly first: number;
  readonly last: number;
  readonly nonFinite: number;
}

/** A block as it was read: its values, and what tells the step and wall time of each. */
export interface RawBlock {
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
  count: number;
  startMs: number;
  endMs: number;
  readonly steps: Float64Array;
  readonly values: Float32Array;
}

export function emptyBlock(): OpenBlock {
  return {
    count: 0,
    startMs: 0,
    endMs: 0,
    steps: new Float64Array(BLOCK_POINTS),
    values: new Float32Array(BLOCK_POINTS),
  };
}

/** `block` must hold at least one point. */
export function headerOf(block: OpenBlock): Header {
  const { values, count } = block;
  let [min, max, sum, finite] = [NaN, NaN, 0, 0];
  for (let k = 0; k < count; k++) {
    const value = values[k]!;
    if (!Number.isFinite(value)) continue;
    finite++;
    sum += value;
    // Written so that the NaN of the start gives way.
    if (!(min <= value)) min = value;
    if (!(max >= value)) max = value;
  }
  return {
    startStep: block.steps[0]!,
    lastStep: block.steps[count - 1]!,
    startMs: block.startMs,
    endMs: block.endMs,
    count,
    min,
    max,
    sum,
    first: values[0]!,
    last: values[count - 1]!,
    nonFinite: count - finite,
  };
}

/** The header of consecutive spans taken as one. */
export function joinHeaders(headers: readonly Header[]): Header {
  const [first, last] = [headers[0]!, headers[headers.length - 1]!];
  const total = (pick: (header: Header) => number): number => headers.reduce((sum, header) => sum + pick(header), 0);
  const finite = headers.filter((header) => header.nonFinite < header.count);
  return {
    startStep: first.startStep,
    lastStep: last.lastStep,
    startMs: first.startMs,
    endMs: last.endMs,
    count: total((header) => header.count),
    min: finite.length === 0 ? NaN : Math.min(...finite.map((header) => header.min)),
    max: finite.length === 0 ? NaN : Math.max(...finite.map((header) => header.max)),
    sum: total((header) => header.sum),
    first: first.first,
    last: last.last,
    nonFinite: total((header) => header.nonFinite),
  };
}

/** The columns of a block's row: values as float32, steps only where their stride changes. */
export interface PackedBlock {
  readonly count: number;
  readonly startStep: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly stride: number | null;
  readonly steps: Uint8Array | null;
  readonly data: Uint8Array;
}

const LARGEST_INT32 = 2 ** 31 - 1;

/**
 * The values are always those of a full block, zeros at the end: a row that grew at each flush would leave holes all
 * over the file (measured: 7.3 bytes a point instead of 4.7).
 */
export function packBlock(block: OpenBlock): PackedBlock {
  const steps = block.steps.subarray(0, block.count);
  const stride = strideOf(steps);
  return {
    count: block.count,
    startStep: steps[0]!,
    startMs: block.startMs,
    endMs: block.endMs,
    stride,
    steps: stride !== null ? null : bytesOf(steps[block.count - 1]! <= LARGEST_INT32 ? Int32Array.from(steps) : steps),
    data: bytesOf(block.values),
  };
}

/** Null when the steps do not follow one stride; 1 for a single point. */
function strideOf(steps: Float64Array): number | null {
  if (steps.length < 2) return 1;
  const stride = steps[1]! - steps[0]!;
  for (let k = 2; k < steps.length; k++) if (steps[k]! - steps[k - 1]! !== stride) return null;
  return stride;
}

/** `path` names the file in the refusal of a damaged block. */
export function unpackBlock(path: string, packed: PackedBlock): RawBlock {
  const { count, startStep, startMs, endMs, stride, data } = packed;
  const stepBytes = packed.steps === null ? 0 : packed.steps.byteLength / count;
  if (data.byteLength < 4 * count || (stride === null && stepBytes !== 4 && stepBytes !== 8)) {
    throw damaged(path, `its block at step ${startStep} does not hold ${count} points`);
  }
  const kind = stepBytes === 4 ? Int32Array : Float64Array;
  return {
    count,
    startStep,
    stride: stride ?? 0,
    steps: stride === null ? new kind(aligned(packed.steps!)) : null,
    values: new Float32Array(aligned(data), 0, count),
    startMs,
    endMs,
  };
}

function bytesOf(column: Float32Array | Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/** Bytes from SQLite as a buffer of their own, which typed arrays can be laid over. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  if (bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.byteLength) return bytes.buffer as ArrayBuffer;
  return bytes.slice().buffer;
}

const FIELDS = [
  'startStep',
  'lastStep',
  'startMs',
  'endMs',
  'count',
  'min',
  'max',
  'sum',
  'first',
  'last',
  'nonFinite',
] as const satisfies readonly (keyof Header)[];

/** float64, one header after the other, in the order of FIELDS: part of the file's format. */
export function packHeaders(headers: readonly Header[]): Uint8Array {
  return bytesOf(Float64Array.from(headers.flatMap((header) => FIELDS.map((field) => header[field]))));
}

/** The headers of a group. */
export function unpackHeaders(path: string, bytes: Uint8Array): Header[] {
  if (bytes.byteLength !== GROUP_BLOCKS * FIELDS.length * 8) throw damaged(path, 'a group does not hold 16 blocks');
  const numbers = new Float64Array(aligned(bytes));
  return Array.from({ length: numbers.length / FIELDS.length }, (_, k) => headerAt(numbers, k * FIELDS.length));
}

function headerAt(numbers: Float64Array, at: number): Header {
  return {
    startStep: numbers[at]!,
    lastStep: numbers[at + 1]!,
    startMs: numbers[at + 2]!,
    endMs: numbers[at + 3]!,
    count: numbers[at + 4]!,
    min: numbers[at + 5]!,
    max: numbers[at + 6]!,
    sum: numbers[at + 7]!,
    first: numbers[at + 8]!,
    last: numbers[at + 9]!,
    nonFinite: numbers[at + 10]!,
  };
}
