// One suite over every recipe and every preset, on the best backend that opens; and what the recipe book says of each.

import type * as TF from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { size } from '../../../../src/main/training/networks/describe.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import { findRecipe, recipes } from '../../../../src/main/training/recipes/list.ts';
import { joinReports } from '../../../../src/main/training/networks/two-players.ts';
import type { Model, Recipe, StepReport, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { ParameterError, resolveParameters } from '../../../../src/shared/parameters.ts';

const BATCH = 6;
const labels = Uint8Array.of(0, 3, 9, 1, 5, 5);
const means = new Float32Array(784).fill(0.1);
const shape = { height: 28, width: 28, channels: 1, classes: 10, pixelMeans: () => means };
const CORE = [
  'loss/d loss/d_real loss/d_fake loss/g prob/d_real prob/d_fake acc/d_real acc/d_fake',
  'grad/d_norm grad/g_norm lr/d lr/g',
];

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const parametersOf = (recipe: Recipe, preset: string, changes = {}) =>
  resolveParameters(recipe.parameters, recipe.presets, preset, { batchSize: BATCH, ...changes });

function makeImages(recipe: Recipe, preset: string, count = BATCH): TF.Tensor4D {
  const low = recipe.imageRange(parametersOf(recipe, preset)) === '0..1' ? 0 : -1;
  return tf.tensor4d(createRandom(77).uniform(count * 784, low, 1), [count, 28, 28, 1]);
}
const build = (recipe: Recipe, preset: string, seed = 1): Model =>
  recipe.build(tf, parametersOf(recipe, preset), shape, createRandom(seed));
const bitsOf = (model: Model) =>
  model.variables.map(({ name, variable }) => ({
    name,
    bits: Buffer.from(new Float32Array(variable.dataSync()).buffer).toString('base64'),
  }));
const disposeReport = ({ scalars, histograms = {} }: StepReport): void =>
  tf.dispose([...Object.values(scalars), ...Object.values(histograms)]);
function readStep(model: Model, images: TF.Tensor4D): Record<string, number> {
  const report = model.step({ images, labels });
  const { scalars } = report;
  const values = Object.fromEntries(Object.entries(scalars).map(([tag, value]) => [tag, value.dataSync()[0]!]));
  disposeReport(report);
  return values;
}

const everyPreset = recipes.flatMap((recipe) => recipe.presets.map((preset) => ({ recipe, preset: preset.id })));

describe.each(everyPreset.map((item) => ({ ...item, title: `${item.recipe.id} ${item.preset}` })))(
  '$title',
  ({ recipe, preset }) => {
    let model: Model;
    let images: TF.Tensor4D;
    let tensorsBefore: number;
    beforeEach(() => {
      tensorsBefore = tf.memory().numTensors;
      model = build(recipe, preset);
      images = makeImages(recipe, preset);
    });
    afterEach(() => {
      model.dispose();
      images.dispose();
      expect(tf.memory().numTensors).toBe(tensorsBefore);
    });

    it('is described with the counts it is built with', () => {
      for (const network of recipe.describe(parametersOf(recipe, preset), shape)) {
        const built = model.variables.filter(({ name, trainable }) => trainable && name.startsWith(`${network.name}/`));
        expect(built.reduce((sum, { variable }) => sum + size(variable.shape), 0)).toBe(network.trainable);
      }
      expect(new Set(model.variables.map(({ name }) => name)).size).toBe(model.variables.length);
    });

    it('makes images of the shape of the data, in the range of its last activation', () => {
      const { output } = parametersOf(recipe, preset);
      const latents = model.latents(10);
      const z = tf.tensor2d(latents, [10, latents.length / 10]);
      const sample = model.sample(z);
      expect(sample.shape).toEqual([10, 28, 28, 1]);
      const values = sample.dataSync();
      expect(Math.min(...values)).toBeGreaterThanOrEqual(output === 'tanh' ? -1 : 0);
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
      tf.dispose([z, sample]);
    });

    it('reports the core set, finite, and leaks no tensor after the first step', () => {
      const first = readStep(model, images);
      expect(Object.keys(first).toSorted()).toEqual(CORE.join(' ').split(' ').toSorted());
      const tensors = tf.memory().numTensors;
      for (let step = 0; step < 3; step++) {
        expect(Object.values(readStep(model, images)).every(Number.isFinite)).toBe(true);
      }
      expect(tf.memory().numTensors).toBe(tensors);
    });

    it('changes only the network whose turn it is, bit for bit, and every kernel of it', () => {
      for (const turn of model.turns) {
        const before = bitsOf(model);
        disposeReport(turn.take({ images, labels }));
        const changed = bitsOf(model).filter(({ bits }, at) => bits !== before[at]!.bits);
        expect(changed.every(({ name }) => name.startsWith(`${turn.network}/`))).toBe(true);
        const kernels = model.variables.map(({ name }) => name).filter((name) => /kernel$/.test(name));
        const own = kernels.filter((name) => name.startsWith(`${turn.network}/`));
        expect(changed.map(({ name }) => name)).toEqual(expect.arrayContaining(own));
      }
    });

    it('gives the same numbers for the same seed and others for another', () => {
      const run = (seed: number) => {
        const other = build(recipe, preset, seed);
        const result = { scalars: [readStep(other, images), readStep(other, images)], weights: bitsOf(other) };
        other.dispose();
        return result;
      };
      const first = run(5);
      expect(run(5)).toEqual(first);
      expect(run(6).weights).not.toEqual(first.weights);
    });
  },
);

describe('the exact parameter counts of the recipe book', () => {
  it.each([
    ['dcgan28', 'app', 6_753_409, 1_812_737],
    ['dcgan28', 'post', 6_738_689, 1_812_737],
    ['dcgan28', 'small', 445_729, 113_729],
    ['dcgan28', 'paper', 6_820_538, 6_688_202],
    ['gan-mlp', 'app', 99_384, 88_701],
    ['gan-mlp', 'post', 99_384, 88_701],
    ['gan-mlp', 'paper', 2_503_984, 1_231_441],
  ])('%s %s: G %i, D %i', (id, preset, generator, discriminator) => {
    const recipe = findRecipe(id);
    const summary = recipe.describe(parametersOf(recipe, preset), shape);
    expect(summary.map(({ name, trainable }) => [name, trainable])).toEqual([
      ['generator', generator],
      ['discriminator', discriminator],
    ]);
  });

  it('DCGAN28 passes 14 and 7 pixels and costs 16.9 M and 12.0 M multiply-adds an image', () => {
    const dcgan28 = findRecipe('dcgan28');
    const [generator, discriminator] = dcgan28.describe(parametersOf(dcgan28, 'post'), shape);
    const maps = (layers: readonly { output: readonly number[] }[]) => [
      ...new Set(layers.filter(({ output }) => output.length === 3).map(({ output }) => output[0])),
    ];
    expect(maps(generator!.layers)).toEqual([7, 14, 28]);
    expect(maps(discriminator!.layers)).toEqual([14, 7]);
    const millions = (layers: readonly { multiplyAdds: number }[]) =>
      Math.round(layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0) / 1e5) / 10;
    expect([millions(generator!.layers), millions(discriminator!.layers)]).toEqual([16.9, 12]);
  });
});

