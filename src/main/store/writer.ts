// The one writer of what a run measures, in the training process. Scalars gather in memory and are flushed every
// 500 ms or 250 steps; everything else is committed at once, together with the scalars that wait.

import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { EventKind, Step } from '../../shared/run.ts';
import { openCheckpointReader, openCheckpointWriter, type CheckpointWriter } from './checkpoints.ts';
import { claimRun, type Claimed } from './claim.ts';
import { openClock } from './clock.ts';
import { openEventWriter, type EventWriter } from './events.ts';
import { cutHistograms, openHistogramWriter } from './histograms.ts';
import { openImageWriter } from './images.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { IMAGE_FILE, RUN_FILE, openForWriting } from './open.ts';
import { openPhases } from './phases.ts';
import { cutScalars, describeRollback, lastRecordedStep } from './rollback.ts';
import { openScalars, type ScalarWriter } from './scalars.ts';
import { DiskFullError, explainSqlite } from './sentences.ts';
import type { Rollback, RunWriter } from './store.ts';
import { cutVerdicts, openVerdictWriter } from './verdicts.ts';
import { openCommands } from './words.ts';

/**
 * Claims the run for this process: its state is `starting` from here on. Throws UserError when the files are not
 * those of a run, are of a newer Saddle, or are being written by a living process.
 */
export function openRunWriter(folder: string): RunWriter {
  const path = join(folder, RUN_FILE.file);
  const imagePath = join(folder, IMAGE_FILE.file);
  const db = openForWriting(path, RUN_FILE);
  let images: Database | null = null;
  try {
    images = openForWriting(imagePath, IMAGE_FILE);
    const claimed = claimRun(path, db);
    return makeWriter({ path, db, imagePath, images, claimed });
  } catch (error) {
    images?.close();
    db.close();
    throw explainSqlite(path, error);
  }
}

interface Files {
  readonly path: string;
  readonly db: Database;
  readonly imagePath: string;
  readonly images: Database;
  readonly claimed: Claimed;
}

function makeWriter(files: Files): RunWriter {
  const { path, db, imagePath, images, claimed } = files;
  const scalars = openScalars(path, db);
  const ledger = openLedger(path, db, claimed, scalars);
  const clock = openClock(claimed.lastMs);
  const writeEvent = openEventWriter(db);
  const writeImage = openImageWriter(images);
  const writeHistograms = openHistogramWriter(db);
  const verdicts = openVerdictWriter(db);
  const rows = openCheckpointWriter(db);
  const commands = openCommands(db);
  const timer = ledger.startTimer();
  let [scalarStep, wallMs] = [-1, 0];

  return {
    id: claimed.id,
    spec: claimed.spec,
    ...openPhases({ db, claimed, ledger, writeEvent, clock }),
    ...openCheckpoints(files, ledger, rows, (kind, step, message, cursor) =>
      writeEvent(kind, step, clock(), message, cursor),
    ),
    scalar(tag, step, value) {
      // Only between steps, so that the scalars of one step are never parted.
      if (step !== scalarStep) {
        commitIfThereIsRoom(() => ledger.commitWhenDue(step - 1));
        scalarStep = step;
        wallMs = clock();
      }
      scalars.add(tag, step, value, wallMs);
    },
    image(image) {
      try {
        writeImage(image, clock(), ledger.cursor() + 1);
      } catch (error) {
        throw explainSqlite(imagePath, error);
      }
      ledger.commit();
    },
    histograms: (step, rows) => ledger.commit(() => writeHistograms(step, rows)),
    alert: (step, verdict, lastGood) =>
      ledger.commit((cursor) => {
        verdicts.begin(verdict);
        if (lastGood !== undefined) rows.keep(lastGood, `the last before the alert at step ${step}`, cursor);
        writeEvent('alert', step, clock(), `${verdict.message} ${verdict.remedy}`.trim(), cursor);
      }),
    relieve: (step, verdict) =>
      ledger.commit((cursor) => {
        verdicts.end(verdict.rule, verdict.since, step);
        writeEvent('note', step, clock(), `Over: ${verdict.message}`, cursor);
      }),
    event: (kind, step, message) => ledger.commit((cursor) => writeEvent(kind, step, clock(), message, cursor)),
    rollback: (step) => rollBack({ ...files, scalars, ledger, writeEvent, nowMs: clock() }, step),
    progress(step, stepsPerSecond, now = false) {
      ledger.reached(step, stepsPerSecond);
      if (now) ledger.commit();
      else ledger.commitWhenDue(step);
    },
    takeCommands: commands.take,
    isStopWaiting: commands.isStopWaiting,
    close() {
      clearInterval(timer);
      if (db.open) closeFiles(files, ledger);
    },
  };
}

