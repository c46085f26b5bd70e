// Real training processes in an address space that is too small for their batch: however native code dies of it, the
// run says so, and which batch fits.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveParameters } from '../../../src/shared/parameters.ts';
import type { RunId, RunState } from '../../../src/shared/run.ts';
import { trainingEntry, type TrainingProgram } from '../../../src/main/runs/program.ts';
import { startAttached } from '../../../src/main/runs/start.ts';
import { trainingEnvironment } from '../../../src/main/runtime/environment.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { ganMlp } from '../../../src/main/training/recipes/gan-mlp.ts';
import { describeNative } from '../training/backends/native.ts';
import { openWorkplace, stateOf } from './program.ts';

const HAS_LIMITS = process.platform === 'linux' && spawnSync('bash', ['-c', 'ulimit -v']).status === 0;
const LARGE = 4096;

let home: string;
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'saddle-shortage-'))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Every process of it may take so many KiB of addresses. */
function limited(kibibytes: number, children: ChildProcess[] = []): TrainingProgram {
  const withLimit = (node: string, args: readonly string[], options: object): ChildProcess => {
    const child = spawn('bash', ['-c', `ulimit -v ${kibibytes}; exec "$@"`, '--', node, ...args], options);
    children.push(child);
    return child;
  };
  return {
    node: process.execPath,
    entry: trainingEntry(pathToFileURL(join(import.meta.dirname, '../../../src/main/electron.ts')).href),
    environment: () => ({ ...process.env, SADDLE_HOME: home, ...trainingEnvironment({ threads: 1 }) }),
    spawn: withLimit as typeof spawn,
  };
}

let made = 0;
function createTraining(batchSize: number): string {
  const id = `20261121-084630-${String(made++).padStart(4, '0')}` as RunId;
  const folder = join(home, id);
  const parameters = resolveParameters(ganMlp.parameters, ganMlp.presets, 'paper', { batchSize });
  const spec = { recipe: 'gan-mlp', preset: 'paper', parameters, data: 'glyphs', seed: 1, steps: 2 } as const;
  const run = { id, name: id, referenceLines: [], networks: [], createdMs: Date.now() };
  createRun(folder, { ...run, spec: { ...spec, backend: 'tensorflow' } });
  return folder;
}

/** Trains and gives the state it ended in, and the most addresses that its process took, in KiB. */
async function train(batchSize: number, limit: number): Promise<{ state: RunState; peak: number }> {
  const folder = createTraining(batchSize);
  const children: ChildProcess[] = [];
  const training = startAttached(limited(limit, children), folder);
  let peak = 0;
  const timer = setInterval(() => {
    const taken = /VmPeak:\s+(\d+)/.exec(readStatus(children[0]!.pid!))?.[1];
    peak = Math.max(peak, Number(taken ?? 0));
  }, 10);
  await training.ended;
  clearInterval(timer);
  return { state: stateOf(folder), peak };
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

describeNative('native TensorFlow without enough memory', () => {
  // Half a minute of two cores.
  it.runIf(HAS_LIMITS && process.env['SADDLE_TORTURE'])(
    'ends in a message that says so, and names a batch that was tried and fits',
    async () => {
      const enough = await train(32, 16_000_000);
      expect(enough.state.phase).toBe('finished');
      const { state } = await train(LARGE, enough.peak + 60_000);
      if (state.phase !== 'failed') throw new Error(JSON.stringify(state));
      expect(state.message).toMatch(/^Out of memory.* at step [012] with a batch of 4096: /);
      const fits = Number(/A batch of (\d+) fits: some steps of it were tried/.exec(state.message)?.[1]);
      expect(fits, state.message).toBeGreaterThanOrEqual(64);
      expect(fits).toBeLessThan(LARGE);
    },
    300_000,
  );
});

describe('a training process that dies', () => {
  it('of a signal from outside stays interrupted, with no word of memory', async () => {
    const place = openWorkplace();
    const entry = join(import.meta.dirname, '../../../src/main/store/writer.ts');
    const program = place.program(`
      const { openRunWriter } = await import(${JSON.stringify(pathToFileURL(entry).href)});
      const writer = openRunWriter(process.argv[3]);
      writer.phase('running', 1);
      process.kill(process.pid, 'SIGKILL');
    `);
    const folder = place.queueRun();
    await startAttached(program, folder).ended;
    expect(stateOf(folder).phase).toBe('interrupted');
    place.end();
  });
});
