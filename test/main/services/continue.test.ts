// Resume, fork and the user's words through the services: a real library, real training processes on Glyphs.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { NEW_RUN, openSaddle, recordRun, type Saddle } from '../hosts/saddle.ts';

const QUICK = {
  ...NEW_RUN,
  recipe: 'gan-mlp',
  preset: 'app',
  parameters: { batchSize: 8, sampleEvery: 2, checkpointEvery: 5 },
  backend: 'cpu',
} as const;

let saddle: Saddle;
beforeEach(() => void (saddle = openSaddle()));
afterEach(async () => {
  for (const run of saddle.library.list()) if ('pid' in run.state) process.kill(run.state.pid, 'SIGKILL');
  await saddle.end();
});

const summaryOf = (runId: RunId) => saddle.library.reader(runId).summary();
const phaseOf = (runId: RunId) => summaryOf(runId).state.phase;
const stepsOf = (runId: RunId): number[] => {
  const { points } = saddle.library.reader(runId).newPoints(-1, 4000);
  return [...(points.find(({ tag }) => tag === 'loss/d')?.steps ?? [])];
};
const refusal = (call: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(call)
    .then(
      () => expect.fail('was not refused'),
      (problem: unknown) => problem,
    );

/** Killed without warning after step 12, when the checkpoint of step 5 is on the disk (they are written beside the training). */
async function interrupted(): Promise<RunId> {
  const { runId } = await saddle.services.startRun({ ...QUICK, steps: 100_000 });
  await expect.poll(() => summaryOf(runId).step, { timeout: 50_000 }).toBeGreaterThan(12);
  await expect.poll(() => saddle.library.reader(runId).detail().checkpoints.length).toBeGreaterThan(0);
  const { state } = summaryOf(runId);
  if ('pid' in state) process.kill(state.pid, 'SIGKILL');
  await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('interrupted');
  return runId;
}

describe('a run whose process was killed', () => {
  it('is resumed as the same run from its newest checkpoint, and goes on past where it was', async () => {
    const runId = await interrupted();
    const lastStep = summaryOf(runId).step;
    await saddle.services.resumeRun({ runId });
    expect(['starting', 'running']).toContain(phaseOf(runId));
    await expect.poll(() => summaryOf(runId).step, { timeout: 50_000 }).toBeGreaterThan(lastStep + 5);
    const steps = stepsOf(runId);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.length).toBe(steps.at(-1)! - steps[0]! + 1);
    expect(await refusal(() => saddle.services.resumeRun({ runId }))).toMatchObject({
      message: expect.stringMatching(/is (running|starting): there is nothing to resume/),
    });
    await saddle.services.stopRun({ runId });
    await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('stopped');
    expect(saddle.library.list()).toHaveLength(1);
  });

  it('is forked with a changed setting: a new run that names its parent and leaves it as it was', async () => {
    const runId = await interrupted();
    const before = saddle.library.reader(runId).detail();
    const { step } = before.checkpoints[0]!;
    const parameters = { generatorLearningRate: 0.05 };
    const fork = { runId, step, parameters, steps: step + 4, name: '' };
    const { runId: child } = await saddle.services.forkRun(fork);
    await expect.poll(() => phaseOf(child), { timeout: 50_000 }).toBe('finished');
    const { summary, spec } = saddle.library.reader(child).detail();
    expect(summary).toMatchObject({ parent: { runId, step }, step: step + 4, seed: 1 });
    expect(summary.name).toBe(`gan-mlp on glyphs, seed 1, from step ${step}`);
    expect(spec.parameters).toEqual({ ...before.spec.parameters, ...parameters });
    // A scalar's step is that of the update it came from: the first one after the checkpoint.
    expect(stepsOf(child)).toEqual([1, 2, 3, 4].map((after) => step + after));
    expect(saddle.library.reader(runId).detail()).toEqual(before);
    expect(await refusal(() => saddle.services.resumeRun({ runId: child }))).toMatchObject({
      message: expect.stringContaining('is finished'),
    });
  });

  it('is not forked from a step without a checkpoint, backwards, out of range, or with other layers', async () => {
    const runId = await interrupted();
    const { step } = saddle.library.reader(runId).detail().checkpoints[0]!;
    const fork = { runId, step, parameters: {}, steps: 100, name: '' };
    const cases = [
      [{ step: step + 1 }, /has no checkpoint at step 6\. It has one at: 5/],
      [{ steps: step }, /^steps: expected more than 5/],
      [{ parameters: { batchSize: 0 } }, /^batchSize: expected/],
      [{ parameters: { generatorUnits: 64 } }, /^generator: these settings make other layers/],
    ] as const;
    for (const [change, message] of cases) {
      const problem = await refusal(() => saddle.services.forkRun({ ...fork, ...change }));
      expect(problem).toBeInstanceOf(UserError);
      expect((problem as Error).message).toMatch(message);
    }
    expect(saddle.library.list()).toHaveLength(1);
  });
});

