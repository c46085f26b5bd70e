// Reads the files of a .tar.gz as they come out of the archive, so that no more than one of them is in memory. Only
// regular files, in the formats that old and GNU tar write.

import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { UserError } from '../../shared/contract.ts';

const BLOCK = 512;

export interface ArchivedFile {
  /** Its path inside the archive, with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** `wanted` says which files are worth their memory. Throws UserError when the archive is damaged or cut short. */
export async function* filesInArchive(
  archive: string,
  wanted: (path: string, bytes: number) => boolean,
): AsyncGenerator<ArchivedFile> {
  const source = createReadStream(archive, { highWaterMark: 1 << 20 });
  const blocks = createTake(source.pipe(createGunzip()));
  source.on('error', (problem) => blocks.destroy(problem));
  try {
    for (;;) {
      const header = await blocks.take(BLOCK);
      if (header.every((byte) => byte === 0)) return;
      const { path, size, isFile } = readHeader(header, archive);
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      if (isFile && wanted(path, size)) yield { path, bytes: (await blocks.take(padded)).subarray(0, size) };
      else await blocks.skip(padded);
    }
  } catch (problem) {
    if (problem instanceof UserError) throw problem;
    throw new UserError(
      `${basename(archive)}: expected a whole .tar.gz archive, found a damaged one or one that ends early (${(problem as Error).message}). Get it again.`,
      { cause: problem },
    );
  } finally {
    blocks.destroy();
    source.destroy();
  }
}

interface Header {
  readonly path: string;
  readonly size: number;
  readonly isFile: boolean;
}

function readHeader(header: Buffer, archive: string): Header {
  const text = (from: number, length: number) => {
    const field = header.toString('utf8', from, from + length);
    const end = field.indexOf('\0');
    return end === -1 ? field : field.slice(0, end);
  };
  const octal = (from: number, length: number) => parseInt(text(from, length).trim() || '0', 8);
  // The sum of all bytes, its own field taken as spaces.
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(148, 8) !== sum)
    throw new UserError(`${basename(archive)}: expected a .tar.gz archive, found something else or a damaged one.`);
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
  const type = text(156, 1);
  return {
    path: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100),
    size: octal(124, 12),
    isFile: type === '' || type === '0',
  };
}

/** A stream as pieces of the lengths that are asked for. */
function createTake(stream: NodeJS.ReadableStream & { destroy(problem?: Error): void }): {
  take(length: number): Promise<Buffer>;
  skip(length: number): Promise<void>;
  destroy(problem?: Error): void;
} {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await pieces.next();
    if (done) throw new Error('the end came too early');
    return value;
  };
  return {
    async take(length) {
      const parts = [rest];
      for (let have = rest.length; have < length; have += parts.at(-1)!.length) parts.push(await more());
      const all = parts.length === 1 ? rest : Buffer.concat(parts);
      rest = all.subarray(length);
      return all.subarray(0, length);
    },
    async skip(length) {
      for (; rest.length < length; rest = await more()) length -= rest.length;
      rest = rest.subarray(length);
    },
    destroy: (problem) => stream.destroy(problem),
  };
}
