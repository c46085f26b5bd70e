// The training entry as a real child process: verbs, exit codes, signals, and a parent that goes away.

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveParameters } from '../../src/shared/parameters.ts';
import { isActive, type RunId, type RunSpec } from '../../src/shared/run.ts';
import { createRun } from '../../src/main/store/create.ts';
import { openRunReader } from '../../src/main/store/reader.ts';
import { sendCommand } from '../../src/main/store/words.ts';
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

/** SADDLE_TORTURE=200 for the whole torture. */
const KILLS = Number(process.env['SADDLE_TORTURE'] ?? 4);

function integrityOf(file: string): unknown {
  const db = new Database(join(folder, file), { readonly: true });
  try {
    return db.pragma('integrity_check', { simple: true });
  } finally {
    db.close();
  }
}

const HAS_LIMITS = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;

/** `limit`: greatest size of a file in KiB, until it is lifted. */
function start(order: readonly string[], stdio: 'pipe' | 'ipc' = 'pipe', limit?: number) {
  const env = { ...process.env, SADDLE_HOME: home };
  const command = [process.execPath, ENTRY, ...order];
  if (limit) command.unshift('bash', '-c', `ulimit -S -f ${limit}; exec "$@"`, '--');
  const child = spawn(command[0]!, command.slice(1), {
    env,
    stdio: ['pipe', 'pipe', 'pipe', ...(stdio === 'ipc' ? (['ipc'] as const) : [])],
  });
  children.push(child);
  let output = '';
  const messages: unknown[] = [];
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.on('message', (message) => messages.push(message));
  // `close` does not come to a parent that ended the channel itself.
  const ended = new Promise<number | null>((resolve) => child.once(stdio === 'ipc' ? 'exit' : 'close', resolve));
  return {
    child,
    messages,
    ended,
    errors: () => errors,
    lastLine: () => JSON.parse(output.trim().split('\n').at(-1)!),
  };
}
function summary() {
  const reader = openRunReader(folder);
  try {
    const { checkpoints, events } = reader.detail();
    return { ...reader.summary(), checkpoints, events };
  } finally {
    reader.close();
  }
}
/** What must be the same however often a run was interrupted. */
function evidence() {
  const reader = openRunReader(folder);
  try {
    const { scalarTags, imageTags, checkpoints } = reader.detail();
    const tags = scalarTags.filter((tag) => !/^(time|mem)\//.test(tag)).toSorted();
    const points = tags.map((tag) => {
      const blocks = [...reader.allPoints(tag)];
      return [tag, blocks.flatMap(({ steps }) => [...steps]), blocks.flatMap(({ values }) => [...values])];
    });
    const images = imageTags.flatMap((tag) =>
      reader.images(tag).map(({ id, step }) => [tag, step, Buffer.from(reader.imageBytes(id)!.png).toString('hex')]),
    );
    const kept = checkpoints.map(({ step, sha256 }) => [step, sha256, readdirSync(join(folder, 'checkpoints')).length]);
    return { points, images, kept };
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

  it(
    `killed with -9 ${KILLS} times at random goes on from its newest checkpoint, and ends as one that was never killed`,
    { timeout: 60_000 + KILLS * 15_000 },
    async () => {
      const settings = { batchSize: 16, sampleEvery: 7, checkpointEvery: 10, checkpointKeep: 2 };
      const steps = 30 + 12 * KILLS;
      const spec = { steps, parameters: resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', settings) };
      create(spec);
      await start(['run', folder]).ended;
      const stroke = evidence();
      rmSync(folder, { recursive: true });
      create(spec);
      for (let kill = 0; kill < KILLS && summary().state.phase !== 'finished'; kill++) {
        const kept = summary().checkpoints.at(-1)?.step ?? 0;
        const { child, ended } = start(['run', folder]);
        // One in four before it has begun; the others after up to 24 steps, so that some make no headway at all.
        const isEarly = kill % 4 === 3;
        if (!isEarly) await Promise.race([ended, waitForStep(Math.min(steps, kept + 1 + Math.random() * 24))]);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * (isEarly ? 1500 : 60)));
        child.kill('SIGKILL');
        await ended;
        for (const file of ['run.sqlite', 'images.sqlite']) expect(integrityOf(file)).toBe('ok');
      }
      expect(await start(['run', folder]).ended).toBe(0);
      expect(summary()).toMatchObject({ state: { phase: 'finished' }, step: steps });
      expect(evidence()).toEqual(stroke);
    },
  );

  it('paused and resumed twice in one process ends as one that never paused', async () => {
    const settings = { batchSize: 16, sampleEvery: 50, checkpointEvery: 10_000, checkpointKeep: 1 };
    const spec = { steps: 150, parameters: resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', settings) };
    create(spec);
    await start(['run', folder]).ended;
    const stroke = evidence();
    rmSync(folder, { recursive: true });
    create(spec);
    sendCommand(folder, 'pause');
    const { ended } = start(['run', folder]);
    const pausedAt = async (): Promise<number> => {
      while (summary().state.phase !== 'paused') await new Promise((resolve) => setTimeout(resolve, 20));
      return summary().step;
    };
    expect(await pausedAt()).toBe(0);
    sendCommand(folder, 'resume');
    await waitForStep(1);
    sendCommand(folder, 'pause');
    const step = await pausedAt();
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(150);
    expect(summary().checkpoints).toMatchObject([{ step, reason: 'paused' }]);
    sendCommand(folder, 'resume');
    expect(await ended).toBe(0);
    expect(evidence()).toEqual(stroke);
    const kinds = summary().events.map((event) => `${event.kind} ${event.step}`);
    // What is thought of its health is told elsewhere.
    expect(kinds.slice(2).filter((kind) => !/^(alert|note) /.test(kind))).toEqual(
      ['checkpoint 0', 'paused 0', 'resumed 0', `checkpoint ${step}`, `paused ${step}`, `resumed ${step}`].concat(
        'checkpoint 150',
        'finished 150',
      ),
    );
  });

  it.skipIf(!HAS_LIMITS)('that finds a full disk waits before it begins, and begins when there is room', async () => {
    create({ steps: 5 });
    const { child, ended, errors } = start(['run', folder], 'pipe', 1);
    await vi.waitUntil(() => errors().includes('Training begins when there is room'), { timeout: 20_000 });
    expect([child.exitCode, summary().state.phase]).toEqual([null, 'queued']);
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
    expect(await ended).toBe(0);
    expect(summary()).toMatchObject({ state: { phase: 'finished' }, step: 5 });
  });

  it.skipIf(!HAS_LIMITS).each([
    ['before it begins', 1, /Training begins when there is room/],
    ['in the middle', 160, /training waits until there is room/],
  ])('told to stop while it waits for room %s stops at once, and can be resumed', async (_when, kibibytes, waits) => {
    const settings = { batchSize: 16, sampleEvery: 5, checkpointEvery: 20 };
    const spec = { steps: 80, parameters: resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', settings) };
    create(spec);
    const { ended, errors } = start(['run', folder], 'pipe', kibibytes);
    await vi.waitUntil(() => waits.test(errors()), { timeout: 20_000 });
    sendCommand(folder, 'stop');
    const toldMs = performance.now();
    expect(await ended).toBe(1);
    expect(performance.now() - toldMs).toBeLessThan(5000);
    expect(isActive(summary().state)).toBe(false);
    const again = start(['run', folder]);
    // A queued run has been told to stop, and does.
    expect(await again.ended).toBe(0);
    expect(summary().state.phase).toBe(kibibytes === 1 ? 'stopped' : 'finished');
  });

  it('ends with a checkpoint after --max-minutes, and says why', async () => {
    create({ steps: 1_000_000 });
    expect(await start(['run', folder, '--max-minutes', '0.04']).ended).toBe(0);
    const { state, step, checkpoints, events } = summary();
    expect(state).toEqual({ phase: 'stopped' });
    expect(checkpoints.at(-1)).toMatchObject({ step, reason: 'stopped' });
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', message: expect.stringMatching(/0\.04 minutes/) });
  });

  // A limit on the size of files that is lifted later: the nearest to a full disk without privileges.
  it.skipIf(!HAS_LIMITS).each([
    ['a checkpoint', 1024],
    ['the numbers and grids', 160],
  ])(
    'waits while there is no room for %s, loses nothing, and goes on when there is',
    { timeout: 60_000 },
    async (_what, kibibytes) => {
      const settings = { batchSize: 16, sampleEvery: 5, checkpointEvery: 20 };
      const spec = { steps: 80, parameters: resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', settings) };
      create(spec);
      await start(['run', folder]).ended;
      const stroke = evidence();
      rmSync(folder, { recursive: true });
      create(spec);
      const { child, ended } = start(['run', folder], 'pipe', kibibytes);
      while (summary().startedMs === null) await new Promise((resolve) => setTimeout(resolve, 50));
      // Unhindered it would be over long before.
      await new Promise((resolve) => setTimeout(resolve, 7000));
      expect(child.exitCode).toBeNull();
      expect(summary().checkpoints).toEqual([]);
      expect(existsSync(join(folder, 'checkpoints')) ? readdirSync(join(folder, 'checkpoints')) : []).toEqual([]);
      execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
      expect(await ended).toBe(0);
      expect(evidence()).toEqual(stroke);
      expect(
        summary()
          .events.map(({ message }) => message)
          .join('\n'),
      ).toMatch(/There is room on the disk again: training waited \d+ s/);
    },
  );

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
      message: expect.stringMatching(/^recipe: expected one of .*gan-mlp.*, found "nonesuch"$/),
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
