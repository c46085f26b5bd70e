// The user's own words: what any host may write into a run file while the training process writes its own. Each is
// one short transaction, and moving the write-ahead log into the file is left to the writer while there is one.

import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import type { RunCommand, Step } from '../../shared/run.ts';
import { RUN_FILE, openForWriting, openOnce } from './open.ts';
import { explainSqlite, parseColumn } from './sentences.ts';
import type { RunWords } from './store.ts';

/** What is absent stays as it is. */
export function setWords(folder: string, words: RunWords): void {
  const said = Object.entries(words).filter(([, value]) => value !== undefined);
  if (said.length === 0) return;
  writeWords(folder, (db) => {
    const nowMs = Date.now();
    for (const [key, value] of said) {
      saveWord(db, key, typeof value === 'string' ? value : JSON.stringify(value), nowMs);
    }
  });
}

/** Throws UserError when the run has no checkpoint of that step. */
export function starCheckpoint(folder: string, step: Step, starred: boolean): void {
  writeWords(folder, (db) => {
    const { changes } = db.prepare('UPDATE checkpoints SET starred = ? WHERE step = ?').run(Number(starred), step);
    if (changes === 0) throw new UserError(`The run at ${folder} has no checkpoint of step ${step} (any more).`);
  });
}

/** The training process takes it at its next flush. Whether there is one is the caller's question. */
export function sendCommand(folder: string, command: RunCommand): void {
  writeWords(folder, (db) => {
    db.prepare('INSERT INTO commands (command, sent_ms) VALUES (?, ?)').run(command, Date.now());
  });
}

/** True when the run was told to stop and no process has taken that yet. Needs no room on the disk where nobody has the run open. */
export function isStopWaiting(folder: string): boolean {
  const db = openOnce(join(folder, RUN_FILE.file), RUN_FILE);
  try {
    return openCommands(db).isStopWaiting();
  } finally {
    db.close();
  }
}

export function saveWord(db: Database, key: string, value: string, nowMs: number): void {
  db.prepare('INSERT OR REPLACE INTO words (key, value, changed_ms) VALUES (?, ?, ?)').run(key, value, nowMs);
}

/** Everything the user has said so far. */
export function openWords(path: string, db: Database): () => Required<RunWords> {
  const all = db.prepare<[], [string, string]>('SELECT key, value FROM words').raw();
  return () => {
    const words = new Map(all.all());
    const read = <Shape>(key: string, absent: Shape): Shape =>
      words.has(key) ? parseColumn<Shape>(path, key, words.get(key)!) : absent;
    return {
      name: words.get('name') ?? '',
      notes: words.get('notes') ?? '',
      tags: read<readonly string[]>('tags', []),
      starred: read('starred', false),
      archived: read('archived', false),
    };
  };
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
export function openCommands(db: Database): { take: () => RunCommand[]; isStopWaiting: () => boolean } {
  const waiting = db.prepare<[], { id: number; command: RunCommand }>(
    'SELECT id, command FROM commands WHERE taken_ms IS NULL ORDER BY id',
  );
  const take = db.prepare('UPDATE commands SET taken_ms = ? WHERE taken_ms IS NULL AND id <= ?');
  return {
    take() {
      const rows = waiting.all();
      if (rows.length > 0) take.run(Date.now(), rows[rows.length - 1]!.id);
      return rows.map((row) => row.command);
    },
    isStopWaiting: () => waiting.all().some(({ command }) => command === 'stop'),
  };
}
