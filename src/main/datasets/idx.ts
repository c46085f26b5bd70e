// Reads IDX files of bytes, the format of MNIST: a big-endian magic number (2048 + number of axes: 2049 for labels,
// 2051 for images), the length of each axis, then the values. Gzip is told by its first two bytes, never by the
// file's name. Whoever reads says which shape is expected; everything else is refused before it is used.

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';
import { UserError } from '../../shared/contract.ts';

const unpackGzip = promisify(gunzip);

/** Length of each axis: [60000, 28, 28] for images, [60000] for labels. */
export type IdxShape = readonly number[];

/** Reads a file, packed or not, that must hold unsigned bytes of exactly this shape. Throws UserError naming file, expected and found. */
export async function readIdx(path: string, shape: IdxShape): Promise<Uint8Array> {
  const name = basename(path);
  const expectedBytes = idxBytes(shape);
  const file = await open(path).catch((problem: NodeJS.ErrnoException) => refuseUnreadable(path, problem));
  try {
    const { size } = await file.stat();
    const start = await readAt(file, 0, Math.min(headerBytes(shape), size), name);
    if (!isGzip(start)) {
      // The header first: it says more about a wrong file than its size does, and a wrong giant is never read.
      checkHeader(name, start, shape);
      checkSize(name, size, expectedBytes, shape);
      return await readAt(file, headerBytes(shape), product(shape), name);
    }
    // Gzip never packs to more than a little above the size of what it packs: a larger file is not worth unpacking.
    if (size > expectedBytes + 65_536) checkSize(name, size, expectedBytes, shape);
    const unpacked = await unpack(name, await readAt(file, 0, size, name), shape);
    checkSize(name, unpacked.length, expectedBytes, shape);
    return unpacked.subarray(headerBytes(shape));
  } finally {
    await file.close();
  }
}

/** Where the values begin in a plain file that must have this shape, by its header and size alone. Throws as `readIdx`. */
export async function checkIdx(path: string, shape: IdxShape): Promise<number> {
  const name = basename(path);
  const file = await open(path).catch((problem: NodeJS.ErrnoException) => refuseUnreadable(path, problem));
  try {
    const { size } = await file.stat();
    checkHeader(name, await readAt(file, 0, Math.min(headerBytes(shape), size), name), shape);
    checkSize(name, size, idxBytes(shape), shape);
    return headerBytes(shape);
  } finally {
    await file.close();
  }
}

/** The bytes of an IDX file that holds these values. */
export function encodeIdx(shape: IdxShape, values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes(shape) + values.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, magicOf(shape));
  shape.forEach((length, axis) => header.setUint32(4 + 4 * axis, length));
  bytes.set(values, headerBytes(shape));
  return bytes;
}

/** Size in bytes of an unpacked IDX file of this shape. */
export function idxBytes(shape: IdxShape): number {
  return headerBytes(shape) + product(shape);
}

function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

function checkHeader(name: string, bytes: Uint8Array, shape: IdxShape): void {
  const kind = shape.length === 1 ? 'labels' : 'images';
  if (bytes.length < headerBytes(shape))
    throw new UserError(
      `${name}: expected an IDX header of ${headerBytes(shape)} bytes, found a file of ${bytes.length}. ${AGAIN}`,
    );
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = header.getUint32(0);
  if (magic !== magicOf(shape))
    throw new UserError(`${name}: expected the magic number ${magicOf(shape)} (IDX ${kind}), found ${magic}. ${AGAIN}`);
  const found = shape.map((_length, axis) => header.getUint32(4 + 4 * axis));
  if (found.some((length, axis) => length !== shape[axis]))
    throw new UserError(`${name}: expected ${describe(shape)}, found ${describe(found)}. ${AGAIN}`);
}

function checkSize(name: string, found: number, expected: number, shape: IdxShape): void {
  if (found === expected) return;
  const how = found < expected ? 'cut short' : 'followed by something else';
  throw new UserError(
    `${name}: expected ${expected} bytes for ${describe(shape)}, found ${found}: the file is ${how}. ${AGAIN}`,
  );
}

async function unpack(name: string, packed: Uint8Array, shape: IdxShape): Promise<Uint8Array> {
  const expectedBytes = idxBytes(shape);
  try {
    // A first piece, as far as it goes: the header of a wrong file (train for test) says more than its length.
    const start = await unpackGzip(packed.subarray(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH });
    if (start.length >= headerBytes(shape)) checkHeader(name, start, shape);
    const unpacked = await unpackGzip(packed, { maxOutputLength: expectedBytes });
    checkHeader(name, unpacked, shape);
    return new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.length);
  } catch (problem) {
    const found = describeGzipProblem(problem as NodeJS.ErrnoException, packed.length);
    if (found === null) throw problem;
    throw new UserError(
      `${name}: expected a whole gzip file of ${expectedBytes} bytes unpacked, found ${found}. ${AGAIN}`,
      { cause: problem },
    );
  }
}

function describeGzipProblem({ code, message }: NodeJS.ErrnoException, packedBytes: number): string | null {
  if (code === 'Z_BUF_ERROR') return `one that ends early, after ${packedBytes} bytes`;
  if (code === 'Z_DATA_ERROR') return `a damaged one (${message})`;
  return code === 'ERR_BUFFER_TOO_LARGE' ? 'one that holds more' : null;
}

const AGAIN = 'Get the file again from its source.';

async function readAt(file: FileHandle, position: number, length: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) throw new UserError(`${name}: the file became shorter while it was read. Try again.`);
    at += bytesRead;
  }
  return bytes;
}

function refuseUnreadable(path: string, problem: NodeJS.ErrnoException): never {
  if (problem.code === 'ENOENT') throw new UserError(`${path}: expected an IDX file, found nothing there.`);
  throw new UserError(`${path}: cannot be read (${problem.code ?? problem.message}).`, { cause: problem });
}

function magicOf(shape: IdxShape): number {
  return 0x0800 + shape.length;
}

function headerBytes(shape: IdxShape): number {
  return 4 + 4 * shape.length;
}

function product(shape: IdxShape): number {
  return shape.reduce((total, length) => total * length, 1);
}

function describe(shape: IdxShape): string {
  const [count, height, width] = shape;
  return shape.length === 1 ? `${count} labels` : `${count} images of ${height} x ${width} pixels`;
}
