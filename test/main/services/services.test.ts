// The services over real rooms: a real library, a real training process on Glyphs.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError, type AnyEvent } from '../../../src/shared/contract.ts';
import { BACKEND_IDS, isActive, type RunId } from '../../../src/shared/run.ts';
import { prepareRun, recordOf } from '../../../src/main/services/new-run.ts';
import { createServices } from '../../../src/main/services/services.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { NEW_RUN, openSaddle, recordRun, type Saddle } from '../hosts/saddle.ts';

/** Small enough for a step in milliseconds on plain JavaScript. */
const QUICK = {
  ...NEW_RUN,
  recipe: 'gan-mlp',
  preset: 'app',
  parameters: { batchSize: 8, sampleEvery: 2 },
  backend: 'cpu',
} as const;

let saddle: Saddle;
beforeEach(() => void (saddle = openSaddle()));
afterEach(async () => {
  for (const run of saddle.library.list()) if ('pid' in run.state) process.kill(run.state.pid, 'SIGKILL');
  await saddle.end();
});

const phaseOf = (runId: RunId) => saddle.library.reader(runId).summary().state.phase;
const stepOf = (runId: RunId) => saddle.library.reader(runId).summary().step;

describe('a run started from the window', () => {
  it('trains, and can be followed by cursor without a gap', async () => {
    const { services } = saddle;
    const { runId } = await services.startRun({ ...QUICK, steps: 5 });
    const seen = { cursor: 0, step: -1, steps: [] as number[], images: new Set<number>(), events: new Set<string>() };
    await expect
      .poll(
        async () => {
          const changes = await services.readChanges({ runId, cursor: seen.cursor, afterStep: seen.step });
          const loss = changes.points.find((points) => points.tag === 'loss/d');
          seen.steps.push(...(loss?.steps ?? []));
          seen.step = seen.steps.at(-1) ?? -1;
          changes.images.forEach((image) => seen.images.add(image.step));
          changes.events.forEach((event) => seen.events.add(event.kind));
          seen.cursor = changes.cursor;
          return changes.summary.state.phase;
        },
        { timeout: 50_000 },
      )
      .toBe('finished');
    const last = await services.readChanges({ runId, cursor: seen.cursor, afterStep: seen.step });
    expect([last.points, last.images, last.events]).toEqual([[], [], []]);
    const { summary, spec, networks } = await services.getRun({ runId });
    expect(summary).toMatchObject({
      name: 'gan-mlp on glyphs, seed 1',
      step: 5,
      steps: 5,
      state: { phase: 'finished' },
    });
    expect(spec).toMatchObject({ parameters: { batchSize: 8, sampleEvery: 2 }, data: 'glyphs', seed: 1 });
    expect(seen.steps).toEqual([...new Set(seen.steps)].sort((a, b) => a - b));
    expect(seen.steps).toHaveLength(5);
    expect(seen.events).toContain('finished');
    expect(seen.images.size).toBeGreaterThanOrEqual(2);
    expect(networks.map((network) => network.trainable)).toEqual(
      (await services.describeNetworks(QUICK)).map((network) => network.trainable),
    );
  });

  it('is paused, resumed and stopped', async () => {
    const { services } = saddle;
    const { runId } = await services.startRun({ ...QUICK, steps: 1_000_000 });
    await expect.poll(() => stepOf(runId), { timeout: 50_000 }).toBeGreaterThan(0);
    await services.pauseRun({ runId });
    await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('paused');
    await services.resumeRun({ runId });
    await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('running');
    await expect(Promise.resolve().then(() => services.deleteRun({ runId }))).rejects.toThrow(/[Ss]top it first/);
    await services.stopRun({ runId });
    await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('stopped');
    for (const order of ['pauseRun', 'stopRun'] as const) {
      expect(() => services[order]({ runId })).toThrow(UserError);
    }
  });

  it('goes on when Saddle closes, and is there when it opens again', async () => {
    const { runId } = await saddle.services.startRun({ ...QUICK, steps: 1_000_000 });
    await expect.poll(() => stepOf(runId), { timeout: 50_000 }).toBeGreaterThan(0);
    await saddle.close();
    const step = stepOf(runId);
    await expect.poll(() => stepOf(runId), { timeout: 20_000 }).toBeGreaterThan(step);
    const { library, folder, program } = saddle;
    const again = createServices({ library, dataHome: join(folder, 'data'), program, report: () => {} });
    await again.services.stopRun({ runId });
    await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('stopped');
    await again.close();
  });

  it('whose process cannot start fails, with the reason, and is an event', async () => {
    const heard: AnyEvent[] = [];
    saddle.subscribe((event) => heard.push(event));
    writeFileSync(join(saddle.folder, 'broken.mjs'), `throw new Error('this machine is broken')`);
    const { library, folder, program } = saddle;
    const open = createServices({
      library,
      dataHome: join(folder, 'data'),
      program: { ...program, entry: join(folder, 'broken.mjs') },
      report: () => {},
    });
    const { runId } = await open.services.startRun({ ...QUICK });
    await expect.poll(() => phaseOf(runId), { timeout: 20_000 }).toBe('failed');
    expect((await open.services.getRun({ runId })).summary.state).toMatchObject({
      message: expect.stringContaining('this machine is broken'),
    });
    expect(readFileSync(join(library.runFolder(runId), 'train.log'), 'utf8')).toContain('this machine is broken');
    await expect
      .poll(() => heard.some((e) => e.event === 'runs' && e.data.changed.some((run) => run.state.phase === 'failed')))
      .toBe(true);
    await open.close();
  });
});