it('a run without a checkpoint yet starts again from step 0; one that is finished is refused with a sentence', async () => {
  const recorded = recordRun(saddle);
  expect(await refusal(() => saddle.services.resumeRun({ runId: recorded }))).toBeInstanceOf(UserError);
  const { runId } = await saddle.services.startRun({
    ...QUICK,
    parameters: { ...QUICK.parameters, checkpointEvery: 100_000 },
    steps: 100_000,
  });
  await expect.poll(() => summaryOf(runId).step, { timeout: 50_000 }).toBeGreaterThan(0);
  const { state } = summaryOf(runId);
  if ('pid' in state) process.kill(state.pid, 'SIGKILL');
  await expect.poll(() => phaseOf(runId), { timeout: 10_000 }).toBe('interrupted');
  await saddle.services.resumeRun({ runId });
  await expect.poll(() => phaseOf(runId), { timeout: 50_000 }).toBe('running');
  const notes = saddle.library
    .reader(runId)
    .detail()
    .events.filter((event) => event.kind === 'note');
  expect(notes.at(-1)?.message).toMatch(/Went back to step 0/);
  saddle.library.command(runId, 'stop');
  await expect.poll(() => phaseOf(runId), { timeout: 50_000 }).toBe('stopped');
});

describe('the words of the user', () => {
  it('tags, notes, star and archive stay; what is not said stays as it was', async () => {
    const runId = recordRun(saddle);
    await saddle.services.setRunWords({ runId, tags: ['baseline'], notes: '# why', starred: true });
    await saddle.services.setRunWords({ runId, archived: true });
    const { summary, notes } = await saddle.services.getRun({ runId });
    expect([summary.tags, summary.starred, summary.archived, notes]).toEqual([['baseline'], true, true, '# why']);
  });

  it('a deleted run comes back as it was, and the size of the library follows', async () => {
    const runId = recordRun(saddle);
    const before = saddle.library.reader(runId).detail();
    expect(await saddle.services.librarySize({})).toMatchObject({ runs: 1, bytes: before.summary.sizeBytes });
    await saddle.services.deleteRun({ runId });
    expect(await saddle.services.librarySize({})).toEqual({ runs: 0, bytes: 0 });
    await saddle.services.restoreRun({ runId });
    expect(saddle.library.reader(runId).detail()).toEqual(before);
    expect(await refusal(() => saddle.services.restoreRun({ runId }))).toBeInstanceOf(UserError);
  });

  it('thin the images of a run that is over', async () => {
    const { runId } = await saddle.services.startRun({ ...QUICK, steps: 8 });
    await expect.poll(() => phaseOf(runId), { timeout: 50_000 }).toBe('finished');
    const steps = () =>
      saddle.library
        .reader(runId)
        .images('samples/fixed')
        .map((row) => row.step);
    expect(steps()).toEqual([0, 2, 4, 6, 8]);
    const thinned = await saddle.services.thinImages({ runId, olderThanStep: 7, every: 2 });
    expect(thinned.images).toBeGreaterThanOrEqual(2);
    expect(thinned.bytes).toBeGreaterThan(0);
    expect(steps()).toEqual([0, 4, 8]);
  });

  it('a starred checkpoint is marked; a step without one is refused', async () => {
    const { runId } = await saddle.services.startRun({ ...QUICK, steps: 6 });
    await expect.poll(() => phaseOf(runId), { timeout: 50_000 }).toBe('finished');
    const { step } = saddle.library.reader(runId).detail().checkpoints[0]!;
    await saddle.services.starCheckpoint({ runId, step, starred: true });
    expect(saddle.library.reader(runId).detail().checkpoints[0]).toMatchObject({ step, starred: true });
    expect(await refusal(() => saddle.services.starCheckpoint({ runId, step: 999, starred: true }))).toBeInstanceOf(
      UserError,
    );
  });
});
