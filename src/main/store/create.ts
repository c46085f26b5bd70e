// Makes the folder of a new run. It is made beside its place and renamed into it, so that nobody ever sees half a run.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import { openEventWriter } from './events.ts';
import { IMAGE_FILE, RUN_FILE, createDatabase } from './open.ts';
import { explainSqlite } from './sentences.ts';
import type { NewRunRecord } from './store.ts';
import { saveWord } from './words.ts';

/** Ends the name of a folder that is not a run yet. */
export const MAKING = '.making';

/** The run's phase is `queued`. Throws UserError when the folder exists or cannot be made. */
export function createRun(folder: string, record: NewRunRecord): void {
  if (existsSync(folder)) throw new UserError(`A new run needs a new folder, but ${folder} is already there.`);
  const half = `${folder}${MAKING}`;
  try {
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half, { recursive: true });
    createDatabase(join(half, RUN_FILE.file), RUN_FILE, (db) => writeRecord(db, record));
    createDatabase(join(half, IMAGE_FILE.file), IMAGE_FILE);
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw explainFolder(folder, error);
  }
}

function writeRecord(db: Database, record: NewRunRecord): void {
  const { id, createdMs } = record;
  db.prepare(
    `INSERT INTO run (id, run_id, spec, reference_lines, networks, created_ms, phase) VALUES (1, ?, ?, ?, ?, ?, 'queued')`,
  ).run(
    id,
    JSON.stringify(record.spec),
    JSON.stringify(record.referenceLines),
    JSON.stringify(record.networks),
    createdMs,
  );
  db.prepare('INSERT INTO progress (id, cursor) VALUES (1, 1)').run();
  saveWord(db, 'name', record.name, createdMs);
  openEventWriter(db)('created', 0, createdMs, '', 1);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no right to write there',
  EPERM: 'you have no right to write there',
  EROFS: 'it is on a read-only disk',
  ENOTDIR: 'a part of its path is a file',
  ENOSPC: 'the disk is full',
};

function explainFolder(folder: string, error: unknown): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
  if (reason) return new UserError(`The run's folder ${folder} cannot be made: ${reason}.`, { cause: error });
  return explainSqlite(folder, error);
}
