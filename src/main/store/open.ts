// Opens the two SQLite files of a run. The rule: a file is looked at before it is opened for writing, and one that
// is not ours, is newer than this Saddle or is damaged is refused with a sentence and left exactly as it is.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import { explainSqlite } from './sentences.ts';
import { images001 } from './schema/images-001.ts';
import { run001 } from './schema/001-run.ts';

interface FileKind {
  readonly label: string;
  readonly file: string;
  /** In SQLite's header; four letters. */
  readonly applicationId: number;
  readonly pageSize: number;
  /** Entry k takes a file from version k to k + 1. */
  readonly schema: readonly string[];
}

export const RUN_FILE: FileKind = {
  label: 'run file',
  file: 'run.sqlite',
  applicationId: 0x5341444c, // SADL
  pageSize: 4096,
  schema: [run001],
};
export const IMAGE_FILE: FileKind = {
  label: 'image file',
  file: 'images.sqlite',
  applicationId: 0x53414449, // SADI
  // Best for blobs of 10-100 KB, see sqlite.org/intern-v-extern-blob.html.
  pageSize: 16384,
  schema: [images001],
};

const BUSY_MS = 5000;
const HEADER_BYTES = 100;

/** Makes the file, in WAL mode, at the newest version, with what `fill` puts in. It is on the disk when this returns. */
export function createDatabase(path: string, kind: FileKind, fill: (db: Database.Database) => void = () => {}): void {
  const db = new Database(path);
  try {
    // Nobody knows the file yet: it is synced once, at the end, instead of at each of these steps.
    db.pragma('synchronous = OFF');
    db.pragma(`page_size = ${kind.pageSize}`);
    // Must be there before the first table: thinning images gives the space back without rewriting the file.
    db.pragma('auto_vacuum = INCREMENTAL');
    migrate(db, kind);
    db.transaction(() => fill(db))();
    db.pragma('journal_mode = WAL');
  } finally {
    db.close();
  }
  syncFile(path);
}

