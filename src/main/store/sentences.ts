// Turns what SQLite reports about a file into a sentence for people. Everything else passes through: it is a bug.

import Database from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';

/** There is no room for what is to be written. Nothing was written by half; the same call can be made again. */
export class DiskFullError extends UserError {}

/** EFBIG and EDQUOT, a limit on sizes or a quota, are reported as errors of writing; the log's index has a code of its own. */
const NO_ROOM = /^SQLITE_(FULL|IOERR_WRITE|IOERR_SHMSIZE)/;

const SENTENCES: readonly (readonly [RegExp, (path: string) => string])[] = [
  [
    NO_ROOM,
    (path) => `The disk is full, or a limit on sizes is reached: nothing more could be written to ${path}. Make room.`,
  ],
  [/^SQLITE_(CORRUPT|NOTADB)/, (path) => damaged(path, 'its contents are not what SQLite wrote').message],
  [/^SQLITE_BUSY/, (path) => `${path} is locked by another program. Close it, then try again.`],
  [/^SQLITE_READONLY/, (path) => `${path} cannot be written: the file or its folder is read-only.`],
  [/^SQLITE_CANTOPEN/, (path) => `${path} cannot be opened. Check that its folder exists and may be written.`],
  [/^SQLITE_IOERR/, (path) => `${path} could not be read or written: the disk reported an error.`],
];

/** A UserError for what the file or the disk is to blame for, else the error itself. */
export function explainSqlite(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  // A file of ours always has the tables of its version.
  if (/^no such (table|column)/.test(error.message)) return damaged(path, error.message, error);
  const sentence = SENTENCES.find(([code]) => code.test(error.code));
  if (sentence === undefined) return error;
  const Kind = NO_ROOM.test(error.code) ? DiskFullError : UserError;
  return new Kind(`${sentence[1](path)} (${error.code})`, { cause: error });
}

/** The same methods, each failing with a sentence where the file is to blame. */
export function withSentences<Methods extends object>(path: string, methods: Methods): Methods {
  const wrapped = Object.entries(methods).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member] as const;
    const call = (...args: unknown[]): unknown => {
      try {
        return Reflect.apply(member, methods, args) as unknown;
      } catch (error) {
        throw explainSqlite(path, error);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(wrapped) as Methods;
}

/** What to say of a file whose contents contradict each other; `how` ends a sentence. */
export function damaged(path: string, how: string, cause?: unknown): UserError {
  return new UserError(`${path} is damaged: ${how}. Restore it from a copy, or delete the run.`, { cause });
}

/** A JSON column; what does not parse is damage, not a bug. */
export function parseColumn<Shape>(path: string, column: string, text: string): Shape {
  try {
    return JSON.parse(text) as Shape;
  } catch (error) {
    throw damaged(path, `its column ${column} is not JSON`, error);
  }
}
