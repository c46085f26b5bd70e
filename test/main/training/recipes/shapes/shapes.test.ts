// What CycleGAN and StackGAN will need of the recipe type, carried by two tiny recipes through the real preparation,
// loop, store and checkpoints: two domains, pools, rows of pictures, captions, stages, and an exact resume of all.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSetFacts } from '../../../../../src/shared/contract.ts';
import { resolveParameters } from '../../../../../src/shared/parameters.ts';
import type { RunSpec } from '../../../../../src/shared/run.ts';
import type { OpenDataSet } from '../../../../../src/main/datasets/dataset.ts';
import { openRunReader } from '../../../../../src/main/store/reader.ts';
import { openBackend } from '../../../../../src/main/training/backends/list.ts';
import { readCheckpoint } from '../../../../../src/main/training/checkpoint.ts';
import { floatsFromPixels } from '../../../../../src/main/training/grid.ts';
import { createRandom } from '../../../../../src/main/training/random.ts';
import type { Recipe, TensorFlow } from '../../../../../src/main/training/recipes/recipe.ts';
import { shapeFor } from '../../../../../src/main/training/recipes/shape.ts';
import { createFolder, readFolder, trainFolder } from '../../run-folder.ts';
import { bitsOf } from '../tiny.ts';
import { twoDomains } from './two-domains.ts';
import { twoStages } from './two-stages.ts';

let tf: TensorFlow;
const library = mkdtempSync(join(tmpdir(), 'saddle-shapes-'));
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});
afterAll(() => rmSync(library, { recursive: true, force: true }));

const SIDE = 4;
const PIXELS = SIDE * SIDE;

/** `count` images of one grey each; the greys are between `from` and `to`. */
function greys(count: number, from: number, to: number): OpenDataSet {
  const grey = (index: number) => Math.floor(from + ((to - from) * index) / count);
  return {
    ...{ count, height: SIDE, width: SIDE, channels: 1, labels: new Uint8Array(count), close() {} },
    read: (indices) =>
      Uint8Array.from({ length: indices.length * PIXELS }, (_, at) => grey(indices[Math.floor(at / PIXELS)]!)),
  };
}

const factsOf = (recipe: Recipe, captionSize?: number): DataSetFacts => ({
  ...{ id: 'tiny', kind: recipe.takes, title: 'Tiny', about: '', licence: '', source: '' },
  ...{ height: SIDE, width: SIDE, channels: 1, count: 7, classes: [], downloadBytes: 0, generated: true },
  ...(captionSize !== undefined && { captionSize }),
});

const specOf = (recipe: Recipe, steps: number): RunSpec => ({
  ...{ recipe: recipe.id, preset: 'app', data: 'tiny', seed: 3, steps, backend: 'auto' },
  parameters: resolveParameters(recipe.parameters, recipe.presets, 'app', { histogramEvery: 1, checkpointKeep: 9 }),
});

/** Trains to the end at a stroke, and again with a stop after `stopAfter` steps; gives both folders. */
async function trainTwice(recipe: Recipe, data: OpenDataSet, facts: DataSetFacts, steps: number, stopAfter: number) {
  const spec = specOf(recipe, steps);
  const [stroke, resumed] = [createFolder(library, spec), createFolder(library, spec)];
  const training = { tf, data, facts, recipe };
  expect(await trainFolder(stroke, { ...training, startedBefore: false })).toEqual({ phase: 'finished', step: steps });
  expect(await trainFolder(resumed, { ...training, startedBefore: false, steps: stopAfter })).toMatchObject({
    phase: 'stopped',
  });
  expect(await trainFolder(resumed, { ...training, startedBefore: true })).toEqual({ phase: 'finished', step: steps });
  return { stroke, resumed };
}

function readAll(folder: string) {
  const reader = openRunReader(folder);
  const { scalarTags, imageTags, checkpoints } = reader.detail();
  const values = (tag: string) => [...reader.allPoints(tag)].flatMap((block) => [...block.values]);
  const scalars = Object.fromEntries(scalarTags.map((tag) => [tag, values(tag)]));
  const images = Object.fromEntries(
    imageTags.map((tag) => [
      tag,
      reader.images(tag).map((row) => ({ ...row, grid: decode(reader.imageBytes(row.id)!.png) })),
    ]),
  );
  reader.close();
  return { scalars, images, checkpoints };
}

