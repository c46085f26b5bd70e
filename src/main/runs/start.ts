// One training process for one run folder: started, its words kept in the run's `train.log`, its end noticed. A run
// whose process dies before it opened the run file is marked as failed with the last lines of that log; after that
// the run file itself tells what happened.

import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DEVICE_LOST_EXIT, type TrainingReport } from '../../shared/training.ts';
import { openRunReader } from '../store/reader.ts';
import { openRunWriter } from '../store/writer.ts';
import type { TrainingProgram } from './program.ts';
import { adviseOnMemory, memoryKills } from './shortage.ts';

export const LOG_FILE = 'train.log';

export interface StartedTraining {
  /** Undefined when the process could not be spawned at all. */
  readonly pid: number | undefined;
  /** Settles when the process is gone and the run file says so; never rejects. */
  readonly ended: Promise<TrainingEnd>;
}

export interface AttachedTraining extends StartedTraining {
  /** Checkpoint, then exit; `ended` tells when. */
  stop(): void;
}

export interface Limits {
  /** After so many minutes the process writes a checkpoint and ends. */
  readonly maxMinutes?: number;
}

export interface TrainingEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote, or why it could not be started. */
  readonly log: string;
}

/** Goes on by itself when this process ends. The folder holds a created run. */
export function startDetached(program: TrainingProgram, folder: string, limits: Limits = {}): StartedTraining {
  const start = (rest: Limits): Started => {
    const child = spawnTraining(program, folder, { attached: false, ...rest });
    child.unref();
    return { child, ended: watchEnd(child, folder, program) };
  };
  const { first, ended } = startAgainWhenLost(start, limits);
  return { pid: first.pid, ended };
}

/** Stops with a checkpoint when this process ends. `report` gets what the process tells its parent. */
export function startAttached(
  program: TrainingProgram,
  folder: string,
  report: (report: TrainingReport) => void = () => {},
  limits: Limits = {},
): AttachedTraining {
  const start = (rest: Limits): Started => {
    const child = spawnTraining(program, folder, { attached: true, ...rest });
    child.on('message', (message) => report(message as TrainingReport));
    return { child, ended: watchAttached(child, folder, program) };
  };
  const { first, ended, stop } = startAgainWhenLost(start, limits);
  return { pid: first.pid, ended, stop };
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<TrainingEnd>;
}

/** A device that is lost so often is lost in the same place again and again. */
const MOST_RESTARTS = 5;

/** Settles with the end of the last process; after too many the run reads interrupted, with a note for each. */
function startAgainWhenLost(start: (rest: Limits) => Started, { maxMinutes }: Limits) {
  const endMs = Date.now() + (maxMinutes ?? Infinity) * 60_000;
  let current = start({ maxMinutes });
  let isStopped = false;
  const follow = async (): Promise<TrainingEnd> => {
    for (let restarts = 0; ; restarts++) {
      const end = await current.ended;
      const leftMs = endMs - Date.now();
      if (end.code !== DEVICE_LOST_EXIT || isStopped || leftMs <= 0 || restarts === MOST_RESTARTS) return end;
      try {
        current = start(maxMinutes === undefined ? {} : { maxMinutes: leftMs / 60_000 });
      } catch {
        return end; // The run was deleted meanwhile.
      }
    }
  };
  return {
    first: current.child,
    ended: follow(),
    stop(): void {
      isStopped = true;
      stopChild(current.child);
    },
  };
}

/** A process that said that it ended has nothing left to do; the end of its native threads may hang. */
const EXIT_MS = 10_000;

async function watchAttached(child: ChildProcess, folder: string, program: TrainingProgram): Promise<TrainingEnd> {
  let told: TrainingReport | null = null;
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (message) => {
    const report = message as TrainingReport;
    if (report.type !== 'ended') return;
    told = report;
    timer = setTimeout(() => child.kill('SIGKILL'), EXIT_MS);
  });
  const end = await watchEnd(child, folder, program);
  clearTimeout(timer);
  const report = told as Extract<TrainingReport, { type: 'ended' }> | null;
  return end.code === null && report ? { ...end, code: report.phase === 'failed' ? 1 : 0 } : end;
}

interface Manner extends Limits {
  readonly attached: boolean;
}

function spawnTraining(program: TrainingProgram, folder: string, { attached, maxMinutes }: Manner): ChildProcess {
  const limit = maxMinutes === undefined ? [] : ['--max-minutes', String(maxMinutes)];
  const log = openSync(join(folder, LOG_FILE), 'a');
  try {
    return program.spawn(program.node, [program.entry, 'run', folder, ...limit], {
      // A group of its own in both cases: Ctrl-C in the terminal is the parent's to pass on, once.
      detached: true,
      stdio: attached ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      env: { ...program.environment() },
      windowsHide: true,
    });
  } finally {
    closeSync(log);
  }
}

function stopChild(child: ChildProcess): void {
  // Windows has no SIGTERM: there the lost channel says the same.
  if (process.platform === 'win32' && child.connected) child.disconnect();
  else child.kill('SIGTERM');
}

async function watchEnd(child: ChildProcess, folder: string, program: TrainingProgram): Promise<TrainingEnd> {
  const killsBefore = memoryKills();
  const end = await new Promise<{ code: number | null; signal: NodeJS.Signals | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    // Not `close`: it never comes once this side has let go of the channel.
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const how = end.error ? end.error.message : end.signal ? `ended by ${end.signal}` : `exit code ${end.code}`;
  const log = end.error ? end.error.message : await lastLines(folder);
  await markNeverBegan(folder, how);
  await adviseOnMemory(program, folder, { signal: end.signal, log, kills: [killsBefore, memoryKills()] });
  return { code: end.code, signal: end.signal, log };
}

/**
 * Marks a run as failed whose process is gone without having begun; does nothing to one that did begin.
 * Also for runs whose host was killed in between: they must not wait for ever.
 */
export async function markNeverBegan(folder: string, how: string): Promise<void> {
  if (!neverBegan(folder)) return;
  const log = await lastLines(folder);
  const writer = openRunWriter(folder);
  try {
    writer.phase('failed', 0, `the training process did not start (${how})${log && `:\n${log}`}`);
  } finally {
    writer.close();
  }
}

function neverBegan(folder: string): boolean {
  try {
    const reader = openRunReader(folder);
    try {
      return reader.summary().state.phase === 'queued';
    } finally {
      reader.close();
    }
  } catch {
    return false; // Deleted meanwhile, or unreadable: the library says so itself.
  }
}

const LAST_LINES = 12;
const LAST_BYTES = 4096;

/** What TensorFlow, Dawn and Vulkan's loader print at every start, wherever they run; it explains no end. */
const NOISE = [
  /^WARNING: All log messages before absl::InitializeLog\(\)/,
  /oneDNN custom operations are on/,
  /This TensorFlow binary is optimized/,
  /^To enable the following instructions: /,
  /^Warning: Couldn't load Vulkan: /,
  /^ +at operator\(\) \(.*BackendVk\.cpp/,
  /^error: XDG_RUNTIME_DIR is invalid or not set/,
];

async function lastLines(folder: string): Promise<string> {
  const lines = (await readEnd(join(folder, LOG_FILE))).split(/\r?\n/).filter((line) => line.trim() !== '');
  const told = lines.filter((line) => !NOISE.some((known) => known.test(line)));
  return told.slice(-LAST_LINES).join('\n');
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - LAST_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
