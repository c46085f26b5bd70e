// Checkpoints: safetensors files (8-byte length, JSON header, float32 data), written beside their place, synced and
// renamed, so that a file with the right name is always whole. The hash covers the weights alone; tensors that are
// not weights (moments, generator state) may follow them.

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../shared/contract.ts';

export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface CheckpointContent {
  /** In the model's order. */
  readonly weights: readonly StoredTensor[];
  /** What else is needed to go on, after the weights. */
  readonly others: readonly StoredTensor[];
  /** Recipe, parameters, step and so on; safetensors allows text only. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Writes the file and returns its size and the SHA-256 of the weights' bytes, in order. */
export async function writeCheckpoint(
  file: string,
  { weights, others, metadata }: CheckpointContent,
): Promise<{ bytes: number; sha256: string }> {
  const sha256 = hashTensors(weights);
  const tensors = [...weights, ...others];
  const header = encodeHeader(tensors, {
    ...metadata,
    weights: String(weights.length),
    weightsSha256: sha256,
  });
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.part`;
  const handle = await open(temporary, 'w');
  let bytes = 0;
  try {
    for (const piece of [header, ...tensors.map(({ values }) => bytesOf(values))]) {
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(dirname(file));
  return { bytes, sha256 };
}

/** Throws UserError when the file is not whole or its weights are not those that were written. */
export async function readCheckpoint(file: string): Promise<CheckpointContent> {
  const refuse = (found: string): never => {
    throw new UserError(`${file}: expected a checkpoint of Saddle, found ${found}; use an earlier checkpoint`);
  };
  const content = await readFile(file);
  const length = content.length >= 8 ? Number(content.readBigUInt64LE(0)) : Infinity;
  if (8 + length > content.length) refuse('a file that ends too early');
  const { __metadata__: metadata = {}, ...entries } = parseHeader(content.subarray(8, 8 + length), refuse);
  const data = content.subarray(8 + length);
  const tensors = Object.entries(entries).map(([name, entry]): StoredTensor => {
    const [from, to] = entry.data_offsets;
    if (to > data.length) refuse(`a file that ends inside ${name}`);
    // Copied: the offset of a part of a file need not be a multiple of four.
    return { name, shape: entry.shape, values: new Float32Array(new Uint8Array(data.subarray(from, to)).buffer) };
  });
  const count = Number(metadata['weights']);
  const weights = tensors.slice(0, count);
  if (hashTensors(weights) !== metadata['weightsSha256']) refuse('weights that do not match their hash');
  return { weights, others: tensors.slice(count), metadata };
}

type Header = Record<string, HeaderEntry> & { __metadata__?: Record<string, string> };

function parseHeader(bytes: Buffer, refuse: (found: string) => never): Header {
  try {
    return JSON.parse(bytes.toString('utf8')) as Header;
  } catch {
    return refuse('a header that is not JSON');
  }
}

/** Length and JSON, filled up with spaces to a multiple of eight so that the data is aligned. */
function encodeHeader(tensors: readonly StoredTensor[], metadata: Readonly<Record<string, string>>): Buffer {
  let offset = 0;
  const entries = tensors.map(({ name, shape, values }): [string, HeaderEntry] => {
    const from = offset;
    offset += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [from, offset] }];
  });
  const text = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }), 'utf8');
  const padded = Math.ceil(text.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  text.copy(header, 8);
  return header;
}

function hashTensors(tensors: readonly StoredTensor[]): string {
  const hash = createHash('sha256');
  for (const { values } of tensors) hash.update(bytesOf(values));
  return hash.digest('hex');
}

/** Little-endian, as every machine that Node 24 runs on. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Makes the rename last through a power loss. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
