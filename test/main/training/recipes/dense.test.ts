// The recipes of dense layers against the recipe book: exact counts, first losses, the best discriminator there can be,
// what the toy measures and draws.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDataSet } from '../../../../src/main/datasets/list.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { findLoss } from '../../../../src/main/training/losses.ts';
import { buildPair } from '../../../../src/main/training/networks/two-players.ts';
import { createAdam } from '../../../../src/main/training/networks/optimizers.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import { findRecipe } from '../../../../src/main/training/recipes/list.ts';
import type { DataShape, Drawing, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { resolveParameters, type ParameterValues } from '../../../../src/shared/parameters.ts';
import { buildTiny, countsOf, readReport, tinyParameters } from './tiny.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const parametersOf = (id: string, preset: string, changes: ParameterValues = {}): ParameterValues => {
  const { parameters, presets } = findRecipe(id);
  return resolveParameters(parameters, presets, preset, changes);
};

describe('the exact parameter counts of the recipe book', () => {
  it.each([
    ['toy', 'app', { height: 1, width: 1 }, 20_301, 10_401],
    ['toy', 'app', { height: 1, width: 2 }, 20_402, 10_501],
    ['toy', 'post', { height: 1, width: 2 }, 20_402, 10_501],
    ['gan-mlp', 'app', {}, 99_384, 88_701],
    ['gan-mlp', 'post', {}, 99_384, 88_701],
    ['gan-mlp', 'paper', {}, 2_503_984, 1_231_441],
    ['basicgan', 'app', {}, 227_344, 201_217],
    ['basicgan', 'post', {}, 1_078_528, 1_049_089],
    ['basicgan', 'post', { channels: 3 }, 3_183_872, 3_146_241],
  ])('%s %s on %o: G %i, D %i', (id, preset, own, generator, discriminator) => {
    expect(countsOf(findRecipe(id), preset, {}, own).map(({ name, trainable }) => [name, trainable])).toEqual([
      ['generator', generator],
      ['discriminator', discriminator],
    ]);
  });
});

describe('BasicGAN', () => {
  it('starts at log 2 for G and within 0.06 of log 4 for D, whatever the seed and the brightness of the data', () => {
    for (const [seed, brightness] of [
      [1, -1],
      [2, 0],
      [3, 1],
    ] as const) {
      const { model, dispose } = buildTiny(tf, 'basicgan', 'app', {
        changes: { generatorUnits: 256, discriminatorUnits: 256 },
        seed,
      });
      const images = tf.fill<TF.Rank.R4>([32, 28, 28, 1], brightness);
      expect(readReport(tf, model.turns[0]!.take({ images }))['loss/d']).toSatisfy(
        (loss: number) => Math.abs(loss - Math.log(4)) < 0.06,
      );
      images.dispose();
      dispose();
      const first = buildTiny(tf, 'basicgan', 'app', {
        changes: { generatorUnits: 256, discriminatorUnits: 256 },
        seed,
      });
      expect(Math.abs(readReport(tf, first.model.turns[1]!.take(first.batch))['loss/g']! - Math.LN2)).toBeLessThan(
        0.001,
      );
      first.dispose();
    }
  });

  it('takes the data as it is, or brings it to the size of the DCGAN run to compare with', () => {
    const { view } = findRecipe('basicgan');
    const data = { height: 218, width: 178, channels: 3, classes: 0 };
    expect(view!(parametersOf('basicgan', 'app'), data)).toEqual({});
    expect(view!(parametersOf('basicgan', 'app', { colours: 'grey' }), data)).toEqual({ channels: 1 });
    expect(view!(parametersOf('basicgan', 'post'), data)).toMatchObject({ height: 64, width: 64, crop: 'centre' });
  });
});

describe('the MLP GAN', () => {
  it("paper: D's loss is halved, so chance is log 2", () => {
    const { model, batch, dispose } = buildTiny(tf, 'gan-mlp', 'paper');
    // Weights of +-0.005 say nothing yet.
    expect(readReport(tf, model.turns[0]!.take(batch))['loss/d']).toBeCloseTo(Math.LN2, 2);
    dispose();
    const { referenceLines } = findRecipe('gan-mlp');
    expect(referenceLines(parametersOf('gan-mlp', 'paper'))[0]).toEqual({
      tag: 'loss/d',
      value: expect.closeTo(Math.LN2, 9) as number,
      label: 'log 2: cannot tell',
    });
  });
});

