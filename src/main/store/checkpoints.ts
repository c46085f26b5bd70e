// Rows about checkpoints. The file is the training room's business: it is written, synced and renamed before its row
// comes, and deleted after its row has gone.

import type { Database } from 'better-sqlite3';
import type { CheckpointRow, Step } from '../../shared/run.ts';
import { parseColumn } from './sentences.ts';

const COLUMNS = 'step, file, bytes, sha256, wall_ms AS wallMs, reason, starred, measures, kept_because AS keptBecause';

interface StoredRow extends Omit<CheckpointRow, 'starred' | 'measures'> {
  readonly starred: 0 | 1;
  readonly measures: string;
  /** Empty where there is no reason. */
  readonly keptBecause: string;
}

export interface CheckpointWriter {
  /** A second checkpoint of one step takes the place of the first, whose star stays. To be called inside a transaction. */
  save(row: CheckpointRow, cursor: number): void;
  /** From now on the policy spares it. */
  keep(step: Step, because: string, cursor: number): void;
  drop(step: Step): void;
}

export function openCheckpointWriter(db: Database): CheckpointWriter {
  const insert = db.prepare(
    `INSERT INTO checkpoints (step, file, bytes, sha256, wall_ms, reason, starred, measures, cursor)
     VALUES (@step, @file, @bytes, @sha256, @wallMs, @reason, @starred, @measures, @cursor)
     ON CONFLICT (step) DO UPDATE SET file = @file, bytes = @bytes, sha256 = @sha256, wall_ms = @wallMs, reason = @reason,
       starred = max(starred, @starred), measures = @measures, cursor = @cursor`,
  );
  const keep = db.prepare('UPDATE checkpoints SET kept_because = ?, cursor = ? WHERE step = ?');
  const remove = db.prepare('DELETE FROM checkpoints WHERE step = ?');
  return {
    save: (row, cursor) =>
      void insert.run({ ...row, starred: Number(row.starred), measures: packMeasures(row.measures), cursor }),
    keep: (step, because, cursor) => void keep.run(because, cursor, step),
    drop: (step) => void remove.run(step),
  };
}

/** Checkpoints committed after the cursor, by step; -1 for all. */
export function openCheckpointReader(path: string, db: Database): (cursor: number) => CheckpointRow[] {
  const since = db.prepare<[number], StoredRow>(`SELECT ${COLUMNS} FROM checkpoints WHERE cursor > ? ORDER BY step`);
  return (cursor) => since.all(cursor).map((row) => readCheckpoint(path, row));
}

function readCheckpoint(path: string, { keptBecause, ...row }: StoredRow): CheckpointRow {
  const measures = parseColumn<Record<string, number | string>>(path, 'measures', row.measures);
  const numbers = Object.entries(measures).map(([tag, value]) => [tag, Number(value)] as const);
  const kept = keptBecause === '' ? {} : { keptBecause };
  return { ...row, starred: row.starred === 1, measures: Object.fromEntries(numbers), ...kept };
}

/** JSON, in which what is not finite is a text: "NaN", "Infinity", "-Infinity". */
function packMeasures(measures: Readonly<Record<string, number>>): string {
  return JSON.stringify(measures, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}
