// The ordered facts of a run.

import type { Database } from 'better-sqlite3';
import type { EventKind, RunEvent, Step } from '../../shared/run.ts';

const COLUMNS = 'id, kind, step, wall_ms AS wallMs, message';

/** To be called inside a transaction. */
export type EventWriter = (kind: EventKind, step: Step, wallMs: number, message: string, cursor: number) => void;

export function openEventWriter(db: Database): EventWriter {
  const insert = db.prepare('INSERT INTO events (kind, step, wall_ms, message, cursor) VALUES (?, ?, ?, ?, ?)');
  return (kind, step, wallMs, message, cursor) => void insert.run(kind, step, wallMs, message, cursor);
}

/** Events committed after the cursor; -1 for all. */
export function openEventReader(db: Database): (cursor: number) => RunEvent[] {
  const since = db.prepare<[number], RunEvent>(`SELECT ${COLUMNS} FROM events WHERE cursor > ? ORDER BY id`);
  return (cursor) => since.all(cursor);
}
