// The state of a run as its training process moves it, each move with its event.

import type { Database } from 'better-sqlite3';
import type { EventKind, RunPhase } from '../../shared/run.ts';
import type { Claimed } from './claim.ts';
import type { Clock } from './clock.ts';
import type { EventWriter } from './events.ts';
import type { Ledger } from './ledger.ts';
import { DiskFullError } from './sentences.ts';
import type { RunWriter } from './store.ts';

const EVENT_OF: Readonly<Partial<Record<RunPhase, EventKind>>> = {
  paused: 'paused',
  stopped: 'stopped',
  finished: 'finished',
  failed: 'failed',
};

interface Parts {
  readonly db: Database;
  readonly claimed: Claimed;
  readonly ledger: Ledger;
  readonly writeEvent: EventWriter;
  readonly clock: Clock;
}

export function openPhases({ db, claimed, ledger, writeEvent, clock }: Parts): Pick<RunWriter, 'start' | 'phase'> {
  const move = db.prepare('UPDATE run SET phase = ?, message = ?, ended_ms = ?');
  const begin = db.prepare(`UPDATE run SET machine = ?, started_ms = coalesce(started_ms, ?)`);
  let current: RunPhase = 'starting';

  return {
    start(machine) {
      const { backend, backendVersion, device, threads } = machine;
      const message = `${backend} ${backendVersion}, ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
      ledger.commit((cursor) => {
        const nowMs = clock();
        begin.run(JSON.stringify(machine), nowMs);
        move.run('running', '', null);
        writeEvent(claimed.startedBefore ? 'resumed' : 'started', ledger.step(), nowMs, message, cursor);
      });
      current = 'running';
    },
    phase(phase, step, message = '') {
      if (phase === 'failed' && message === '') throw new RangeError('a run fails with a message');
      const kind = EVENT_OF[phase] ?? (current === 'paused' ? 'resumed' : null);
      const change = (cursor: number): void => {
        const nowMs = clock();
        const over = phase !== 'running' && phase !== 'paused';
        move.run(phase, phase === 'failed' ? message : '', over ? nowMs : null);
        if (kind !== null) writeEvent(kind, step, nowMs, message, cursor);
      };
      try {
        ledger.commit(change);
      } catch (error) {
        // Where the disk is full, the word that training waits is worth more than the scalars, which wait with it.
        if (phase !== 'paused' || !(error instanceof DiskFullError)) throw error;
        ledger.commitAlone(change);
      }
      current = phase;
    },
  };
}
