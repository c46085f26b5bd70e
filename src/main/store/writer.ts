// The one writer of what a run measures, in the training process. Scalars gather in memory and are flushed every
// 500 ms or 250 steps; everything else is committed at once, together with the scalars that wait. Each commit is
// one transaction and raises the cursor by one.

import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import type { EventKind, RunId, RunPhase, RunSpec, Step } from '../../shared/run.ts';
import { openCheckpointWriter } from './checkpoints.ts';
import { openEventWriter, type EventWriter } from './events.ts';
import { openImageWriter } from './images.ts';
import { IMAGE_FILE, RUN_FILE, openForWriting } from './open.ts';
import { HEARTBEAT_MS, isAlive, thisProcess, type Owner } from './owner.ts';
import { openScalars, type ScalarWriter } from './scalars.ts';
import { damaged, explainSqlite, parseColumn } from './sentences.ts';
import { ownerOf, type RunRow } from './run-row.ts';
import type { RunWriter } from './store.ts';
import { openCommands } from './words.ts';

const FLUSH_MS = 500;
const FLUSH_STEPS = 250;

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
    const claimed = claim(path, db);
    return makeWriter({ path, db, imagePath, images, claimed });
  } catch (error) {
    images?.close();
    db.close();
    throw explainSqlite(path, error);
  }
}

interface Claimed {
  readonly id: RunId;
  readonly spec: RunSpec;
  readonly owner: Owner;
  readonly cursor: number;
  readonly step: Step;
  readonly startedBefore: boolean;
}
interface Files {
  readonly path: string;
  readonly db: Database;
  readonly imagePath: string;
  readonly images: Database;
  readonly claimed: Claimed;
}

function claim(path: string, db: Database): Claimed {
  const owner = thisProcess();
  const take = db.transaction((): Claimed => {
    const row = db.prepare<[], RunRow>('SELECT * FROM run').get();
    if (row === undefined) throw damaged(path, 'it holds no run');
    const before = ownerOf(row);
    if (before !== null && isAlive(before, row.heartbeat_ms ?? 0, Date.now())) {
      throw new UserError(
        `Run ${row.run_id} is already being written by process ${before.pid} on ${before.host}. Stop that training first.`,
      );
    }
    // Commands to a process that is gone are not meant for this one; those to a queued run are.
    if (row.phase !== 'queued') {
      db.prepare('UPDATE commands SET taken_ms = ? WHERE taken_ms IS NULL').run(Date.now());
    }
    const cursor = row.cursor + 1;
    db.prepare(
      `UPDATE run SET phase = 'starting', message = '', ended_ms = NULL, pid = ?, host = ?, process_mark = ?, heartbeat_ms = ?, cursor = ?`,
    ).run(owner.pid, owner.host, owner.mark, Date.now(), cursor);
    const spec = parseColumn<RunSpec>(path, 'spec', row.spec);
    return { id: row.run_id, spec, owner, cursor, step: row.step, startedBefore: row.started_ms !== null };
  });
  return take.immediate();
}

/** What every commit shares: the cursor, the clock, the run's row and the scalars that wait. */
interface Ledger {
  /** Cursor of the last commit. */
  readonly cursor: () => number;
  commit(change?: (cursor: number) => void): void;
  /** Commits when 500 ms or 250 steps have passed since the last commit. */
  commitWhenDue(step: Step): void;
  reached(step: Step, stepsPerSecond: number | null): void;
  beat(): void;
}

function openLedger({ path, db, claimed }: Files, scalars: ScalarWriter): Ledger {
  const { owner } = claimed;
  const update = db.prepare(
    `UPDATE run SET step = ?, steps_per_second = ?, heartbeat_ms = ?, cursor = ? WHERE pid = ? AND process_mark = ?`,
  );
  let [cursor, step, speed] = [claimed.cursor, claimed.step, null as number | null];
  let [moved, committedAt, committedStep] = [false, performance.now(), claimed.step];

  const transact = db.transaction((next: number, change?: (cursor: number) => void) => {
    const { changes } = update.run(step, speed, Date.now(), next, owner.pid, owner.mark);
    if (changes === 0)
      throw new UserError(`Another process has taken over the run at ${path}. This one stops writing.`);
    scalars.write(next);
    change?.(next);
  }).immediate;

  const ledger: Ledger = {
    cursor: () => cursor,
    commit(change) {
      try {
        transact(cursor + 1, change);
      } catch (error) {
        throw explainSqlite(path, error);
      }
      cursor++;
      scalars.written();
      [moved, committedAt, committedStep] = [false, performance.now(), step];
    },
    commitWhenDue(now) {
      const due = now - committedStep >= FLUSH_STEPS || performance.now() - committedAt >= FLUSH_MS;
      if (!due || !(moved || scalars.waiting())) return;
      ledger.commit();
      committedStep = now;
    },
    reached(now, stepsPerSecond) {
      if (now !== step || stepsPerSecond !== speed) moved = true;
      [step, speed] = [now, stepsPerSecond];
    },
    beat() {
      if (moved || scalars.waiting()) ledger.commitWhenDue(step);
      else if (performance.now() - committedAt >= HEARTBEAT_MS) {
        // The cursor stays: nobody needs to read anything again.
        update.run(step, speed, Date.now(), cursor, owner.pid, owner.mark);
        committedAt = performance.now();
      }
    },
  };
  return ledger;
}

