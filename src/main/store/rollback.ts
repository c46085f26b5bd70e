// Takes back what was logged after a step, so that a resume goes on as if the steps after its checkpoint had never
// been. Scalars in cut blocks are packed again; the ids of images are never used twice.

import type { Database } from 'better-sqlite3';
import type { Step } from '../../shared/run.ts';
import { BLOCK_COLUMNS, firstAtLeast, packBlock, reopenBlock, unpackBlock, wallAt, type BlockRow } from './block.ts';
import type { Rollback } from './store.ts';

/** To be called inside a transaction, with all scalars in blocks. Returns the number of points that went. */
export function cutScalars(path: string, db: Database, step: Step): number {
  const cut = db.prepare<[number], { id: number }>('SELECT id FROM series WHERE last_step > ?').all(step);
  return cut.reduce((sum, { id }) => sum + cutSeries(path, db, id, step), 0);
}

function cutSeries(path: string, db: Database, id: number, step: Step): number {
  db.prepare('DELETE FROM levels WHERE series = ? AND last_step > ?').run(id, step);
  const gone = db.prepare<[number, number], number>(
    'SELECT coalesce(sum(count), 0) FROM blocks WHERE series = ? AND start_step > ?',
  );
  let removed = gone.pluck().get(id, step)!;
  db.prepare('DELETE FROM blocks WHERE series = ? AND start_step > ?').run(id, step);
  const lastBlock = db.prepare<[number], BlockRow>(
    `SELECT ${BLOCK_COLUMNS} FROM blocks WHERE series = ? ORDER BY start_step DESC LIMIT 1`,
  );
  const row = lastBlock.get(id);
  if (row === undefined) {
    db.prepare('DELETE FROM series WHERE id = ?').run(id);
    return removed;
  }
  const block = unpackBlock(path, row);
  const count = firstAtLeast(block, step + 1);
  removed += block.count - count;
  const kept = { ...reopenBlock(path, row), count, endMs: wallAt(block, count - 1) };
  kept.values.fill(0, count);
  db.prepare(
    `UPDATE blocks SET last_step = @last_step, end_ms = @end_ms, count = @count, stride = @stride, steps = @steps, data = @data
     WHERE series = @id AND start_step = @start_step`,
  ).run({ id, ...packBlock(kept) });
  const last = { id, step: kept.steps[count - 1], value: kept.values[count - 1] };
  db.prepare('UPDATE series SET last_step = @step, last = @value WHERE id = @id').run(last);
  return removed;
}

/** The last step that the files know anything of; 0 for a run without a step. */
export function lastRecordedStep(db: Database, images: Database): Step {
  const run = db.prepare<[], number>(
    `SELECT max((SELECT step FROM progress), coalesce((SELECT max(last_step) FROM series), 0),
       coalesce((SELECT max(step) FROM checkpoints), 0))`,
  );
  const image = images.prepare<[], number>('SELECT coalesce(max(step), 0) FROM images');
  return Math.max(run.pluck().get()!, image.pluck().get()!);
}

/** What the event says. */
export function describeRollback({ step, lastStep, scalars, images, checkpoints }: Rollback): string {
  const count = (amount: number, one: string, more = `${one}s`): string => `${amount} ${amount === 1 ? one : more}`;
  const steps = checkpoints.length === 0 ? '' : ` (step ${checkpoints.map((row) => row.step).join(', ')})`;
  const what = `${count(scalars, 'scalar')}, ${count(images, 'image')} and ${count(checkpoints.length, 'checkpoint')}${steps}`;
  return `Went back to step ${step}: what was recorded up to step ${lastStep} after it was removed, ${what}.`;
}
