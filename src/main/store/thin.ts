// Thins the images of a run that is over, as its user asked: of those before a step, every n-th of each tag stays.

import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import { refuseWritten } from './claim.ts';
import { openEventWriter } from './events.ts';
import { IMAGE_FILE, RUN_FILE, openForWriting } from './open.ts';
import { RUN_ROW, type RunRow } from './run-row.ts';
import { explainSqlite } from './sentences.ts';

export interface Thinning {
  readonly olderThanStep: Step;
  /** At least 2: of each tag the first, and from there every n-th, stay. */
  readonly every: number;
}

/** Returns how many images and bytes went. Throws UserError while a process writes the run. */
export function thinImages(folder: string, { olderThanStep, every }: Thinning): { images: number; bytes: number } {
  if (!Number.isInteger(every) || every < 2) {
    throw new UserError(`To thin images, every second one or fewer must stay: expected 2 or more, found ${every}.`);
  }
  const path = join(folder, RUN_FILE.file);
  const db = openForWriting(path, RUN_FILE);
  try {
    const images = openForWriting(join(folder, IMAGE_FILE.file), IMAGE_FILE);
    try {
      return thin(db, images, { olderThanStep, every });
    } finally {
      images.close();
    }
  } catch (error) {
    throw explainSqlite(path, error);
  } finally {
    db.close();
  }
}

function thin(db: Database, images: Database, { olderThanStep, every }: Thinning): { images: number; bytes: number } {
  const remove = images.prepare<[Step, number], { bytes: number }>(
    `DELETE FROM images WHERE id IN (
       SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY tag ORDER BY step) - 1 AS place FROM images WHERE step < ?)
       WHERE place % ? > 0
     ) RETURNING bytes`,
  );
  // A training process that starts meanwhile has to wait for this transaction.
  const work = db.transaction(() => {
    const row = db.prepare<[], RunRow>(RUN_ROW).get()!;
    refuseWritten(row);
    const gone = images.transaction(() => remove.all(olderThanStep, every)).immediate();
    if (gone.length === 0) return { images: 0, bytes: 0 };
    const cursor = row.cursor + 1;
    db.prepare('UPDATE progress SET cursor = ?').run(cursor);
    const message = `Images before step ${olderThanStep} were thinned: one of ${every} was kept, ${gone.length} were removed.`;
    openEventWriter(db)('note', row.step, Date.now(), message, cursor);
    return { images: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
  const done = work.immediate();
  // Gives the space back to the system.
  images.pragma('incremental_vacuum');
  images.pragma('wal_checkpoint(TRUNCATE)');
  return done;
}
