// The one row of `run`, with that of `progress` beside it, and what they say: state, summary. `interrupted` is read here and never written: it is a run
// that says it is active while its process is gone.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageRow, RunId, RunPhase, RunSpec, RunState, RunSummary, Step } from '../../shared/run.ts';
import { isActive } from '../../shared/run.ts';
import { isAlive, type Owner } from './owner.ts';
import type { RunWords } from './store.ts';

/** A RunRow, or nothing in a file that holds no run. */
export const RUN_ROW = `SELECT run.*, step, steps_per_second, pid, host, process_mark, heartbeat_ms, cursor FROM run, progress`;

export interface RunRow {
  readonly run_id: RunId;
  readonly spec: string;
  readonly reference_lines: string;
  readonly networks: string;
  readonly created_ms: number;
  readonly phase: RunPhase;
  readonly message: string;
  readonly machine: string | null;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
  readonly step: Step;
  readonly steps_per_second: number | null;
  readonly pid: number | null;
  readonly host: string | null;
  readonly process_mark: string | null;
  readonly heartbeat_ms: number | null;
  readonly cursor: number;
}

/** The process that holds the run, alive or not; null when it let go. */
export function ownerOf(row: RunRow): Owner | null {
  return row.pid === null ? null : { pid: row.pid, host: row.host ?? '', mark: row.process_mark ?? '' };
}

export function stateOf(row: RunRow, nowMs: number): RunState {
  switch (row.phase) {
    case 'starting':
    case 'running':
    case 'paused': {
      const owner = ownerOf(row);
      const there = owner !== null && isAlive(owner, row.heartbeat_ms ?? 0, nowMs);
      return there ? { phase: row.phase, pid: owner.pid } : { phase: 'interrupted' };
    }
    case 'failed':
    case 'unreadable':
      return { phase: 'failed', message: row.message };
    default:
      return { phase: row.phase };
  }
}

export interface SummaryParts {
  readonly id: RunId;
  readonly words: Required<RunWords>;
  readonly spec: RunSpec;
  readonly lastValues: Readonly<Record<string, number>>;
  readonly newestImage: ImageRow | null;
  readonly sizeBytes: number;
}

export function summarise(row: RunRow, parts: SummaryParts, nowMs: number): RunSummary {
  const { recipe, preset, data, parameters, seed, steps, parent = null } = parts.spec;
  const { name, tags, starred, archived } = parts.words;
  const state = stateOf(row, nowMs);
  const speed = row.steps_per_second;
  return {
    id: parts.id,
    name,
    recipe,
    preset,
    data,
    parameters,
    seed,
    state,
    step: row.step,
    steps,
    createdMs: row.created_ms,
    startedMs: row.started_ms,
    // The last sign of life is the best there is to say about an interrupted run.
    endedMs: state.phase === 'interrupted' ? row.heartbeat_ms : row.ended_ms,
    stepsPerSecond: speed,
    remainingMs: isActive(state) && speed !== null && speed > 0 ? (Math.max(0, steps - row.step) / speed) * 1000 : null,
    lastValues: parts.lastValues,
    newestImage: parts.newestImage,
    sizeBytes: parts.sizeBytes,
    tags,
    starred,
    archived,
    parent,
    cursor: row.cursor,
  };
}

/** Bytes of all files below the folder. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path);
    // A file may go while we count: the log of a writer that just closed.
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
