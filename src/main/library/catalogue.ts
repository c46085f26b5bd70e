// catalogue.sqlite: summaries of runs that are over, so that a library of a thousand opens at once. An index and nothing
// more: each entry counts only while the run's files look as they did, and a file that is missing, damaged or of another
// version is thrown away without a word and comes back.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RunId, RunSummary } from '../../shared/run.ts';

/** Raised whenever a summary or a stamp changes its shape: entries of another version are not read. */
const VERSION = 1;
const APPLICATION_ID = 0x53414443; // SADC
/** Two apps write a few milliseconds each; one that waits longer goes on without. */
const BUSY_MS = 500;

export interface Entry {
  readonly stamp: string;
  readonly summary: RunSummary;
}

export interface Catalogue {
  /** Everything that is known, read once. */
  readAll(): Map<RunId, Entry>;
  save(entries: readonly Entry[], gone: readonly RunId[]): void;
  close(): void;
}

export function openCatalogue(folder: string): Catalogue {
  const path = join(folder, 'catalogue.sqlite');
  let db = openAnew(path);

  /** What fails is not worth a word: the run files know everything. */
  const attempt = <Result>(work: (db: Database.Database) => Result, otherwise: Result): Result => {
    if (db === null) return otherwise;
    try {
      return work(db);
    } catch (error) {
      if (isBusy(error)) return otherwise;
      db.close();
      throwAway(path);
      db = openAnew(path);
      return otherwise;
    }
  };

  return {
    readAll: () => attempt(readAll, new Map<RunId, Entry>()),
    save(entries, gone) {
      if (entries.length + gone.length > 0) attempt((open) => save(open, entries, gone), undefined);
    },
    close() {
      db?.close();
      db = null;
    },
  };
}

/** Null where there can be no such file: a read-only folder, a full disk. */
function openAnew(path: string): Database.Database | null {
  try {
    return connect(path);
  } catch (error) {
    if (isBusy(error)) return null;
  }
  try {
    throwAway(path);
    return connect(path);
  } catch {
    // The library works as well without, only slower.
    return null;
  }
}

function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: BUSY_MS });
  try {
    const found = [db.pragma('application_id', { simple: true }), db.pragma('user_version', { simple: true })];
    const isNew = found[0] === 0 && found[1] === 0;
    if (!isNew && (found[0] !== APPLICATION_ID || found[1] !== VERSION)) throw new Error('of another version');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.transaction(() => {
      db.exec('CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, stamp TEXT NOT NULL, summary TEXT NOT NULL)');
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${VERSION}`);
    }).immediate();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function throwAway(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function readAll(db: Database.Database): Map<RunId, Entry> {
  const rows = db.prepare<[], [RunId, string, string]>('SELECT id, stamp, summary FROM runs').raw();
  return new Map(rows.all().map(([id, stamp, summary]) => [id, { stamp, summary: unpack(summary) }]));
}

function save(db: Database.Database, entries: readonly Entry[], gone: readonly RunId[]): void {
  const insert = db.prepare('INSERT OR REPLACE INTO runs (id, stamp, summary) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM runs WHERE id = ?');
  db.transaction(() => {
    for (const { stamp, summary } of entries) insert.run(summary.id, stamp, pack(summary));
    for (const id of gone) remove.run(id);
  }).immediate();
}

/** JSON has no NaN and no infinities: last values travel as texts. */
function pack(summary: RunSummary): string {
  const lastValues = Object.fromEntries(Object.entries(summary.lastValues).map(([tag, value]) => [tag, String(value)]));
  return JSON.stringify({ ...summary, lastValues });
}

function unpack(text: string): RunSummary {
  const summary = JSON.parse(text) as RunSummary;
  const lastValues = Object.entries(summary.lastValues).map(([tag, value]) => [tag, Number(value)] as const);
  return { ...summary, lastValues: Object.fromEntries(lastValues) };
}