/** So that a paused or slow run flushes too. Does not keep the process alive. */
function startTimer(ledger: Ledger): NodeJS.Timeout {
  const beat = (): void => {
    try {
      ledger.beat();
    } catch {
      // What waits still waits: the next `progress` meets the same error, in a place where the loop can act on it.
    }
  };
  return setInterval(beat, FLUSH_MS).unref();
}

function makeWriter(files: Files): RunWriter {
  const { path, db, imagePath, images, claimed } = files;
  const scalars = openScalars(path, db);
  const ledger = openLedger(files, scalars);
  const writeEvent = openEventWriter(db);
  const writeImage = openImageWriter(images);
  const writeCheckpoint = openCheckpointWriter(db);
  const takeCommands = openCommands(db);
  const letGo = db.prepare('UPDATE run SET pid = NULL, host = NULL, process_mark = NULL');
  const timer = startTimer(ledger);
  let [scalarStep, wallMs] = [-1, 0];

  return {
    id: claimed.id,
    spec: claimed.spec,
    ...openPhases(db, claimed, ledger, writeEvent),
    scalar(tag, step, value) {
      // Only between steps, so that the scalars of one step are never parted.
      if (step !== scalarStep) {
        ledger.commitWhenDue(step - 1);
        scalarStep = step;
        // A clock that is set back must not make time run backwards inside a block.
        wallMs = Math.max(wallMs, Date.now());
      }
      scalars.add(tag, step, value, wallMs);
    },
    image(image) {
      try {
        writeImage(image, Date.now(), ledger.cursor() + 1);
      } catch (error) {
        throw explainSqlite(imagePath, error);
      }
      ledger.commit();
    },
    event: (kind, step, message) => ledger.commit((cursor) => writeEvent(kind, step, Date.now(), message, cursor)),
    checkpoint(row) {
      // On the disk before training goes on: a checkpoint that a power cut takes back would be worse than none.
      db.pragma('synchronous = FULL');
      try {
        ledger.commit((cursor) => writeCheckpoint(row, cursor));
      } finally {
        db.pragma('synchronous = NORMAL');
      }
    },
    progress(step, stepsPerSecond, now = false) {
      ledger.reached(step, stepsPerSecond);
      if (now) ledger.commit();
      else ledger.commitWhenDue(step);
    },
    takeCommands,
    close() {
      clearInterval(timer);
      if (!db.open) return;
      try {
        ledger.commit(() => letGo.run());
      } finally {
        shut(db);
        shut(images);
      }
    },
  };
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

const EVENT_OF: Readonly<Partial<Record<RunPhase, EventKind>>> = {
  paused: 'paused',
  stopped: 'stopped',
  finished: 'finished',
  failed: 'failed',
};

function openPhases(
  db: Database,
  claimed: Claimed,
  ledger: Ledger,
  writeEvent: EventWriter,
): Pick<RunWriter, 'start' | 'phase'> {
  const move = db.prepare('UPDATE run SET phase = ?, message = ?, ended_ms = ?');
  const begin = db.prepare(`UPDATE run SET machine = ?, started_ms = coalesce(started_ms, ?)`);
  let current: RunPhase = 'starting';

  return {
    start(machine) {
      const { backend, backendVersion, device, threads } = machine;
      const message = `${backend} ${backendVersion}, ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
      ledger.commit((cursor) => {
        const nowMs = Date.now();
        begin.run(JSON.stringify(machine), nowMs);
        move.run('running', '', null);
        writeEvent(claimed.startedBefore ? 'resumed' : 'started', claimed.step, nowMs, message, cursor);
      });
      current = 'running';
    },
    phase(phase, step, message = '') {
      if (phase === 'failed' && message === '') throw new RangeError('a run fails with a message');
      const kind = EVENT_OF[phase] ?? (current === 'paused' ? 'resumed' : null);
      ledger.commit((cursor) => {
        const nowMs = Date.now();
        const over = phase !== 'running' && phase !== 'paused';
        move.run(phase, phase === 'failed' ? message : '', over ? nowMs : null);
        if (kind !== null) writeEvent(kind, step, nowMs, message, cursor);
      });
      current = phase;
    },
  };
}
