// Takes a run for this process: from then on no other living process may write it.

import type { Database } from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import type { RunId, RunSpec, Step } from '../../shared/run.ts';
import { isAlive, thisProcess, type Owner } from './owner.ts';
import { RUN_ROW, ownerOf, type RunRow } from './run-row.ts';
import { damaged, parseColumn } from './sentences.ts';
import { openTails } from './tail.ts';

export interface Claimed {
  readonly id: RunId;
  readonly spec: RunSpec;
  readonly owner: Owner;
  readonly cursor: number;
  readonly step: Step;
  readonly startedBefore: boolean;
  /** Latest time that the run has recorded so far; 0 when there is none. */
  readonly lastMs: number;
}

/** The state is `starting` from here on. Throws UserError while a living process writes the run. */
export function claimRun(path: string, db: Database): Claimed {
  const owner = thisProcess();
  const take = db.transaction((): Claimed => {
    const row = db.prepare<[], RunRow>(RUN_ROW).get();
    if (row === undefined) throw damaged(path, 'it holds no run');
    refuseWritten(row);
    // Commands to a process that is gone are not meant for this one; those to a queued run are.
    if (row.phase !== 'queued') {
      db.prepare('UPDATE commands SET taken_ms = ? WHERE taken_ms IS NULL').run(Date.now());
    }
    const cursor = row.cursor + 1;
    db.prepare(`UPDATE run SET phase = 'starting', message = '', ended_ms = NULL`).run();
    const own = db.prepare('UPDATE progress SET pid = ?, host = ?, process_mark = ?, heartbeat_ms = ?, cursor = ?');
    own.run(owner.pid, owner.host, owner.mark, Date.now(), cursor);
    return {
      id: row.run_id,
      spec: parseColumn<RunSpec>(path, 'spec', row.spec),
      owner,
      cursor,
      step: row.step,
      startedBefore: row.started_ms !== null,
      lastMs: lastTime(path, db),
    };
  });
  return take.immediate();
}

/** Throws UserError while a living process writes the run. */
export function refuseWritten(row: RunRow): void {
  const owner = ownerOf(row);
  if (owner === null || !isAlive(owner, row.heartbeat_ms ?? 0, Date.now())) return;
  throw new UserError(
    `Run ${row.run_id} is already being written by process ${owner.pid} on ${owner.host}. Stop that training first.`,
  );
}

function lastTime(path: string, db: Database): number {
  const last = db.prepare<[], number>(
    `SELECT max(
       coalesce((SELECT wall_ms FROM events ORDER BY id DESC LIMIT 1), 0),
       coalesce((SELECT max((SELECT end_ms FROM blocks WHERE blocks.series = series.id ORDER BY start_step DESC LIMIT 1)) FROM series), 0))`,
  );
  return [...openTails(path, db)().values()].reduce((ms, { endMs }) => Math.max(ms, endMs), last.pluck().get()!);
}
