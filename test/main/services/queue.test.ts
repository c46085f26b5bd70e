// The queue over the real services: what goes in is checked at the door, what comes out trains on Glyphs.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError, type AnyEvent } from '../../../src/shared/contract.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { NEW_RUN, openSaddle, recordRun, type Saddle } from '../hosts/saddle.ts';

const QUICK = {
  ...NEW_RUN,
  recipe: 'gan-mlp',
  preset: 'app',
  parameters: { batchSize: 16, sampleEvery: 2, checkpointEvery: 2 },
  backend: 'cpu',
  steps: 4,
} as const;

let saddle: Saddle;
beforeEach(() => void (saddle = openSaddle()));
afterEach(async () => {
  for (const run of saddle.library.list()) if ('pid' in run.state) process.kill(run.state.pid, 'SIGKILL');
  await saddle.end();
});

const soon = { timeout: 50_000, interval: 100 };
const entries = async () => (await saddle.services.readQueue({})).entries;
const refusal = async (work: () => unknown): Promise<Error> => {
  const problem: unknown = await Promise.resolve()
    .then(work)
    .catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(UserError);
  return problem as Error;
};

describe('runs in the queue', () => {
  it('train one at a time, in order, with all settings as they were when they went in', async () => {
    const atOnce: number[] = [];
    saddle.subscribe((event: AnyEvent) => {
      if (event.event !== 'runs') return;
      atOnce.push(saddle.library.list().filter(({ state }) => 'pid' in state).length);
    });
    const runs = [1, 2, 3].map((seed) => ({ ...QUICK, seed, name: `seed ${seed}` }));
    const ids = await saddle.services.addToQueue({ runs, tags: ['seeds'] });
    expect(ids).toHaveLength(3);
    await expect
      .poll(
        () =>
          saddle.library
            .list()
            .map(({ name, state, tags }) => [name, state.phase, ...tags])
            .sort(),
        soon,
      )
      .toEqual([1, 2, 3].map((seed) => [`seed ${seed}`, 'finished', 'seeds']));
    expect(Math.max(...atOnce)).toBe(1);
    const inTurn = saddle.library.list().sort((one, other) => one.startedMs! - other.startedMs!);
    expect(inTurn.map(({ seed, step }) => [seed, step])).toEqual([1, 2, 3].map((seed) => [seed, 4]));
    expect(inTurn[0]!.parameters).toMatchObject({ batchSize: 16, latentSize: expect.any(Number) });
    expect(saddle.problems).toEqual([]);
  });

  it('go in all or none', async () => {
    const runs = [QUICK, { ...QUICK, parameters: { batchSize: 0 } }];
    expect((await refusal(() => saddle.services.addToQueue({ runs, tags: [] }))).message).toMatch(
      /^batchSize: expected/,
    );
    expect(await entries()).toEqual([]);
  });

  it('whose data or parent has gone stay with a sentence', async () => {
    const parent = await finished();
    await saddle.services.setQueue({ paused: true });
    const fork = { runId: parent, step: 4, parameters: {}, steps: 6, name: 'the fork' };
    expect(
      (await refusal(() => saddle.services.addToQueue({ runs: [{ ...fork, step: 3 }], tags: [] }))).message,
    ).toMatch(/^step: .* has no checkpoint at step 3/);
    await saddle.services.addToQueue({ runs: [fork, { ...fork, name: 'the late fork' }], tags: [] });
    await saddle.services.setQueue({ paused: false });
    await expect.poll(async () => (await entries()).length, soon).toBe(1);
    await saddle.services.setQueue({ paused: true });
    const made = () => saddle.library.list().find(({ name }) => name === 'the fork');
    await expect.poll(() => made()?.state.phase, soon).toBe('finished');
    expect(made()!.parent).toEqual({ runId: parent, step: 4 });
    rmSync(join(saddle.library.runFolder(parent)), { recursive: true });
    await saddle.services.setQueue({ paused: false });
    await expect.poll(async () => (await entries())[0]?.problem, soon).toContain(`There is no run ${parent}`);
    expect(saddle.problems).toEqual([]);
  });

  it('never hold back a run that the user starts', async () => {
    const runId = recordRun(saddle, 'recorded');
    const { runId: first } = await saddle.services.startRun({ ...QUICK, steps: 100_000 });
    await saddle.services.addToQueue({ runs: [QUICK], tags: [] });
    const { runId: second } = await saddle.services.startRun({ ...QUICK, seed: 2, steps: 100_000 });
    const phaseOf = (id: RunId) => saddle.library.reader(id).summary().state.phase;
    await expect.poll(() => [phaseOf(first), phaseOf(second)], soon).toEqual(['running', 'running']);
    expect([phaseOf(runId), (await entries()).length]).toEqual(['finished', 1]);
    for (const id of [first, second]) await saddle.services.stopRun({ runId: id });
    await expect.poll(entries, soon).toEqual([]);
  });
});

async function finished(): Promise<RunId> {
  const { runId } = await saddle.services.startRun(QUICK);
  await expect.poll(() => saddle.library.reader(runId).summary().state.phase, soon).toBe('finished');
  return runId;
}
