// Reads a numeric matrix of bytes out of a MATLAB file of level 5, plain or compressed: a header of 128 bytes, then
// elements of a type and a length (MathWorks, "MAT-File Format", 2019). Only what the Olivetti faces need.

import { inflateSync } from 'node:zlib';
import { UserError } from '../../shared/contract.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Column after column. */
  readonly values: Uint8Array;
}

const COMPRESSED = 15;
const MATRIX = 14;
const DOUBLE = 9;
const BYTE = 2;

interface Element {
  readonly type: number;
  readonly body: Uint8Array;
}

/** The matrix of that name. Throws UserError when the file has none whose values are bytes. */
export function readMatrix(file: Uint8Array, name: string): Matrix {
  const isLittleEndian = file[126] === 0x49 && file[127] === 0x4d;
  if (file.length < 136 || !isLittleEndian)
    throw new UserError('expected a MATLAB file of level 5, little-endian, found something else');
  for (const { type, body } of elementsOf(file.subarray(128))) {
    const [element] = type === COMPRESSED ? elementsOf(inflate(body)) : [{ type, body }];
    const matrix = element?.type === MATRIX ? readNamed(element.body, name) : null;
    if (matrix) return matrix;
  }
  throw new UserError(`expected a matrix named ${name}, found none`);
}

function* elementsOf(bytes: Uint8Array): Generator<Element> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const tag = view.getUint32(at, true);
    // Up to four bytes lie in the tag itself.
    const isSmall = tag >>> 16 !== 0;
    const length = isSmall ? tag >>> 16 : view.getUint32(at + 4, true);
    const start = at + (isSmall ? 4 : 8);
    if (start + length > bytes.length) throw new UserError('expected a whole MATLAB file, found one that is cut short');
    const type = isSmall ? tag & 0xffff : tag;
    yield { type, body: bytes.subarray(start, start + length) };
    // Compressed elements alone are not padded.
    at = isSmall ? at + 8 : start + (type === COMPRESSED ? length : Math.ceil(length / 8) * 8);
  }
}

function readNamed(body: Uint8Array, wanted: string): Matrix | null {
  const [, size, name, values] = elementsOf(body);
  if (!size || !name || !values || Buffer.from(name.body).toString('latin1') !== wanted) return null;
  const sizes = new DataView(size.body.buffer, size.body.byteOffset, size.body.byteLength);
  const [rows, columns] = [sizes.getInt32(0, true), sizes.getInt32(4, true)];
  const bytes = asBytes(values);
  if (bytes?.length !== rows * columns)
    throw new UserError(`expected ${rows} x ${columns} whole numbers from 0 to 255 in ${wanted}, found something else`);
  return { rows, columns, values: bytes };
}

/** MATLAB keeps whole numbers as bytes whatever their class is; other writers keep doubles. */
function asBytes({ type, body }: Element): Uint8Array | null {
  if (type === BYTE) return body;
  if (type !== DOUBLE) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const values = Array.from({ length: body.length / 8 }, (_, index) => view.getFloat64(8 * index, true));
  return values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)
    ? Uint8Array.from(values)
    : null;
}

function inflate(body: Uint8Array): Uint8Array {
  try {
    return inflateSync(body, { maxOutputLength: 64 * 1024 * 1024 });
  } catch (problem) {
    throw new UserError('expected a whole MATLAB file, found a damaged one', { cause: problem });
  }
}
