// What every commit of the writer shares: the cursor, the heartbeat, the row of progress and the scalars that wait. Each
// commit is one transaction and raises the cursor by one.

import type { Database } from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import type { Claimed } from './claim.ts';
import { HEARTBEAT_MS } from './owner.ts';
import type { ScalarWriter } from './scalars.ts';
import { explainSqlite } from './sentences.ts';

const FLUSH_MS = 500;
const FLUSH_STEPS = 250;

export interface Ledger {
  /** Cursor of the last commit. */
  readonly cursor: () => number;
  /** Together with the scalars that wait. Throws DiskFullError when there is no room; nothing has changed then. */
  commit(change?: (cursor: number) => void): void;
  /** Without the scalars, which go on waiting: a word or two may still fit on a full disk. */
  commitAlone(change: (cursor: number) => void): void;
  /** Together with all scalars, which go into blocks before `change` is called: nothing is left in the tail. */
  settle(change: (cursor: number) => void): void;
  /** Settles and returns when the disk has it; a power cut does not take it back. */
  settleForGood(change: (cursor: number) => void): void;
  /** Commits when 500 ms or 250 steps have passed since the last commit. */
  commitWhenDue(step: Step): void;
  reached(step: Step, stepsPerSecond: number | null): void;
  /** The last step that was reached. */
  readonly step: () => Step;
  /** Flushes what a paused or slow run has waiting, twice a second. Does not keep the process alive. */
  startTimer(): NodeJS.Timeout;
}

export function openLedger(path: string, db: Database, claimed: Claimed, scalars: ScalarWriter): Ledger {
  const { owner } = claimed;
  const set = 'UPDATE progress SET step = ?, steps_per_second = ?, heartbeat_ms = ?, cursor = ?';
  const own = 'WHERE pid = ? AND process_mark = ?';
  const update = db.prepare(`${set} ${own}`);
  const updateWithTail = db.prepare(`${set}, tail = ? ${own}`);
  let [cursor, step, speed] = [claimed.cursor, claimed.step, null as number | null];
  let [moved, committedAt, committedStep] = [false, performance.now(), claimed.step];

  /** False when another process has become the owner. Where `tail` is left out it stays as it is. */
  const updateRow = (next: number, tail?: Uint8Array | null): boolean => {
    const row = [step, speed, Date.now(), next];
    const { changes } =
      tail === undefined
        ? update.run(...row, owner.pid, owner.mark)
        : updateWithTail.run(...row, tail, owner.pid, owner.mark);
    return changes > 0;
  };
  const stamp: typeof updateRow = (next, tail) => {
    if (updateRow(next, tail)) return true;
    throw new UserError(`Another process has taken over the run at ${path}. This one stops writing.`);
  };
  const transact = db.transaction((work: () => void) => work()).immediate;
  /** `work` gets the cursor of the commit that it is. */
  const commitWork = (work: (next: number) => void): void => {
    try {
      work(cursor + 1);
    } catch (error) {
      throw explainSqlite(path, error);
    }
    cursor++;
  };
  const commitWith = (tail: Uint8Array | null | undefined, change?: (cursor: number) => void): void => {
    commitWork((next) => {
      // The common case, and the cheapest there is: one statement, which is a transaction of its own.
      if (tail !== null && change === undefined) return void stamp(next, tail);
      transact(() => {
        stamp(next, tail);
        if (tail === null) scalars.fold();
        change?.(next);
      });
    });
    scalars.written(tail === null);
    [moved, committedAt, committedStep] = [false, performance.now(), step];
  };

  const ledger: Ledger = {
    cursor: () => cursor,
    step: () => step,
    commit: (change) => commitWith(scalars.waiting() ? scalars.tail() : undefined, change),
    commitAlone(change) {
      commitWork((next) => {
        transact(() => {
          stamp(next);
          change(next);
        });
      });
    },
    settle: (change) => commitWith(null, change),
    settleForGood(change) {
      db.pragma('synchronous = FULL');
      try {
        ledger.settle(change);
      } finally {
        db.pragma('synchronous = NORMAL');
      }
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
    startTimer: () => setInterval(beat, FLUSH_MS).unref(),
  };
  const beat = (): void => {
    try {
      if (moved || scalars.waiting()) return ledger.commitWhenDue(step);
      if (performance.now() - committedAt < HEARTBEAT_MS) return;
      // The cursor stays: nobody needs to read anything again.
      updateRow(cursor);
      committedAt = performance.now();
    } catch {
      // What waits still waits: the next `progress` meets the same error, in a place where the loop can act on it.
    }
  };
  return ledger;
}
