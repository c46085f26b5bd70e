// The user's own words: what any host may write into a run file while the training process writes its own. Each is
// one short transaction, and moving the write-ahead log into the file is left to the writer while there is one.

import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { RunCommand } from '../../shared/run.ts';
import { RUN_FILE, openForWriting } from './open.ts';
import { explainSqlite } from './sentences.ts';

export function renameRun(folder: string, name: string): void {
  writeWords(folder, (db) => saveWord(db, 'name', name, Date.now()));
}

/** The training process takes it at its next flush. Whether there is one is the caller's question. */
export function sendCommand(folder: string, command: RunCommand): void {
  writeWords(folder, (db) => {
    db.prepare('INSERT INTO commands (command, sent_ms) VALUES (?, ?)').run(command, Date.now());
  });
}

export function saveWord(db: Database, key: string, value: string, nowMs: number): void {
  db.prepare('INSERT OR REPLACE INTO words (key, value, changed_ms) VALUES (?, ?, ?)').run(key, value, nowMs);
}

function writeWords(folder: string, write: (db: Database) => void): void {
  const path = join(folder, RUN_FILE.file);
  const db = openForWriting(path, RUN_FILE);
  try {
    db.pragma('wal_autocheckpoint = 0');
    db.transaction(() => write(db)).immediate();
  } catch (error) {
    throw explainSqlite(path, error);
  } finally {
    db.close();
  }
}

/** Commands not taken yet, oldest first; taking them marks them. */
export function openCommands(db: Database): () => RunCommand[] {
  const waiting = db.prepare<[], { id: number; command: RunCommand }>(
    'SELECT id, command FROM commands WHERE taken_ms IS NULL ORDER BY id',
  );
  const take = db.prepare('UPDATE commands SET taken_ms = ? WHERE taken_ms IS NULL AND id <= ?');
  return () => {
    const rows = waiting.all();
    if (rows.length > 0) take.run(Date.now(), rows[rows.length - 1]!.id);
    return rows.map((row) => row.command);
  };
}