describe('the best discriminator', () => {
  it('of N(0,1) and N(1,1) is sigma(1/2 - x), and its loss log 4 - 2 JS = 1.1635', { timeout: 300_000 }, async () => {
    const { points } = await findDataSet('normal1d').open('');
    const toy = findRecipe('toy');
    const described = toy.describe(parametersOf('toy', 'app'), { height: 1, width: 1, channels: 1, classes: 0 });
    expect(described[1]!.layers.map(({ name }) => name)).toEqual([
      'flat',
      'dense1',
      'relu1',
      'dense2',
      'relu2',
      'logit',
    ]);
    const weights = { initializer: { kind: 'glorot' }, bias: { kind: 'zeros' } } as const;
    const ones = { initializer: { kind: 'values', values: Float32Array.of(1) } } as const;
    const { model, discriminator } = buildPair(
      tf,
      {
        // z + 1 of normal z: N(1,1), for ever, as only the discriminator moves.
        generator: {
          name: 'generator',
          input: [1],
          layers: [
            { kind: 'dense', name: 'shift', units: 1, ...ones, bias: { kind: 'values', values: Float32Array.of(1) } },
            { kind: 'reshape', name: 'image', shape: [1, 1, 1] },
          ],
        },
        discriminator: {
          name: 'discriminator',
          input: [1, 1, 1],
          layers: [
            { kind: 'reshape', name: 'flat', shape: [1] },
            { kind: 'dense', name: 'dense1', units: 100, ...weights },
            { kind: 'activation', name: 'relu1', of: 'relu' },
            { kind: 'dense', name: 'dense2', units: 100, ...weights },
            { kind: 'activation', name: 'relu2', of: 'relu' },
            { kind: 'dense', name: 'logit', units: 1, ...weights },
          ],
        },
        ...{ loss: findLoss('non-saturating'), target: 1, latentSize: 1, latentLimit: 1, prior: 'normal', classes: 0 },
        optimizer: ({ trainable }) =>
          createAdam(tf, trainable, { learningRate: () => 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, l2: 0 }),
      },
      createRandom(1),
    );
    const random = createRandom(2);
    let last = 0;
    for (let step = 0; step < 2000; step++) {
      const images = tf.tensor4d(
        points!.draw(500, () => random.next()),
        [500, 1, 1, 1],
      );
      const report = model.turns[0]!.take({ images });
      // Reading each of 2,000 losses would take longer than learning them.
      if (step < 1800) tf.dispose([images, ...Object.values(report.scalars), ...Object.values(report.histograms!)]);
      else last += readReport(tf, report)['loss/d']! / 200;
      images.dispose();
    }
    const xs = Float32Array.from({ length: 41 }, (_, at) => -1.5 + at / 10);
    const said = tf.tidy(() =>
      tf.sigmoid(discriminator.forward(tf.tensor4d(xs.slice(), [41, 1, 1, 1]), { training: false })).dataSync(),
    );
    xs.forEach((x, at) => expect(Math.abs(said[at]! - 1 / (1 + Math.exp(x - 0.5))), `at ${x}`).toBeLessThan(0.05));
    expect(Math.abs(last - 1.163451)).toBeLessThan(0.03);
    model.dispose();
  });
});

