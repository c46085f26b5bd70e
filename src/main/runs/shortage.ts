// A training process that ran out of memory: told by its own message, or by how it died, for native code often dies of
// it. When it is gone the memory is free again, so smaller batches are tried, and the run says which one fits.

import { readFileSync } from 'node:fs';
import type { RunSpec } from '../../shared/run.ts';
import { OUT_OF_MEMORY } from '../../shared/training.ts';
import { openRunReader } from '../store/reader.ts';
import { openRunWriter } from '../store/writer.ts';
import { estimate } from './ask.ts';
import type { TrainingProgram } from './program.ts';

export interface Death {
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote. */
  readonly log: string;
  /** Of memoryKills, when it was started and now. */
  readonly kills: readonly [number, number];
}

/** Halvings that are tried. */
const ATTEMPTS = 6;
/** A batch that does not fit shows in the first steps; a crash later has other reasons. */
const FIRST_STEPS = 20;
const CRASHES: readonly (string | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS'];

/** Processes that Linux has ended for want of memory since it started; 0 where it cannot be known. */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Does nothing to a run that ended otherwise. Takes some tries of seconds. */
export async function adviseOnMemory(program: TrainingProgram, folder: string, death: Death): Promise<void> {
  const found = findShortage(folder, death);
  if (found === null) return;
  const { spec, step, message } = found;
  const advice = await findFittingBatch(program, spec);
  const writer = openRunWriter(folder);
  try {
    writer.phase('failed', step, `${message} ${advice}`);
  } finally {
    writer.close();
  }
}

interface Shortage {
  readonly spec: RunSpec;
  readonly step: number;
  readonly message: string;
}

function findShortage(folder: string, { signal, log, kills }: Death): Shortage | null {
  const run = readRun(folder);
  if (run === null) return null;
  const { spec, state, step } = run;
  const found = (message: string): Shortage => ({ spec, step, message });
  if (state.phase === 'failed') return state.message.startsWith(OUT_OF_MEMORY) ? found(state.message) : null;
  if (state.phase !== 'interrupted') return null;
  const batch = `with a batch of ${Number(spec.parameters['batchSize'])}`;
  if (signal === 'SIGKILL' && kills[1] > kills[0]) {
    return found(`${OUT_OF_MEMORY} at step ${step} ${batch}: the system ended the training process.`);
  }
  const sign = /^.*(std::bad_alloc|could not create a|out of memory|OOM when).*$/im.exec(log)?.[0].trim();
  if (CRASHES.includes(signal) && (sign !== undefined || step < FIRST_STEPS)) {
    const how = sign === undefined ? `${signal}, as happens when memory cannot be had` : `${signal}: ${sign}`;
    return found(`${OUT_OF_MEMORY}, it seems, at step ${step} ${batch}: the training process crashed (${how}).`);
  }
  return null;
}

function readRun(folder: string) {
  try {
    const reader = openRunReader(folder);
    try {
      const { spec, summary } = reader.detail();
      return { spec, state: summary.state, step: summary.step };
    } finally {
      reader.close();
    }
  } catch {
    return null; // Deleted meanwhile, or unreadable: the library says so itself.
  }
}

async function findFittingBatch(program: TrainingProgram, { parent: _parent, ...spec }: RunSpec): Promise<string> {
  const { batchSize: asked, ...others } = spec.parameters;
  let batchSize = Number(asked);
  for (let attempt = 0; attempt < ATTEMPTS && batchSize > 2; attempt++) {
    batchSize = Math.max(2, Math.floor(batchSize / 2));
    try {
      const { memoryBytes } = await estimate(program, { ...spec, parameters: { ...others, batchSize } });
      const held = `${(memoryBytes / 1e9).toFixed(1)} GB`;
      return `A batch of ${batchSize} fits: some steps of it were tried just now and took ${held} at most.`;
    } catch {
      // It does not fit either.
    }
  }
  return `No batch down to ${batchSize} could be tried with success.`;
}