describe('DCGAN28', () => {
  it.each(['app', 'small', 'post'])('%s starts at log 2 within 0.006: its discriminator cannot tell yet', (preset) => {
    const recipe = findRecipe('dcgan28');
    for (const seed of [1, 2]) {
      const model = build(recipe, preset, seed);
      const images = makeImages(recipe, preset, 32);
      // The generator first, so that both losses are of the first weights.
      const report = joinReports(model.turns.toReversed().map((turn) => turn.take({ images, labels })));
      const start = report.scalars;
      for (const tag of ['loss/d_real', 'loss/d_fake', 'loss/g']) {
        expect(Math.abs(start[tag]!.dataSync()[0]! - Math.LN2), `${tag}, seed ${seed}`).toBeLessThan(0.006);
      }
      images.dispose();
      disposeReport(report);
      model.dispose();
    }
  });

  it('the conditional pair makes the class it is told: latents end with it, and the classes take turns', () => {
    const recipe = findRecipe('dcgan28');
    const model = build(recipe, 'paper');
    const latents = model.latents(12);
    expect(latents.length).toBe(12 * 110);
    for (let at = 0; at < 12; at++) {
      expect(latents.subarray(at * 110 + 100, (at + 1) * 110).indexOf(1)).toBe(at % 10);
    }
    const images = makeImages(recipe, 'paper');
    expect(() => model.step({ images })).toThrow(`needs ${BATCH} labels`);
    images.dispose();
    model.dispose();
    expect(() => recipe.describe(parametersOf(recipe, 'paper'), { ...shape, classes: 0 })).toThrow(
      'needs data with classes',
    );
  });

  it('refuses images whose sides are not divisible by 4', () => {
    const recipe = findRecipe('dcgan28');
    expect(() => recipe.describe(parametersOf(recipe, 'app'), { ...shape, width: 30 })).toThrow('found 30x28');
  });
});

describe('the MLP GAN', () => {
  it("post: the discriminator's loss falls below the floor of tanh used as a logit, 2 log(1 + 1/e)", () => {
    const recipe = findRecipe('gan-mlp');
    const model = build(recipe, 'post');
    const images = tf.ones([32, 28, 28, 1]) as TF.Tensor4D;
    let loss = Infinity;
    for (let step = 0; step < 150; step++) {
      const report = model.turns[0]!.take({ images });
      loss = report.scalars['loss/d']!.dataSync()[0]!;
      disposeReport(report);
    }
    expect(loss).toBeLessThan(2 * Math.log1p(Math.exp(-1)) - 0.1);
    images.dispose();
    model.dispose();
  });

  it('paper: the output starts at the mean of each pixel, and the learning rate and momentum follow the code', () => {
    const recipe = findRecipe('gan-mlp');
    const model = build(recipe, 'paper');
    const bias = model.variables.find(({ name }) => name === 'generator/dense3/bias')!.variable.dataSync();
    expect(1 / (1 + Math.exp(-bias[5]!))).toBeCloseTo(0.1, 6);
    const images = makeImages(recipe, 'paper');
    expect(readStep(model, images)['lr/d']).toBeCloseTo(0.1, 7);
    expect(readStep(model, images)['lr/d']).toBe(Math.fround(0.1 / 1.000004));
    images.dispose();
    model.dispose();
  });
});

describe('the tables', () => {
  it.each(recipes.map(({ id }) => id))('%s: every default and preset is in range, every row has a sentence', (id) => {
    const recipe = findRecipe(id);
    expect(recipe.parameters.slice(0, 3).map(({ name }) => name)).toEqual([
      'batchSize',
      'sampleEvery',
      'checkpointEvery',
    ]);
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
    expect(() => findRecipe('dcgan')).toThrow('recipe: expected one of dcgan28, gan-mlp, found "dcgan"');
  });
});
