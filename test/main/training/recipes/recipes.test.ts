// One suite over every recipe and every preset, at sizes that a test can afford, on the best backend that opens. What
// the recipe book says of one recipe stands in a file of its own.

import type * as TF from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { size } from '../../../../src/main/training/networks/describe.ts';
import { everyRecipe } from '../../../../src/main/training/recipes/every-recipe.ts';
import { findRecipe, recipes } from '../../../../src/main/training/recipes/list.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { ParameterError, resolveParameters } from '../../../../src/shared/parameters.ts';
import { bitsOf, buildTiny, disposeReport, readReport, type Tiny } from './tiny.ts';

const EVERY = 'loss/d loss/d_real loss/d_fake loss/g grad/d_norm grad/g_norm lr/d lr/g';
const PAIR = `${EVERY} prob/d_real prob/d_fake acc/d_real acc/d_fake`;
const BEGAN = `${EVERY} convergence/m_global began/k_t began/balance`;
/** The scalars of a step, by recipe or by recipe and preset. */
const tags: Readonly<Record<string, string>> = {
  'toy wgan-gp': `${EVERY} loss/d_penalty critic/distance critic/slope`,
  dcgan64: `${PAIR} prob/d_fake_pre prob/d_fake_post`,
  began: BEGAN,
  'began paper': `${BEGAN} began/carry`,
};

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const everyPreset = recipes.flatMap(({ id, presets }) => presets.map((preset) => ({ id, preset: preset.id })));

describe.each(everyPreset)('$id $preset', ({ id, preset }) => {
  let tiny: Tiny;
  let tensorsBefore: number;
  beforeEach(() => {
    tensorsBefore = tf.memory().numTensors;
    tiny = buildTiny(tf, id, preset);
  });
  afterEach(() => {
    tiny.dispose();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });

  it('is described with the counts it is built with', () => {
    const { recipe, parameters, shape, model } = tiny;
    for (const network of recipe.describe(parameters, shape)) {
      const built = model.variables.filter(({ name, trainable }) => trainable && name.startsWith(`${network.name}/`));
      expect(built.reduce((sum, { variable }) => sum + size(variable.shape), 0)).toBe(network.trainable);
    }
    expect(new Set(model.variables.map(({ name }) => name)).size).toBe(model.variables.length);
  });

  it('makes images of the shape of the data, in the range of its last activation', () => {
    const { model, parameters, shape } = tiny;
    const latents = model.latents(10);
    const z = tf.tensor2d(latents, [10, latents.length / 10]);
    const sample = model.sample(z);
    expect(sample.shape).toEqual([10, shape.height, shape.width, shape.channels]);
    const values = sample.dataSync();
    const [low, high] = { tanh: [-1, 1], sigmoid: [0, 1] }[String(parameters['output'])] ?? [-Infinity, Infinity];
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low!);
    expect(Math.max(...values)).toBeLessThanOrEqual(high!);
    tf.dispose([z, sample]);
  });

  it('reports the core set and its own, finite, and leaks no tensor after the first step', () => {
    const { model, batch } = tiny;
    const first = readReport(tf, model.step(batch));
    const expected = tags[`${id} ${preset}`] ?? tags[id] ?? PAIR;
    expect(Object.keys(first).toSorted()).toEqual(expected.split(' ').toSorted());
    const tensors = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) {
      expect(Object.values(readReport(tf, model.step(batch))).every(Number.isFinite)).toBe(true);
    }
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('changes only the network whose turn it is, bit for bit, and every kernel of it', () => {
    const { model, batch } = tiny;
    for (const turn of model.turns) {
      const before = bitsOf(model);
      disposeReport(tf, turn.take(batch));
      const changed = bitsOf(model).filter(({ bits }, at) => bits !== before[at]!.bits);
      expect(changed.every(({ name }) => name.startsWith(`${turn.network}/`))).toBe(true);
      const kernels = model.variables.map(({ name }) => name).filter((name) => /kernel$/.test(name));
      const own = kernels.filter((name) => name.startsWith(`${turn.network}/`));
      expect(changed.map(({ name }) => name)).toEqual(expect.arrayContaining(own));
    }
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const run = (seed: number) => {
      const other = buildTiny(tf, id, preset, { seed });
      const step = () => readReport(tf, other.model.step(other.batch), other.model);
      const result = { scalars: [step(), step()], weights: bitsOf(other.model) };
      other.dispose();
      return result;
    };
    const first = run(5);
    expect(run(5)).toEqual(first);
    expect(run(6).weights).not.toEqual(first.weights);
  });
});

describe('the MLP GAN', () => {
  it("post: the discriminator's loss falls below the floor of tanh used as a logit, 2 log(1 + 1/e)", () => {
    const { model, dispose } = buildTiny(tf, 'gan-mlp', 'post', { changes: { discriminatorUnits: 100 } });
    const images: TF.Tensor4D = tf.ones([32, 28, 28, 1]);
    let loss = Infinity;
    for (let step = 0; step < 150; step++) loss = readReport(tf, model.turns[0]!.take({ images }))['loss/d']!;
    expect(loss).toBeLessThan(2 * Math.log1p(Math.exp(-1)) - 0.1);
    images.dispose();
    dispose();
  });

  it('paper: the output starts at the mean of each pixel, and the learning rate and momentum follow the code', () => {
    const { model, batch, dispose } = buildTiny(tf, 'gan-mlp', 'paper');
    const bias = model.variables.find(({ name }) => name === 'generator/dense3/bias')!.variable.dataSync();
    expect(1 / (1 + Math.exp(-bias[5]!))).toBeCloseTo(0.1, 6);
    expect(readReport(tf, model.step(batch))['lr/d']).toBeCloseTo(0.1, 7);
    expect(readReport(tf, model.step(batch))['lr/d']).toBe(Math.fround(0.1 / 1.000004));
    dispose();
  });
});

describe('the tables', () => {
  it.each(recipes.map(({ id }) => id))('%s: every default and preset is in range, every row has a sentence', (id) => {
    const recipe = findRecipe(id);
    const first = everyRecipe({ batchSize: 2, sampleEvery: 1, checkpointEvery: 1 }).map(({ name }) => name);
    expect(recipe.parameters.slice(0, first.length).map(({ name }) => name)).toEqual(first);
    for (const row of recipe.parameters) expect(row.help).toMatch(/^[A-Z].*\.$/);
    expect(new Set(recipe.parameters.map(({ name }) => name)).size).toBe(recipe.parameters.length);
    for (const preset of recipe.presets) {
      const values = resolveParameters(recipe.parameters, recipe.presets, preset.id, {});
      expect(values).toMatchObject(preset.values);
      expect(recipe.referenceLines(values).length).toBeGreaterThan(0);
    }
    expect(() => resolveParameters(recipe.parameters, recipe.presets, 'app', { batchSize: 1 })).toThrow(ParameterError);
  });

  it('an unknown recipe is refused with the known ones', () => {
    const known = recipes.map(({ id }) => id).join(', ');
    expect(() => findRecipe('dcgan')).toThrow(`recipe: expected one of ${known}, found "dcgan"`);
  });
});