describe('two domains', () => {
  const data: OpenDataSet = { ...greys(7, 0, 100), second: greys(5, 150, 255) };

  it('are trained from two walks of their own, with rows A, A to B, back to A, and go on exactly, pools included', async () => {
    const { stroke, resumed } = await trainTwice(twoDomains, data, factsOf(twoDomains), 6, 3);
    expect((await readFolder(resumed)).equal).toEqual((await readFolder(stroke)).equal);
    const { scalars, images, checkpoints } = readAll(stroke);
    expect(Object.keys(scalars)).toEqual(expect.arrayContaining(['loss/g_ab', 'loss/d_b', 'loss/g_ba', 'loss/d_a']));
    expect(scalars['mean/a']!.every((mean) => mean < -0.2)).toBe(true);
    expect(scalars['mean/b']!.every((mean) => mean > 0.15)).toBe(true);
    // Seven and five images in batches of two: the walks are not in step.
    const { others, metadata } = await readCheckpoint(join(stroke, checkpoints.at(-1)!.file));
    const state = JSON.parse(metadata['state']!) as {
      taken: number;
      secondTaken: number;
      counters: Record<string, number>;
    };
    expect([state.taken, state.secondTaken]).toEqual([6, 4]);
    expect(state.counters).toMatchObject({
      'pool/a': 3,
      'pool/b': 3,
      'updates/generatorAB': 6,
      'updates/discriminatorA': 6,
    });
    const pool = others.find(({ name }) => name === 'pool/b')!;
    expect(pool.shape).toEqual([3, SIDE, SIDE, 1]);
    expect(pool.values.some((value) => value !== 0)).toBe(true);
    const [row] = images['samples/a_b_a']!;
    expect(row).toMatchObject({ step: 0, columns: 3, cellWidth: SIDE, cellHeight: SIDE, latents: '' });
    expect(row!.grid.width).toBe(3 * SIDE);
    // The first cell of a row is a real image of domain A: dark.
    expect(row!.grid.data[0]).toBeLessThan(100);
    expect(images['samples/b_a_b']![0]!.grid.data[0]).toBeGreaterThanOrEqual(150);
    expect(Object.keys(images)).not.toContain('samples/random');
  });

  it('each turn changes its own network only, and no turn leaves a tensor', () => {
    const before = tf.memory().numTensors;
    const shape = shapeFor(twoDomains, {}, factsOf(twoDomains));
    const model = twoDomains.build(tf, {}, shape, createRandom(1));
    const image = (set: OpenDataSet) => tf.tensor4d(floatsFromPixels(set.read([0, 1]), '-1..1'), [2, SIDE, SIDE, 1]);
    const batch = { images: image(data), second: image(data.second!) };
    for (const turn of model.turns) {
      const weights = bitsOf(model);
      const tensors = tf.memory().numTensors;
      tf.dispose(Object.values(turn.take(batch).scalars));
      expect(tf.memory().numTensors).toBe(tensors);
      const changed = bitsOf(model).filter(({ bits }, at) => bits !== weights[at]!.bits);
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.every(({ name }) => name.startsWith(`${turn.network}/`))).toBe(true);
    }
    model.dispose();
    tf.dispose([batch.images, batch.second]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('captions and stages', () => {
  const images = greys(9, 0, 255);
  const greyOf = (index: number) => floatsFromPixels(images.read([index]), '-1..1')[0]!;
  const data: OpenDataSet = {
    ...images,
    captions: {
      size: 2,
      read: (indices) => Float32Array.from(Array.from(indices).flatMap((index) => [greyOf(index), 1])),
    },
  };

  it('each image comes with its caption; the first stage is frozen, the second starts; a resume between is exact', async () => {
    // Stage I has four steps; the stop lies behind its end, so that a resume must know which stage it is in.
    const { stroke, resumed } = await trainTwice(twoStages, data, factsOf(twoStages, 2), 8, 5);
    expect((await readFolder(resumed)).equal).toEqual((await readFolder(stroke)).equal);
    const { scalars, images: grids, checkpoints } = readAll(stroke);
    expect(scalars['captions/mismatch']).toHaveLength(8);
    expect(Math.max(...scalars['captions/mismatch']!)).toBeLessThan(1e-6);
    expect([scalars['stage1/loss_d'], scalars['stage2/loss_d']].map((values) => values!.length)).toEqual([4, 4]);
    expect(grids['samples/stages']![0]).toMatchObject({ columns: 3, rows: 4 });

    const stateAt = async (step: number) => {
      const { file } = checkpoints.find((row) => row.step === step)!;
      const { weights } = await readCheckpoint(join(stroke, file));
      const of = (stage: string) =>
        weights
          .filter(({ name }) => name.startsWith(stage))
          .map(({ values }) => Buffer.from(values.buffer).toString('hex'));
      return { first: of('stage1/'), second: of('stage2/') };
    };
    const [two, four, eight] = [await stateAt(2), await stateAt(4), await stateAt(8)];
    expect(two.first).toHaveLength(4);
    expect(four.second).toEqual(two.second);
    expect(four.first).not.toEqual(two.first);
    expect(eight.first).toEqual(four.first);
    expect(eight.second).not.toEqual(four.second);
  });
});