describe('a run that a host made and did not live to start', () => {
  it('is marked as failed when Saddle opens the next time; one just made is left to its host', async () => {
    const { library, folder, program } = saddle;
    const prepared = prepareRun(QUICK, join(folder, 'data'));
    const old = '20260101-000000-aaaa' as RunId;
    createRun(join(library.folder, old), { ...recordOf(prepared), id: old, createdMs: Date.now() - 61_000 });
    const { id: young } = library.create(recordOf(prepared));
    const again = createServices({ library, dataHome: join(folder, 'data'), program, report: () => {} });
    await expect.poll(() => phaseOf(old)).toBe('failed');
    expect(phaseOf(young)).toBe('queued');
    await again.close();
  });
});

describe('a new run is refused, and nothing is made,', () => {
  it.each([
    ['of an unknown recipe', { recipe: 'stylegan' }, /toy, gan-mlp, basicgan, dcgan28/],
    ['of an unknown preset', { preset: 'mine' }, /^preset: expected one of/],
    ['with an unknown parameter', { parameters: { speed: 1 } }, /^speed: no such parameter/],
    ['with a parameter out of range', { parameters: { batchSize: 0 } }, /^batchSize: expected a whole number/],
    ['on unknown data', { data: 'imagenet' }, /imagenet/],
    ['on data that is not here', { data: 'mnist' }, /saddle data get mnist/],
  ])('%s', async (_what, change, message) => {
    const refused = () => Promise.resolve().then(() => saddle.services.startRun({ ...QUICK, ...change }));
    await expect(refused()).rejects.toBeInstanceOf(UserError);
    await expect(refused()).rejects.toThrow(message);
    await expect(Promise.resolve().then(() => saddle.services.estimateRun({ ...QUICK, ...change }))).rejects.toThrow(
      message,
    );
    expect(saddle.library.list()).toEqual([]);
  });
});

describe('an estimate', () => {
  it('comes from measured steps of the settings asked for', async () => {
    const estimate = await saddle.services.estimateRun({ ...QUICK, steps: 1000 });
    expect(estimate).toMatchObject({ backend: 'cpu' });
    expect(estimate.stepMs).toBeGreaterThan(0);
    expect(estimate.totalMs).toBeCloseTo(estimate.startMs + 1000 * estimate.stepMs, 3);
    expect(estimate.memoryBytes).toBeGreaterThan(50e6);
    expect(estimate.tensorBytes).toBeGreaterThan(1e6);
    expect(saddle.library.list()).toEqual([]);
  });

  it('is known afterwards for these settings, and for no others', async () => {
    const estimate = await saddle.services.estimateRun({ ...QUICK, steps: 1000 });
    const known = (change: object) => saddle.services.knownEstimates({ ...QUICK, ...change });
    expect(await known({ steps: 1000, seed: 5, name: 'other', backend: 'auto' })).toContainEqual(estimate);
    const [longer] = await known({ steps: 2000 });
    expect(longer!.totalMs).toBeCloseTo(estimate.startMs + 2000 * estimate.stepMs, 3);
    expect(await known({ parameters: { ...QUICK.parameters, batchSize: 9 } })).toEqual([]);
  });
});

describe('the words of the user', () => {
  it('rename and delete a run, with an event for every window', async () => {
    const runId = recordRun(saddle);
    const heard: string[] = [];
    saddle.subscribe((event) => {
      if (event.event !== 'runs') return;
      heard.push(...event.data.changed.map((run) => run.name), ...event.data.removed.map((id) => `${id} is gone`));
    });
    await saddle.services.renameRun({ runId, name: 'better' });
    await expect.poll(() => heard).toContain('better');
    await saddle.services.deleteRun({ runId });
    await expect.poll(() => heard).toContain(`${runId} is gone`);
    expect(await saddle.services.listRuns({})).toEqual([]);
  });
});

describe('what the window shows besides runs', () => {
  it('the recipes with their tables, the data sets with their state, the app', async () => {
    const recipes = await saddle.services.listRecipes({});
    expect(recipes.map(({ id, presets }) => [id, presets.map((preset) => preset.id)])).toEqual(
      expect.arrayContaining([
        ['dcgan28', expect.arrayContaining(['app', 'post', 'small'])],
        ['gan-mlp', expect.arrayContaining(['app'])],
      ]),
    );
    expect(JSON.parse(JSON.stringify(recipes))).toEqual(recipes);
    const data = await saddle.services.listData({});
    expect(data.map(({ id, state }) => [id, state.phase])).toEqual(
      expect.arrayContaining([
        ['mnist', 'absent'],
        ['glyphs', 'ready'],
      ]),
    );
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(await saddle.services.appInfo({})).toMatchObject({
      version: '0.1.0',
      home: saddle.folder,
      library: join(saddle.folder, 'runs'),
    });
  });

  it('the runtime, asked once until something is installed', async () => {
    const [first, second] = await Promise.all([saddle.services.runtimeStatus({}), saddle.services.runtimeStatus({})]);
    expect(second).toBe(first);
    expect(first.backends.map((backend) => backend.id)).toEqual([...BACKEND_IDS]);
    expect(first.backends.filter((backend) => backend.state === 'in use').map((backend) => backend.id)).toEqual([
      first.backend,
    ]);
  });
});

it('runs are active only while their process lives', async () => {
  const { runId } = await saddle.services.startRun({ ...QUICK, steps: 1_000_000 });
  await expect.poll(() => stepOf(runId), { timeout: 50_000 }).toBeGreaterThan(0);
  const { state } = saddle.library.reader(runId).summary();
  expect(isActive(state)).toBe(true);
  if ('pid' in state) process.kill(state.pid, 'SIGKILL');
  await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('interrupted');
});
