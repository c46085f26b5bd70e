// The promise of a resume: N steps, an end, a new process' worth of objects, and on to M is the same as M steps at a
// stroke, bit for bit, for every recipe and preset. Kills of real processes are in test/main/train.test.ts.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveParameters, type ParameterValues } from '../../../src/shared/parameters.ts';
import type { RunId, RunSpec } from '../../../src/shared/run.ts';
import { findDataSet } from '../../../src/main/datasets/list.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import type { Outcome } from '../../../src/main/training/loop.ts';
import { findRecipe, recipes } from '../../../src/main/training/recipes/list.ts';
import type { TensorFlow } from '../../../src/main/training/recipes/recipe.ts';
import { openTiny, tinyValues } from './recipes/tiny.ts';
import { createFolder, readFolder, trainFolder } from './run-folder.ts';

let tf: TensorFlow;
const library = mkdtempSync(join(tmpdir(), 'saddle-resume-'));
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});
afterAll(() => rmSync(library, { recursive: true, force: true }));

const N = 3;
const M = 5;

function specOf(recipeId: string, preset: string, changes: ParameterValues = {}): RunSpec {
  const recipe = findRecipe(recipeId);
  const cadence = { batchSize: 4, sampleEvery: 2, checkpointEvery: 2, checkpointKeep: 9 };
  const values = { ...tinyValues(recipeId), ...cadence, ...changes };
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, values);
  return { recipe: recipeId, preset, parameters, data: dataOf(recipeId), seed: 7, steps: M, backend: 'auto' };
}

const dataOf = (recipe: string): string => (findRecipe(recipe).takes === 'points' ? 'ring' : 'glyphs');

/** As a training process does: from where the run stands, to its end or until `steps` more were taken. */
async function trainOn(folder: string, startedBefore: boolean, steps = Infinity): Promise<Outcome> {
  const reader = openRunReader(folder);
  const { spec } = reader.detail();
  reader.close();
  const data = await openTiny(spec);
  return trainFolder(folder, { tf, data, facts: findDataSet(spec.data), startedBefore, steps });
}
const newRun = (spec: RunSpec): string => createFolder(library, spec);
const read = readFolder;

const everyPreset = recipes.flatMap(({ id, presets }) => presets.map((preset) => [id, preset.id] as const));

describe('a resume', () => {
  it.each(everyPreset)(
    'of %s, preset %s, equals a run at a stroke, bit for bit',
    { timeout: 120_000 },
    async (id, preset) => {
      const stroke = newRun(specOf(id, preset));
      await trainOn(stroke, false);
      const resumed = newRun(specOf(id, preset));
      expect(await trainOn(resumed, false, N)).toEqual({ phase: 'stopped', step: N });
      expect(await trainOn(resumed, true)).toEqual({ phase: 'finished', step: M });
      expect((await read(resumed)).equal).toEqual((await read(stroke)).equal);
    },
  );

  it('goes behind a damaged checkpoint to the one before, takes back what came after, and says so', async () => {
    const spec = specOf('gan-mlp', 'app');
    const stroke = newRun(spec);
    await trainOn(stroke, false);
    const folder = newRun(spec);
    await trainOn(folder, false, N);
    truncateSync(join(folder, 'checkpoints', 'step-00000003.safetensors'), 1000);
    await trainOn(folder, true);
    const { equal, events } = await read(folder);
    expect(equal).toEqual((await read(stroke)).equal);
    const notes = events.filter(({ kind }) => kind === 'note').map(({ message }) => message);
    expect(notes.at(-1)).toMatch(
      /^Went on from step 2, the newest that is whole\. .*step-00000003\.safetensors: expected a checkpoint/,
    );
    expect(events.find(({ kind }) => kind === 'resumed')).toMatchObject({ step: 2 });
  });

  it('with no checkpoint that can be read fails with a sentence', async () => {
    const folder = newRun(specOf('gan-mlp', 'app'));
    await trainOn(folder, false, N);
    for (const name of readdirSync(join(folder, 'checkpoints'))) {
      const file = join(folder, 'checkpoints', name);
      writeFileSync(file, readFileSync(file).fill(7, 2000, 3000));
    }
    await expect(trainOn(folder, true)).rejects.toThrow(/^This run cannot go on: none of its checkpoints can be read/);
  });

  it('of a run that has no checkpoint yet starts it again, and removes files without a row', async () => {
    const spec = specOf('gan-mlp', 'app');
    const stroke = newRun(spec);
    await trainOn(stroke, false);
    const folder = newRun(spec);
    await trainOn(folder, false, 1);
    const writer = openRunWriter(folder);
    writer.dropCheckpoint(1);
    writer.close();
    writeFileSync(join(folder, 'checkpoints', 'step-00000009.safetensors.part'), 'half');
    await trainOn(folder, true);
    expect((await read(folder)).equal).toEqual((await read(stroke)).equal);
    expect(readdirSync(join(folder, 'checkpoints')).toSorted()).toEqual(
      [2, 4, 5].map((step) => `step-0000000${step}.safetensors`),
    );
  });
});

