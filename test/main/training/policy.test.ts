// What is kept and what is told of checkpoints while a run really trains.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveParameters, type ParameterValues } from '../../../src/shared/parameters.ts';
import type { RunId, RunSpec } from '../../../src/shared/run.ts';
import { findDataSet } from '../../../src/main/datasets/list.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { starCheckpoint } from '../../../src/main/store/words.ts';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { ganMlp } from '../../../src/main/training/recipes/gan-mlp.ts';
import { createFolder, readFolder, trainFolder } from './run-folder.ts';

let library: Library;
beforeEach(() => (library = openLibrary(mkdtempSync(join(tmpdir(), 'saddle-policy-')))));
afterEach(() => {
  library.close();
  rmSync(library.folder, { recursive: true, force: true });
});

function specOf(changes: ParameterValues, steps: number): RunSpec {
  const settings = { batchSize: 4, checkpointEvery: 2, checkpointKeep: 1, ...changes };
  const parameters = resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', settings);
  return { recipe: 'gan-mlp', preset: 'app', parameters, data: 'glyphs', seed: 7, steps, backend: 'auto' };
}

async function trainOn(folder: string, startedBefore: boolean, steps?: number): Promise<void> {
  const { tf } = await openBackend('auto');
  const facts = findDataSet('glyphs');
  await trainFolder(folder, { tf, data: await facts.open(''), facts, startedBefore, ...(steps ? { steps } : {}) });
}

function read(folder: string) {
  const reader = openRunReader(folder);
  const { checkpoints, events } = reader.detail();
  const { steps, values } = [...reader.allPoints('loss/g')][0]!;
  reader.close();
  return { checkpoints, events, lossAt: (step: number) => values[steps.indexOf(step)]! };
}

it('the starred one and the best by the chosen scalar outlive the policy, and periodic ones are no events', async () => {
  const folder = createFolder(library.folder, specOf({ checkpointBestBy: 'loss/g' }, 12));
  await trainOn(folder, false, 5);
  starCheckpoint(folder, 5, true);
  await trainOn(folder, true);
  const { checkpoints, events, lossAt } = read(folder);
  const taken = [2, 4, 5, 6, 8, 10, 12];
  const best = taken.toSorted((one, other) => lossAt(one) - lossAt(other))[0]!;
  expect(checkpoints.map(({ step }) => step)).toEqual([...new Set([5, best, 12])].sort((a, b) => a - b));
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual(checkpoints.map(({ file }) => basename(file)));
  const told = events.filter(({ kind }) => kind === 'checkpoint').map(({ step, message }) => [step, message]);
  expect(told).toEqual([
    [5, 'stopped: checkpoints/step-00000005.safetensors'],
    [12, 'finished: checkpoints/step-00000012.safetensors'],
  ]);
});

it('a fork trains on from a checkpoint that its parent has removed, as if it were still there', async () => {
  const parent = createFolder(library.folder, specOf({ checkpointKeep: 9 }, 4));
  await trainOn(parent, false);
  const fork = (): string => {
    const spec = { ...specOf({ checkpointKeep: 9 }, 6), parent: { runId: basename(parent) as RunId, step: 2 } };
    return library.create({ name: 'fork', spec, networks: [], referenceLines: [] }).folder;
  };
  const [early, late] = [fork(), fork()];
  await trainOn(early, false);
  rmSync(parent, { recursive: true });
  await trainOn(late, false);
  const found = await readFolder(late);
  expect(found.equal).toEqual((await readFolder(early)).equal);
  expect(found.checkpoints.map(({ step }) => step)).toEqual([2, 4, 6]);
});