function syncFile(path: string): void {
  // Windows syncs only what is open for writing.
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** For the one writer of what is measured, and for short writes of the user's words. Brings an older file up to date. */
export function openForWriting(path: string, kind: FileKind): Database.Database {
  checkFile(path, kind);
  openForReading(path, kind).close();
  const db = connect(path, { timeout: BUSY_MS, fileMustExist: true });
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  migrate(db, kind);
  return db;
}

/** Sees every commit that comes after, and changes nothing. */
export function openForReading(path: string, kind: FileKind): Database.Database {
  checkFile(path, kind);
  const db = connect(path, { readonly: true, timeout: BUSY_MS, fileMustExist: true });
  try {
    // Once more, as SQLite sees it: what the header says may still lie in the write-ahead log.
    refuseForeign(path, kind, pragmaNumber(db, 'application_id'), pragmaNumber(db, 'user_version'));
  } catch (error) {
    db.close();
    throw error instanceof UserError ? error : explainSqlite(path, error);
  }
  return db;
}

/** Small files are quicker read than opened, and a copy leaves nothing behind in the folder. */
const COPY_BYTES = 1_000_000;

/** For one look at the file as it is now: in memory when it is small and nobody writes it, else as `openForReading`. */
export function openOnce(path: string, kind: FileKind): Database.Database {
  checkFile(path, kind);
  const before = statSync(path);
  if (before.size > COPY_BYTES || hasLog(path)) return openForReading(path, kind);
  const copy = connectCopy(path);
  // Whoever began to write meanwhile left a log, or has changed the file already.
  const after = statSync(path);
  if (!hasLog(path) && after.mtimeMs === before.mtimeMs && after.size === before.size) return copy;
  copy.close();
  return openForReading(path, kind);
}

/** What a read-only connection cannot remove when it leaves: the empty log and its index. SQLite removes them itself. */
export function tidy(path: string): void {
  try {
    if (statSync(`${path}-wal`).size > 0) return;
    const db = new Database(path, { timeout: 0, fileMustExist: true });
    db.pragma('schema_version');
    db.close();
  } catch {
    // Nothing there to remove, or a folder that cannot be written: both are as they should be.
  }
}

function connect(path: string, options: Database.Options): Database.Database {
  try {
    const db = new Database(path, options);
    try {
      // The first read: here SQLite opens the log, and finds out that it may not.
      db.pragma('schema_version');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    // A folder that cannot be written (a disc, a share) has no room for the log's index that even readers need. Nobody
    // can be writing there, so a copy is the same thing.
    if (options.readonly && refusedByFolder(error) && !hasLog(path)) return connectCopy(path);
    throw explainSqlite(path, error);
  }
}

function refusedByFolder(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CANTOPEN|READONLY)/.test(error.code);
}

/** A copy in memory of a file that has no log. Bytes 18 and 19 of the header then have to say so. */
function connectCopy(path: string): Database.Database {
  const bytes = readFileSync(path);
  bytes[18] = 1;
  bytes[19] = 1;
  return new Database(bytes, { readonly: true });
}

function migrate(db: Database.Database, kind: FileKind): void {
  const version = pragmaNumber(db, 'user_version');
  if (version === kind.schema.length) return;
  db.transaction(() => {
    for (const step of kind.schema.slice(version)) db.exec(step);
    db.pragma(`application_id = ${kind.applicationId}`);
    db.pragma(`user_version = ${kind.schema.length}`);
  }).immediate();
}

function pragmaNumber(db: Database.Database, name: string): number {
  return Number(db.pragma(name, { simple: true }));
}

function hasLog(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return log !== undefined && log.size > 0;
}

/** From the bytes alone, without SQLite; offsets from sqlite.org/fileformat2.html, section 1.3. */
function checkFile(path: string, kind: FileKind): void {
  if (!existsSync(path)) throw new UserError(`There is no ${kind.label} at ${path}. Is this the folder of a run?`);
  const size = statSync(path).size;
  const header = readHeader(path);
  if (size < HEADER_BYTES || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new UserError(
      `${path} is not a ${kind.label}: expected an SQLite database, found ${describe(header, size)}. Restore it from a copy, or delete the run.`,
    );
  }
  if (hasLog(path)) return;
  refuseForeign(path, kind, header.readUInt32BE(68), header.readUInt32BE(60));
  const expected = header.readUInt32BE(28) * (header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16));
  const found = statSync(path).size;
  // Asked again: a writer that has just begun to move its log into the file lets it grow behind its header.
  if (found < expected && !hasLog(path)) {
    throw new UserError(
      `${path} is cut short: expected ${expected} bytes, found ${found}. Restore it from a copy, or delete the run.`,
    );
  }
}

function refuseForeign(path: string, kind: FileKind, applicationId: number, version: number): void {
  if (applicationId !== kind.applicationId) {
    const found = applicationId.toString(16).padStart(8, '0');
    throw new UserError(
      `${path} is not a ${kind.label}: it is an SQLite database of another program (application id ${found}, expected ${kind.applicationId.toString(16)}).`,
    );
  }
  if (version > kind.schema.length) {
    throw new UserError(
      `${path} was written by a newer Saddle (file version ${version}, this one reads up to ${kind.schema.length}). Update Saddle to open this run; nothing was changed.`,
    );
  }
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, header, 0, HEADER_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const found = code === 'EISDIR' ? 'it is a folder' : `the system refuses it (${code})`;
    throw new UserError(`${path} cannot be read: ${found}. Restore it from a copy, or delete the run.`, {
      cause: error,
    });
  }
  return header;
}

function describe(header: Buffer, size: number): string {
  if (size === 0) return 'an empty file';
  return `${size} bytes that begin with ${header.toString('hex', 0, 8)}`;
}
