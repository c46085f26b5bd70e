// The tail: the newest points of every series, which are in no block yet. It lies in the row that every commit changes,
// so that a flush which carries little is one statement and one page; when it has grown, all of it goes into the blocks.
// What it holds of a series always continues that series' last block.

import type { Database } from 'better-sqlite3';
import { bytesOf, stepAt, strideOf, type OpenBlock, type RawBlock } from './block.ts';
import { damaged } from './sentences.ts';

/** What has been added to a block since its row was written. */
export interface Tail {
  /** Of the block. */
  readonly place: number;
  /** How many points the row of the block holds. */
  readonly stored: number;
  readonly endMs: number;
  readonly steps: Float64Array;
  readonly values: Float32Array;
}

/** Series, place, stored, added, first step, stride or 0 where the steps follow as float64, time of the last point. */
const HEADER = 7;
const HEADER_BYTES = 8 * HEADER;

interface Growing {
  readonly id: number;
  readonly open: OpenBlock;
  readonly stored: number;
}

/** For each series a header and its values, filled up to a multiple of 8 bytes. */
export function packTail(all: readonly Growing[]): Uint8Array {
  const parts = all.map(({ id, open, stored }) => {
    const steps = open.steps.subarray(stored, open.count);
    const stride = strideOf(steps) ?? 0;
    const words = HEADER + (stride === 0 ? steps.length : 0) + Math.ceil(steps.length / 2);
    return { id, open, stored, steps, stride, words };
  });
  const packed = new Float64Array(parts.reduce((sum, { words }) => sum + words, 0));
  const floats = new Float32Array(packed.buffer);
  let at = 0;
  for (const { id, open, stored, steps, stride, words } of parts) {
    packed.set([id, open.place, stored, steps.length, steps[0]!, stride, open.endMs], at);
    if (stride === 0) packed.set(steps, at + HEADER);
    const valuesAt = at + HEADER + (stride === 0 ? steps.length : 0);
    floats.set(open.values.subarray(stored, open.count), 2 * valuesAt);
    at += words;
  }
  return bytesOf(packed);
}

/** By series. `path` names the file in the refusal of a damaged tail. */
export function unpackTail(path: string, bytes: Uint8Array | null): Map<number, Tail> {
  const tails = new Map<number, Tail>();
  if (bytes === null) return tails;
  const refuse = (): never => {
    throw damaged(path, 'its newest points are not whole');
  };
  if (bytes.byteLength % 8 !== 0) refuse();
  const { buffer } = new Uint8Array(bytes);
  for (let at = 0; at < buffer.byteLength;) {
    if (at + HEADER_BYTES > buffer.byteLength) refuse();
    const [id, place, stored, added, first, stride, endMs] = new Float64Array(buffer, at, HEADER);
    const stepsAt = at + HEADER_BYTES;
    const valuesAt = stepsAt + (stride === 0 ? 8 * added! : 0);
    const end = valuesAt + 8 * Math.ceil(added! / 2);
    if (!(added! > 0 && Number.isInteger(added) && end <= buffer.byteLength)) refuse();
    const steps =
      stride === 0
        ? new Float64Array(buffer, stepsAt, added)
        : Float64Array.from({ length: added! }, (_, k) => first! + k * stride!);
    const values = new Float32Array(buffer, valuesAt, added);
    tails.set(id!, { place: place!, stored: stored!, endMs: endMs!, steps, values });
    at = end;
  }
  return tails;
}

/** Reads the tail as it is now. */
export function openTails(path: string, db: Database): () => Map<number, Tail> {
  const tail = db.prepare<[], Uint8Array | null>('SELECT tail FROM progress').pluck();
  return () => unpackTail(path, tail.get() ?? null);
}

/** The block with the points that continue it; the block itself where there are none. */
export function extendBlock(path: string, block: RawBlock, tail: Tail | undefined): RawBlock {
  if (tail === undefined || tail.place !== block.place) return block;
  if (tail.stored !== block.count) throw damaged(path, 'its newest points do not follow its blocks');
  const count = tail.stored + tail.values.length;
  const steps = new Float64Array(count);
  for (let k = 0; k < block.count; k++) steps[k] = stepAt(block, k);
  steps.set(tail.steps, block.count);
  const values = new Float32Array(count);
  values.set(block.values);
  values.set(tail.values, block.count);
  const stride = strideOf(steps);
  return { ...block, count, stride: stride ?? 0, steps: stride === null ? steps : null, values, endMs: tail.endMs };
}