describe('a fork', () => {
  it('with nothing changed goes on as its parent did, from a checkpoint of its own', async () => {
    const parent = newRun(specOf('dcgan28', 'small'));
    await trainOn(parent, false);
    const runId = parent.split(/[\\/]/).at(-1) as RunId;
    const fork = newRun({ ...specOf('dcgan28', 'small'), parent: { runId, step: 2 } });
    await trainOn(fork, false);
    const [had, has] = [await read(parent), await read(fork)];
    expect(has.equal.tensors).toEqual(had.equal.tensors);
    expect(has.equal.state).toEqual(had.equal.state);
    expect(has.checkpoints[0]).toMatchObject({
      step: 2,
      sha256: had.checkpoints[0]!.sha256,
      reason: `forked from ${runId}`,
    });
    const reader = openRunReader(fork);
    expect([...[...reader.allPoints('loss/d')][0]!.steps]).toEqual([3, 4, 5]);
    expect(reader.images('samples/fixed').map(({ step }) => step)).toEqual([2, 4, 5]);
    reader.close();
  });

  it('with another seed draws anew but shows the same latents; with other layers or no such step fails with a sentence', async () => {
    const parent = newRun(specOf('gan-mlp', 'app'));
    await trainOn(parent, false);
    const runId = parent.split(/[\\/]/).at(-1) as RunId;
    const other = newRun({ ...specOf('gan-mlp', 'app'), seed: 8, parent: { runId, step: 4 } });
    await trainOn(other, false);
    const grids = (folder: string, tag: string) => {
      const reader = openRunReader(folder);
      const found = reader.images(tag).find(({ step }) => step === 4)!;
      const png = Buffer.from(reader.imageBytes(found.id)!.png);
      reader.close();
      return { latents: found.latents, png };
    };
    expect(grids(other, 'samples/fixed')).toEqual(grids(parent, 'samples/fixed'));
    expect((await read(other)).equal.sha256).not.toBe((await read(parent)).equal.sha256);

    const wide = newRun({ ...specOf('gan-mlp', 'app', { generatorUnits: 50 }), parent: { runId, step: 4 } });
    expect(await trainOn(wide, false)).toMatchObject({
      phase: 'failed',
      message: expect.stringMatching(/keeps the layers/),
    });
    const nowhere = newRun({ ...specOf('gan-mlp', 'app'), parent: { runId, step: 3 } });
    await expect(trainOn(nowhere, false)).rejects.toThrow(/no checkpoint at step 3 to fork from; it has 2, 4, 5/);
    expect(existsSync(join(nowhere, 'checkpoints'))).toBe(false);
  });
});

describe('checkpoints', () => {
  it('are thrown away by the policy, row and file', async () => {
    const spec = specOf('gan-mlp', 'app', { checkpointEvery: 1, checkpointKeep: 2 });
    const folder = newRun(spec);
    await trainOn(folder, false);
    const { checkpoints } = await read(folder);
    expect(checkpoints.map(({ step }) => step)).toEqual([4, 5]);
    expect(checkpoints[0]!.measures).toHaveProperty('loss/g');
    expect(readdirSync(join(folder, 'checkpoints'))).toHaveLength(2);
  });
});
