// Rows about checkpoints. The file is the training room's business: it is written, synced and renamed before its row comes.

import type { Database } from 'better-sqlite3';
import type { CheckpointRow } from '../../shared/run.ts';

const COLUMNS = 'step, file, bytes, sha256, wall_ms AS wallMs, reason';

/** To be called inside a transaction. A second checkpoint of one step takes the place of the first. */
export function openCheckpointWriter(db: Database): (row: CheckpointRow, cursor: number) => void {
  const insert = db.prepare(
    `INSERT OR REPLACE INTO checkpoints (step, file, bytes, sha256, wall_ms, reason, cursor)
     VALUES (@step, @file, @bytes, @sha256, @wallMs, @reason, @cursor)`,
  );
  return (row, cursor) => void insert.run({ ...row, cursor });
}

/** Checkpoints committed after the cursor, by step; -1 for all. */
export function openCheckpointReader(db: Database): (cursor: number) => CheckpointRow[] {
  const since = db.prepare<[number], CheckpointRow>(
    `SELECT ${COLUMNS} FROM checkpoints WHERE cursor > ? ORDER BY step`,
  );
  return (cursor) => since.all(cursor);
}
