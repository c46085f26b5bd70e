// The training entry as a real child process: verbs, exit codes, signals, and a parent that goes away.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveParameters } from '../../src/shared/parameters.ts';
import type { RunId, RunSpec } from '../../src/shared/run.ts';
import { createRun } from '../../src/main/store/create.ts';
import { openRunReader } from '../../src/main/store/reader.ts';
import { ganMlp } from '../../src/main/training/recipes/gan-mlp.ts';

const ENTRY = fileURLToPath(new URL('../../src/main/train.ts', import.meta.url));
const ID = '20261121-084630-k3x9' as RunId;
let home: string;
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle-train-'));
  folder = join(home, ID);
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const parameters = resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', { batchSize: 16 });
const specOf = (changes: Partial<RunSpec>): RunSpec => ({
  recipe: 'gan-mlp',
  preset: 'app',
  parameters,
  data: 'glyphs',
  seed: 1,
  steps: 5,
  backend: 'auto',
  ...changes,
});
const create = (changes: Partial<RunSpec>) =>
  createRun(folder, {
    id: ID,
    name: 'train',
    spec: specOf(changes),
    referenceLines: [],
    networks: [],
    createdMs: Date.now(),
  });

function start(order: readonly string[], stdio: 'pipe' | 'ipc' = 'pipe') {
  const env = { ...process.env, SADDLE_HOME: home };
  const child = spawn(process.execPath, [ENTRY, ...order], {
    env,
    stdio: ['pipe', 'pipe', 'pipe', ...(stdio === 'ipc' ? (['ipc'] as const) : [])],
  });
  children.push(child);
  let output = '';
  const messages: unknown[] = [];
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.on('message', (message) => messages.push(message));
  // `close` does not come to a parent that ended the channel itself.
  const ended = new Promise<number | null>((resolve) => child.once(stdio === 'ipc' ? 'exit' : 'close', resolve));
  return { child, messages, ended, lastLine: () => JSON.parse(output.trim().split('\n').at(-1)!) };
}
function summary() {
  const reader = openRunReader(folder);
  try {
    return { ...reader.summary(), checkpoints: reader.detail().checkpoints };
  } finally {
    reader.close();
  }
}
const waitForStep = async (step: number) => {
  while (summary().step < step) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe('train run', () => {
  it('trains to the end, tells its parent, and exits with 0', async () => {
    create({ steps: 5 });
    const { child, ended, messages } = start(['run', folder], 'ipc');
    expect(await ended).toBe(0);
    expect(messages).toEqual([
      { type: 'started', runId: ID, pid: child.pid },
      { type: 'ended', runId: ID, phase: 'finished', step: 5 },
    ]);
    expect(summary()).toMatchObject({ state: { phase: 'finished' }, step: 5 });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s keeps a checkpoint, is stopped, and exits with 0', async (signal) => {
    create({ steps: 1_000_000 });
    const { child, ended } = start(['run', folder]);
    await waitForStep(3);
    child.kill(signal);
    expect(await ended).toBe(0);
    const { state, step, checkpoints } = summary();
    expect(state).toEqual({ phase: 'stopped' });
    expect(checkpoints.at(-1)).toMatchObject({ step, reason: 'stopped' });
  });

  it('stops with a checkpoint when the parent it is attached to is gone', async () => {
    create({ steps: 1_000_000 });
    const { child, ended } = start(['run', folder], 'ipc');
    await waitForStep(3);
    child.disconnect();
    expect(await ended).toBe(0);
    expect(summary()).toMatchObject({ state: { phase: 'stopped' } });
  });

  it('killed at once loses nothing that was committed, and reads interrupted', async () => {
    create({ steps: 1_000_000 });
    const { child, ended } = start(['run', folder]);
    await waitForStep(3);
    child.kill('SIGKILL');
    await ended;
    const { state, step } = summary();
    expect(state).toEqual({ phase: 'interrupted' });
    expect(step).toBeGreaterThanOrEqual(3);
  });

  it('with data that is broken fails with the sentence, in the run file and to its parent, and exits with 1', async () => {
    create({ data: 'mnist' });
    mkdirSync(join(home, 'data', 'mnist'), { recursive: true });
    writeFileSync(join(home, 'data', 'mnist', 'train-images-idx3-ubyte'), 'no');
    const { ended, messages } = start(['run', folder], 'ipc');
    expect(await ended).toBe(1);
    const { state } = summary();
    expect(state.phase).toBe('failed');
    expect(state.phase === 'failed' && state.message).toMatch(/^train-images-idx3-ubyte: expected/);
    expect(messages.at(-1)).toMatchObject({ type: 'ended', phase: 'failed', step: 0 });
  });
});

describe('train estimate and train probe', () => {
  it('an estimate is one line: time of a step, time to start, memory', async () => {
    const { child, ended, lastLine } = start(['estimate']);
    child.stdin!.end(JSON.stringify(specOf({ steps: 1000 })));
    expect(await ended).toBe(0);
    const { type, estimate } = lastLine();
    expect(type).toBe('estimate');
    expect(estimate.measuredSteps).toBeGreaterThan(0);
    expect(estimate.stepMs).toBeGreaterThan(0);
    expect(estimate.memoryBytes).toBeGreaterThan(50e6);
    expect(estimate.totalMs).toBeCloseTo(estimate.startMs + 1000 * estimate.stepMs, 3);
  });

  it('an estimate of what cannot run answers with the sentence', async () => {
    const { child, ended, lastLine } = start(['estimate']);
    child.stdin!.end(JSON.stringify(specOf({ recipe: 'nonesuch' })));
    expect(await ended).toBe(1);
    expect(lastLine()).toEqual({
      type: 'error',
      message: 'recipe: expected one of dcgan28, gan-mlp, found "nonesuch"',
    });
  });

  it('a probe says what the backend is', async () => {
    const { ended, lastLine } = start(['probe', 'cpu']);
    expect(await ended).toBe(0);
    expect(lastLine()).toMatchObject({ type: 'probe', probe: { backend: 'cpu', threads: 1 } });
  });

  it('anything else is refused with the usage', async () => {
    const { ended, lastLine } = start(['dance']);
    expect(await ended).toBe(1);
    expect(lastLine().message).toMatch(/^usage: /);
  });
});