/** A value must not be lost because there is no room just now: it joins those that wait, and `progress` says so. */
function commitIfThereIsRoom(commit: () => void): void {
  try {
    commit();
  } catch (error) {
    if (!(error instanceof DiskFullError)) throw error;
  }
}

function openCheckpoints(
  { path, db, imagePath, images }: Files,
  ledger: Ledger,
  rows: CheckpointWriter,
  tell: (kind: EventKind, step: Step, message: string, cursor: number) => void,
): Pick<RunWriter, 'checkpoint' | 'checkpoints' | 'dropCheckpoint'> {
  const read = openCheckpointReader(path, db);
  return {
    checkpoint(row, news) {
      // On the disk before training goes on, with the images before it: a checkpoint that a power cut takes back would
      // be worse than none.
      try {
        images.pragma('wal_checkpoint(PASSIVE)');
      } catch (error) {
        throw explainSqlite(imagePath, error);
      }
      ledger.settleForGood((cursor) => {
        rows.save(row, cursor);
        if (news !== undefined) tell('checkpoint', row.step, news, cursor);
      });
    },
    checkpoints: () => read(-1),
    dropCheckpoint: (step) => ledger.commit(() => rows.drop(step)),
  };
}

interface RollbackParts extends Files {
  readonly scalars: ScalarWriter;
  readonly ledger: Ledger;
  readonly writeEvent: EventWriter;
  readonly nowMs: number;
}

function rollBack(parts: RollbackParts, step: number): Rollback {
  const { path, db, imagePath, images, scalars, ledger, writeEvent, nowMs } = parts;
  const lastStep = lastRecordedStep(db, images);
  if (lastStep <= step) return { step, lastStep: step, scalars: 0, images: 0, checkpoints: [] };
  const checkpoints = openCheckpointReader(path, db)(-1).filter((row) => row.step > step);
  let done: Rollback | null = null;
  // The run file's commit lies inside the images' one: if it fails, the images stay too; a crash between the two
  // leaves images that the next resume takes back.
  const takeBack = images.transaction(() => {
    const { changes } = images.prepare('DELETE FROM images WHERE step > ?').run(step);
    const before = ledger.step();
    ledger.reached(step, null);
    try {
      ledger.settleForGood((cursor) => {
        const removed = cutScalars(path, db, step);
        cutHistograms(db, step);
        cutVerdicts(db, step);
        db.prepare('DELETE FROM checkpoints WHERE step > ?').run(step);
        done = { step, lastStep, scalars: removed, images: changes, checkpoints };
        writeEvent('note', step, nowMs, describeRollback(done), cursor);
      });
    } catch (error) {
      ledger.reached(before, null);
      throw error;
    }
  });
  images.pragma('synchronous = FULL');
  try {
    takeBack.immediate();
  } catch (error) {
    throw explainSqlite(imagePath, error);
  } finally {
    images.pragma('synchronous = NORMAL');
  }
  scalars.reload();
  return done!;
}

function closeFiles({ db, images }: Files, ledger: Ledger): void {
  const letGo = (): void => void db.prepare('UPDATE progress SET pid = NULL, host = NULL, process_mark = NULL').run();
  try {
    ledger.settle(letGo);
  } catch (error) {
    // The scalars that wait are lost with the process; the run must not stay claimed because of them.
    if (error instanceof DiskFullError) commitIfThereIsRoom(() => ledger.commitAlone(letGo));
    throw error;
  } finally {
    shut(db);
    shut(images);
  }
}

/** Leaves no log behind where no reader holds it, so that a copy of the two files is the run. */
function shut(db: Database): void {
  try {
    db.pragma('busy_timeout = 200');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // A reader was in the middle of something: the log stays, and is as good a place.
  }
  db.close();
}
