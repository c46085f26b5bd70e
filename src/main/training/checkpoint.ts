// Checkpoint files: safetensors (8-byte length, JSON header, data), written beside their place, synced and renamed, so
// that a file with the right name is always whole. One hash covers the weights alone; tensors that are not weights
// (moments, the order of the data) follow them and have, together with the words in the header, another.

import { webcrypto } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../shared/contract.ts';

export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Uint32Array;
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
  readonly dtype: 'F32' | 'U32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes the file and returns its size and the SHA-256 of the weights' bytes, in order. All that takes long runs on
 * other threads. A write that fails leaves nothing behind.
 */
export async function writeCheckpoint(
  file: string,
  { weights, others, metadata }: CheckpointContent,
): Promise<{ bytes: number; sha256: string }> {
  const sha256 = await hashOf(weights.map(({ values }) => bytesOf(values)));
  const tensors = [...weights, ...others];
  const words = { ...metadata, weights: String(weights.length), weightsSha256: sha256 };
  const header = encodeHeader(tensors, { ...words, restSha256: await hashRest(words, others) });
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.part`;
  let bytes: number;
  try {
    bytes = await writeSynced(temporary, [header, ...tensors.map(({ values }) => bytesOf(values))]);
    await rename(temporary, file);
  } catch (problem) {
    // Where the disk is full this gives the room back.
    await rm(temporary, { force: true });
    throw problem;
  }
  await syncFolder(dirname(file));
  return { bytes, sha256 };
}

async function writeSynced(file: string, pieces: readonly Uint8Array[]): Promise<number> {
  const handle = await open(file, 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return bytes;
}

/** Throws UserError when the file is not there, not whole, or its weights are not those that were written. */
export async function readCheckpoint(file: string): Promise<CheckpointContent> {
  const refuse = (found: string): never => {
    throw new UserError(`${file}: expected a checkpoint of Saddle, found ${found}; use an earlier checkpoint`);
  };
  const content = await readFile(file).catch((problem: NodeJS.ErrnoException) =>
    refuse(problem.code === 'ENOENT' ? 'no file' : `a file that cannot be read (${problem.code})`),
  );
  const length = content.length >= 8 ? Number(content.readBigUInt64LE(0)) : Infinity;
  if (8 + length > content.length) refuse('a file that ends too early');
  const { __metadata__: metadata = {}, ...entries } = parseHeader(content.subarray(8, 8 + length), refuse);
  const data = content.subarray(8 + length);
  const tensors = Object.entries(entries).map(([name, { dtype, shape, data_offsets }]): StoredTensor => {
    const [from, to] = data_offsets;
    if (to > data.length) refuse(`a file that ends inside ${name}`);
    // Copied: the offset of a part of a file need not be a multiple of four.
    const { buffer } = new Uint8Array(data.subarray(from, to));
    return { name, shape, values: dtype === 'U32' ? new Uint32Array(buffer) : new Float32Array(buffer) };
  });
  const count = Number(metadata['weights']);
  const weights = tensors.slice(0, count);
  const others = tensors.slice(count);
  const { restSha256, ...words } = metadata;
  if ((await hashOf(weights.map(({ values }) => bytesOf(values)))) !== words['weightsSha256'])
    refuse('weights that do not match their hash');
  if ((await hashRest(words, others)) !== restSha256) refuse('training state that does not match its hash');
  return { weights, others, metadata };
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
    const dtype = values instanceof Uint32Array ? 'U32' : 'F32';
    return [name, { dtype, shape, data_offsets: [from, offset] }];
  });
  const text = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }), 'utf8');
  const padded = Math.ceil(text.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  text.copy(header, 8);
  return header;
}

function hashRest(words: Readonly<Record<string, string>>, others: readonly StoredTensor[]): Promise<string> {
  return hashOf([Buffer.from(JSON.stringify(words), 'utf8'), ...others.map(({ values }) => bytesOf(values))]);
}

/** SHA-256 of the pieces, one after the other; on another thread, for which they are copied once. */
async function hashOf(pieces: readonly Uint8Array[]): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', Buffer.concat(pieces));
  return Buffer.from(digest).toString('hex');
}

/** Little-endian, as every machine that Node 24 runs on. */
function bytesOf(values: Float32Array | Uint32Array): Uint8Array {
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