describe('the toy GAN', () => {
  const shapeWith = async (id: string): Promise<DataShape> => {
    const { points, width } = await findDataSet(id).open('');
    return { height: 1, width, channels: 1, classes: 0, distribution: points! };
  };
  const build = async (id: string, preset = 'app', changes: ParameterValues = {}) => {
    const parameters = tinyParameters(findRecipe('toy'), preset, changes);
    const model = findRecipe('toy').build(tf, parameters, await shapeWith(id), createRandom(1));
    const { points, width } = await findDataSet(id).open('');
    const random = createRandom(4);
    const count = Math.max(200, findRecipe('toy').imagesPerStep!(parameters));
    const images: TF.Tensor4D = tf.tensor4d(
      points!.draw(count, () => random.next()),
      [count, 1, width, 1],
    );
    const latents = tf.tensor2d(model.latents(200), [200, Number(parameters['latentSize'])]);
    const input = { latents, batch: { images } };
    return { model, input, dispose: () => (model.dispose(), tf.dispose([latents, images])) };
  };

  it.each([
    ['normal1d', ['toy/js_grid', 'toy/kl_gauss', 'toy/kl_grid', 'toy/mean_err', 'toy/std_1']],
    ['normal2d', ['toy/js_grid', 'toy/kl_gauss', 'toy/kl_grid', 'toy/mean_err', 'toy/std_1', 'toy/std_2']],
    ['ring', ['toy/hq_frac', 'toy/js_grid', 'toy/kl_grid', 'toy/modes', 'toy/std_1', 'toy/std_2']],
    ['line', ['toy/js_grid', 'toy/kl_grid', 'toy/std_1', 'toy/std_2']],
  ])('on %s measures what is known of it, the same numbers again, and leaves no tensor', async (id, tags) => {
    const before = tf.memory().numTensors;
    const { model, input, dispose } = await build(id);
    expect(model.fixedLatents).toBe(200);
    const first = await model.measure!(input);
    expect(Object.keys(first).toSorted()).toEqual(tags);
    expect(Object.values(first).every(Number.isFinite)).toBe(true);
    expect(await model.measure!(input)).toEqual(first);
    dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('the first generator is far from N(0, I): 0.6 to 2 nats, as in the recipe book', async () => {
    const { model, input, dispose } = await build('normal2d', 'app', { generatorUnits: 100 });
    const { 'toy/kl_gauss': divergence, 'toy/std_1': spread } = await model.measure!(input);
    expect(divergence).toBeGreaterThan(0.6);
    expect(divergence).toBeLessThan(2);
    expect(spread).toBeLessThan(1);
    dispose();
  });

  it.each([
    ['normal1d', 'app', 1],
    ['normal2d', 'app', 2],
    ['normal2d', 'wgan-gp', 1],
    ['normal1d', 'wgan-gp', 1],
  ])(
    'on %s, %s, draws the points and what D says of every place, in %i cells, and leaves no tensor',
    async (id, preset, cells) => {
      const before = tf.memory().numTensors;
      const { model, input, dispose } = await build(id, preset);
      const drawings: Drawing[] = [];
      for (const picture of model.pictures!) drawings.push(await (picture.draw(input) as Promise<Drawing>));
      expect(model.pictures!.map(({ tag }) => tag)).toEqual(['samples/points', 'discriminator/map']);
      expect(drawings.map(({ columns }) => columns)).toEqual([1, cells]);
      for (const { pixels, columns, cellWidth, cellHeight } of drawings) {
        expect(pixels).toHaveLength(columns * cellWidth * cellHeight * 3);
        expect(new Set(pixels).size).toBeGreaterThan(3);
      }
      dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it(
    'learns: on N(0, 1) the best of 300 steps of the small preset is within 0.1 nats',
    { timeout: 120_000 },
    async () => {
      const sizes = { batchSize: 64, generatorUnits: 50, discriminatorUnits: 50 };
      const { model, input, dispose } = await build('normal1d', 'small', sizes);
      const { points } = await findDataSet('normal1d').open('');
      const random = createRandom(9);
      let best = (await model.measure!(input))['toy/kl_gauss']!;
      expect(best).toBeGreaterThan(0.6);
      for (let step = 1; step <= 300; step++) {
        const images = tf.tensor4d(
          points!.draw(64, () => random.next()),
          [64, 1, 1, 1],
        );
        const { scalars, histograms } = model.step({ images });
        tf.dispose([images, ...Object.values(scalars), ...Object.values(histograms!)]);
        if (step % 20 === 0) best = Math.min(best, (await model.measure!(input))['toy/kl_gauss']!);
      }
      expect(best).toBeLessThan(0.1);
      dispose();
    },
  );
});
