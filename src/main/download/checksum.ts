// Whether a file is the one expected: its size first, then its whole content.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface Expectation {
  /** Hexadecimal, small letters. */
  readonly sha256?: string;
  readonly md5?: string;
  readonly bytes?: number;
}

const CHECKSUMS = [
  ['sha256', 'SHA-256'],
  ['md5', 'MD5'],
] as const;

/** Null when there is no such file. */
export async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    (found) => found.size,
    (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT') return null;
      throw problem;
    },
  );
}

/** Null when the file is as expected, else what was expected and what was found. */
export async function compareWithExpectation(file: string, expected: Expectation): Promise<string | null> {
  const size = (await sizeOf(file)) ?? 0;
  if (expected.bytes !== undefined && size !== expected.bytes) {
    return `expected ${expected.bytes} bytes, found ${size}`;
  }
  for (const [kind, name] of CHECKSUMS) {
    if (expected[kind] === undefined) continue;
    const found = await checksumOf(file, kind);
    if (found !== expected[kind]) return `expected ${name} ${expected[kind]}, found ${found} (${size} bytes)`;
  }
  return null;
}

export async function checksumOf(file: string, kind: 'sha256' | 'md5'): Promise<string> {
  const hash = createHash(kind);
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** For messages: `273829956 bytes, SHA-256 2b84...`. */
export function describeExpectation(expected: Expectation): string {
  const parts = [
    expected.bytes === undefined ? null : `${expected.bytes} bytes`,
    expected.sha256 === undefined ? null : `SHA-256 ${expected.sha256}`,
    expected.md5 === undefined ? null : `MD5 ${expected.md5}`,
  ].filter((part) => part !== null);
  return parts.join(', ') || 'a whole file';
}
