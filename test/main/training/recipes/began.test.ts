// BEGAN against its paper and the recipe book: exact parameter counts, the arithmetic of k and M, gradients against
// differences, what each order of updates learns from, the learning rate rules.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { createControl, type ControlSettings } from '../../../../src/main/training/recipes/began/control.ts';
import { findRecipe } from '../../../../src/main/training/recipes/list.ts';
import type { Model, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import type { ParameterValues } from '../../../../src/shared/parameters.ts';
import { bitsOf, buildTiny, countsOf, disposeReport, readReport, tinyParameters } from './tiny.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const residual = { architecture: 'residual' };

describe('the exact parameter counts of the recipe book', () => {
  it.each<[string, ParameterValues, number, number, number]>([
    ['app', { imageSize: '32', filters: 16 }, 3, 80_915, 342_787],
    ['app', { imageSize: '32', filters: 32 }, 3, 189_475, 842_179],
    ['app', { imageSize: '32', filters: 64 }, 3, 489_539, 2_310_979],
    ['app', { imageSize: '32', filters: 128 }, 3, 1_421_443, 7_128_643],
    ['app', {}, 3, 563_395, 4_011_651],
    ['reference', {}, 3, 1_716_611, 13_405_379],
    ['app', { imageSize: '128', filters: 128 }, 3, 2_011_779, 23_221_443],
    ['post', {}, 3, 123_939, 588_259],
    ['app', { imageSize: '32', filters: 64, ...residual }, 3, 563_267, 2_679_747],
    ['app', { imageSize: '32', filters: 128, ...residual }, 3, 1_716_355, 8_603_459],
    ['app', { filters: 128, ...residual }, 3, 2_158_979, 16_059_971],
    ['paper', {}, 3, 2_601_603, 27_350_723],
    ['small', {}, 3, 48_147, 211_683],
    ['small', {}, 1, 47_857, 211_105],
    ['smallest', {}, 3, 43_217, 129_793],
  ])('%s with %o, %i channels: G %i, D %i', (preset, changes, channels, generator, discriminator) => {
    const networks = countsOf(findRecipe('began'), preset, changes, { channels });
    expect(networks.map(({ trainable }) => trainable)).toEqual([generator, discriminator]);
  });

  it('the autoencoder goes from the image to 8x8 and back, and ends in an image of the same shape', () => {
    for (const preset of ['app', 'paper', 'post']) {
      const [, discriminator] = countsOf(findRecipe('began'), preset, { imageSize: '32' });
      const sides = discriminator!.layers.filter(({ output }) => output.length === 3).map(({ output }) => output[0]!);
      expect([...new Set(sides)]).toEqual([32, 16, 8]);
      expect([sides[0], sides.at(-1)]).toEqual([32, 32]);
    }
  });
});

const settings: ControlSettings = {
  ...{ gamma: 0.5, gain: 0.001, rateRule: 'constant', rateEvery: 2, ratePatience: 3, rateFloor: 2e-5 },
};
const withK = (k: number, changes: Partial<ControlSettings> = {}) => {
  const control = createControl({ ...settings, ...changes });
  control.restore({ 'began/k': k });
  return control;
};

describe('k and M', () => {
  // Values of the recipe book.
  it.each([
    [0, 0.5, 0.4, 0.1, 0.0001, 0.5],
    [0, 0.5, 0.1, 0.2, 0, 0.25],
    [0, 0.5, 0.3, 0.15, 0, 0.3],
    [0, 0.7, 0.4, 0.1, 0.00018, 0.58],
    [0.5, 0.5, 0.4, 0.1, 0.5001, 0.5],
    [0.5, 0.5, 0.1, 0.2, 0.49985, 0.25],
    [1, 0.5, 0.4, 0.1, 1, 0.5],
  ])('from k = %d, gamma %d: L(x) %d and L(G(z)) %d give k %d and M %d', (k, gamma, real, fake, next, measure) => {
    const control = withK(k, { gamma });
    const { balance, convergence } = control.follow(real, fake);
    expect(balance).toBeCloseTo(gamma * real - fake, 12);
    expect(convergence).toBeCloseTo(measure, 12);
    expect(control.k()).toBeCloseTo(next, 12);
  });

  it('k saturates after 1 / (gain x balance) steps: 10,000 at a balance of 0.1', () => {
    const control = withK(0);
    for (let step = 0; step < 9_990; step++) control.follow(0.4, 0.1);
    expect(control.k()).toBeLessThan(1);
    for (let step = 0; step < 20; step++) control.follow(0.4, 0.1);
    expect(control.k()).toBe(1);
  });
});

describe('learning rates', () => {
  it('stay, or halve every so many updates down to the floor and never below', () => {
    expect(withK(0).schedule(1e-4)(1e9)).toBe(1e-4);
    const rate = withK(0, { rateRule: 'steps', rateEvery: 100_000 }).schedule(8e-5);
    expect([0, 99_999, 100_000, 200_000, 300_000, 9e6].map(rate)).toEqual([8e-5, 8e-5, 4e-5, 2e-5, 2e-5, 2e-5]);
    // A rate that starts below the floor stays.
    expect(withK(0, { rateRule: 'steps' }).schedule(1e-5)(1e6)).toBe(1e-5);
  });

  it('halve when the mean of M was not 1 % below the best for three looks', () => {
    const control = withK(0, { rateRule: 'plateau' });
    const rate = control.schedule(1e-4);
    // A balance of 0: M is L(x).
    const look = (measure: number) => {
      control.follow(measure, measure / 2);
      control.follow(measure, measure / 2);
      return rate(0);
    };
    expect([0.5, 0.48, 0.476, 0.4755].map(look)).toEqual([1e-4, 1e-4, 1e-4, 1e-4]);
    // The third look without a gain of 1 % on 0.48.
    expect(look(0.4756)).toBe(5e-5);
    expect([0.6, 0.6].map(look)).toEqual([5e-5, 5e-5]);
    // 1 % better starts the count again.
    expect([0.4, 0.4, 0.4, 0.4].map(look)).toEqual([5e-5, 5e-5, 5e-5, 2.5e-5]);
    expect([0.4, 0.4, 0.4].map(look).at(-1)).toBe(2e-5);
  });

  it('go on from a checkpoint as they would have: everything is in its numbers, as JSON', () => {
    const changes = { rateRule: 'plateau', rateEvery: 3, ratePatience: 1 } as const;
    const [whole, first] = [withK(0, changes), withK(0, changes)];
    const losses = Array.from({ length: 20 }, (_, at) => [0.3 + at / 100 + (at % 3) / 10, 0.2] as const);
    for (const [real, fake] of losses) whole.follow(real, fake);
    for (const [real, fake] of losses.slice(0, 8)) first.follow(real, fake);
    const second = withK(0, changes);
    second.restore(JSON.parse(JSON.stringify(first.counters())) as Record<string, number>);
    for (const [real, fake] of losses.slice(8)) second.follow(real, fake);
    expect(second.counters()).toEqual(whole.counters());
    expect(second.schedule(1)(0)).toBeLessThan(1);
  });
});

const began = (changes: ParameterValues = {}, preset = 'app') => buildTiny(tf, 'began', preset, { changes });
type Numbers = ReturnType<typeof readReport>;
const setK = (model: Model, k: number) => model.restoreCounters({ ...model.counters(), 'began/k': k });
const find = (model: Model, name: string): TF.Variable =>
  [...model.variables, ...model.slots].find((named) => named.name === name)!.variable;

describe('a step', () => {
  it('starts near L(x) = 0.50 and L(G(z)) = 0.09 with images of noise, so that k rises first', () => {
    const { model, batch, dispose } = began({ imageSize: '32', filters: 16, latentSize: 32, batchSize: 16 });
    const [first, second] = [0, 1].map(() => readReport(tf, model.step(batch), model)) as [Numbers, Numbers];
    expect(first['loss/d_real']).toBeCloseTo(0.5, 1);
    expect(first['loss/g']).toBeCloseTo(0.09, 1);
    expect(first['began/k_t']).toBe(0);
    expect(second['began/k_t']).toBeCloseTo(0.001 * first['began/balance']!, 8);
    expect(second['began/k_t']).toBeGreaterThan(0);
    dispose();
  });

  it.each(['simultaneous', 'discriminator-first', 'generator-first'])(
    '%s: loss, M and balance are those of its two losses and of k',
    (order) => {
      const { model, batch, dispose } = began({ order });
      setK(model, 0.5);
      const values = readReport(tf, model.step(batch), model);
      const [real, fake, last] = ['loss/d_real', 'loss/d_fake', 'loss/g'].map((tag) => values[tag]!);
      expect(values['loss/d']).toBeCloseTo(real! - 0.5 * fake!, 6);
      expect(values['began/balance']).toBeCloseTo(0.5 * real! - last!, 6);
      expect(values['convergence/m_global']).toBeCloseTo(real! + Math.abs(0.5 * real! - last!), 6);
      expect(model.counters()['began/k']).toBeCloseTo(0.5 + 0.001 * values['began/balance']!, 8);
      // One z, and in a simultaneous step one pass, for both terms.
      if (order === 'simultaneous') expect(last).toBe(fake);
      else expect(last).not.toBe(fake);
      dispose();
    },
  );

  it('simultaneous moves each network as if it were the first, from the same z', () => {
    const after = (order: string, network: string) => {
      const { model, batch, dispose } = began({ order });
      setK(model, 0.5);
      disposeReport(tf, model.step(batch));
      const own = model.variables.filter(({ name }) => name.startsWith(`${network}/`));
      const weights = own.flatMap(({ variable }) => [...variable.dataSync()]);
      dispose();
      return weights;
    };
    const largest = (a: number[], b: number[]) => Math.max(...a.map((value, at) => Math.abs(value - b[at]!)));
    for (const network of ['discriminator', 'generator']) {
      const both = after('simultaneous', network);
      expect(largest(both, after(`${network}-first`, network))).toBeLessThan(1e-7);
      const other = network === 'generator' ? 'discriminator' : 'generator';
      expect(largest(both, after(`${other}-first`, network))).toBeGreaterThan(1e-7);
    }
  });

  it.each(['plain', 'residual'])('%s: has the gradient of L(x) - k L(G(z)) and of L(G(z))', (architecture) => {
    const changes = { architecture, carrySteps: 2 };
    // The first moment after one update is (1 - beta1) x gradient.
    const take = (name: string, tag: string, change: (values: Float32Array) => void = () => {}) => {
      const { model, batch, dispose } = began(changes);
      setK(model, 0.5);
      const variable = find(model, name);
      const values = (variable.dataSync() as Float32Array).slice();
      change(values);
      tf.tidy(() => void variable.assign(tf.tensor(values, variable.shape)));
      const loss = readReport(tf, model.step(batch))[tag]!;
      const gradients = [...find(model, `optimizer/${name}/m`).dataSync()].map((moment) => moment / (1 - 0.5));
      dispose();
      return { loss, gradients };
    };
    for (const [name, tag] of [
      ['discriminator/decoder/image/kernel', 'loss/d'],
      ['discriminator/code/kernel', 'loss/d'],
      ['discriminator/encoder1a/kernel', 'loss/d'],
      ['generator/decoder/image/kernel', 'loss/g'],
      ['generator/decoder2a/kernel', 'loss/g'],
    ] as const) {
      const { gradients } = take(name, tag);
      const largest = Math.max(...gradients.map(Math.abs));
      const at = gradients.findIndex((gradient) => Math.abs(gradient) === largest);
      const lossAt = (by: number) => take(name, tag, (values) => (values[at]! += by)).loss;
      // Small, as |v| has a kink at 0, and not so small that float32 shows.
      const step = 2e-3;
      const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
      expect(difference / gradients[at]!, name).toBeCloseTo(1, 1);
    }
  });

  it('images that come out equal move nothing: the gradient of |0| is 0 (H7)', () => {
    const { model, batch, dispose } = began();
    for (const { name, variable } of model.variables) {
      if (name.startsWith('discriminator/')) tf.tidy(() => void variable.assign(tf.zeros(variable.shape)));
    }
    const before = bitsOf(model);
    const images = tf.zerosLike(batch.images);
    const values = readReport(tf, model.turns[0]!.take({ images }));
    expect([values['loss/d_real'], values['grad/d_norm']]).toEqual([0, 0]);
    expect(bitsOf(model)).toEqual(before);
    images.dispose();
    dispose();
  });

  it('residuals vanish in a straight line, and the sample grid shows them as they are between steps', () => {
    const { model, batch, dispose } = began({ ...residual, carrySteps: 4 });
    const carries = Array.from({ length: 5 }, () => readReport(tf, model.step(batch))['began/carry']);
    expect(carries).toEqual([0.75, 0.5, 0.25, 0, 0]);
    dispose();
  });
});

describe('pictures', () => {
  it('are samples, samples autoencoded, and reals autoencoded; piece by piece as at a stroke', async () => {
    const { model, batch, dispose } = began();
    const z = tf.tensor2d(model.latents(20), [20, 8]);
    const drawn = await Promise.all(
      model.pictures!.map(async ({ tag, draw }) => ({
        tag,
        images: (await draw({ latents: z, batch })) as TF.Tensor4D,
      })),
    );
    expect(drawn.map(({ tag, images }) => [tag, images.shape])).toEqual([
      ['samples/fixed', [20, 16, 16, 1]],
      ['samples/autoencoded', [20, 16, 16, 1]],
      ['data/autoencoded', [6, 16, 16, 1]],
    ]);
    const last = tf.tidy(() => model.sample(tf.slice(z, [19, 0], [1, 8])).dataSync());
    expect([...drawn[0]!.images.dataSync().slice(-256)]).toEqual([...last]);
    tf.dispose([z, ...drawn.map(({ images }) => images)]);
    dispose();
  });
});

describe('what the presets take', () => {
  it("carpedm20: faces of aligned CelebA by nearest pixels where the crop fits; the post's: 32x32 in colour, 0 to 1", () => {
    const recipe = findRecipe('began');
    const view = (preset: string, height: number, width: number) => {
      const parameters = tinyParameters(recipe, preset, { imageSize: preset === 'post' ? '32' : '64' });
      return recipe.view!(parameters, { height, width, channels: 3, classes: 0 });
    };
    expect(view('reference', 218, 178)).toEqual({ height: 64, width: 64, crop: 'face-128', resize: 'nearest' });
    expect(view('reference', 32, 32)).toEqual({ height: 64, width: 64, crop: 'centre', resize: 'nearest' });
    expect(view('post', 32, 32)).toEqual({ height: 32, width: 32, crop: 'centre', channels: 3 });
    expect(recipe.imageRange(tinyParameters(recipe, 'post'))).toBe('0..1');
  });

  it("the post's: the generator first, and k from what it was before its update", () => {
    const { model, batch, dispose } = began({}, 'post');
    expect(model.turns.map(({ network }) => network)).toEqual(['generator', 'discriminator']);
    const first = readReport(tf, model.turns[0]!.take(batch));
    const last = readReport(tf, model.turns[1]!.take(batch));
    expect(last['began/balance']).toBeCloseTo(0.5 * last['loss/d_real']! - first['loss/g']!, 6);
    dispose();
  });
});
