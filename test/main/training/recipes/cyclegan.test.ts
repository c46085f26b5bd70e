// CycleGAN: its networks by the counts and sizes of the papers' codes, its pool, and its step beside PyTorch's.

import type * as TF from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cycleganSmallPlan } from '../../../../bench/train/cyclegan-small.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { asWholeStep } from '../../../../src/main/training/backends/whole-step.ts';
import { buildNetwork } from '../../../../src/main/training/networks/build.ts';
import { describeNetwork } from '../../../../src/main/training/networks/describe.ts';
import { createAdam } from '../../../../src/main/training/networks/optimizers.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import {
  discriminatorPlan,
  generatorPlan,
  type DiscriminatorSettings,
  type GeneratorSettings,
} from '../../../../src/main/training/recipes/cyclegan/networks.ts';
import { createPool } from '../../../../src/main/training/recipes/cyclegan/pool.ts';
import { buildCycle, type CyclePlan } from '../../../../src/main/training/recipes/cyclegan/step.ts';
import type { Model, RandomSource, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { numbers } from '../backends/operations.ts';
import reference from '../fixtures/cyclegan-step.json' with { type: 'json' };
import { bitsOf } from './tiny.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const generator = (side: number, settings: Partial<GeneratorSettings>) =>
  describeNetwork(generatorPlan({ name: 'generator', image: [side, side, 3], filters: 64, blocks: 6, ...settings }));
const discriminatorOf = (side: number, settings: Partial<DiscriminatorSettings>) =>
  discriminatorPlan({ name: 'discriminator', image: [side, side, 3], filters: 64, layers: 3, ...settings });
const discriminator = (side: number, settings: Partial<DiscriminatorSettings>) =>
  describeNetwork(discriminatorOf(side, settings));
const lastShape = ({ layers }: ReturnType<typeof describeNetwork>) => layers.at(-1)!.output;
const work = ({ layers }: ReturnType<typeof describeNetwork>) =>
  layers.filter(({ parameters }) => parameters > 0).reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);

describe("the networks have the counts of the authors' codes", () => {
  it.each([
    ['6 blocks', generator(128, {}), 7_837_699],
    ['9 blocks', generator(256, { blocks: 9 }), 11_378_179],
    ['6 blocks, norm with scale and offset (Lua)', generator(128, { norm: 'affine' }), 7_845_123],
    ['9 blocks, norm with scale and offset (Lua)', generator(256, { blocks: 9, norm: 'affine' }), 11_388_675],
    ['CycleGAN-S', generator(32, { filters: 8, blocks: 2 }), 50_947],
    ['64 x 64, 16 filters, 3 blocks', generator(64, { filters: 16, blocks: 3 }), 272_515],
  ])('generator, %s', (_, summary, count) => expect(summary.trainable).toBe(count));

  it.each([
    ['1 layer', discriminator(256, { layers: 1 }), 136_385],
    ['2 layers', discriminator(256, { layers: 2 }), 662_977],
    ['3 layers', discriminator(256, {}), 2_764_737],
    ['4 layers', discriminator(256, { layers: 4 }), 6_959_553],
    ['5 layers', discriminator(256, { layers: 5 }), 11_154_369],
    ['norm with scale and offset (Lua)', discriminator(256, { norm: 'affine' }), 2_766_529],
    ['CycleGAN-S', discriminator(32, { filters: 16, layers: 1 }), 9_521],
    ['64 x 64, 16 filters, 2 layers', discriminator(64, { filters: 16, layers: 2 }), 42_865],
  ])('discriminator, %s', (_, summary, count) => expect(summary.trainable).toBe(count));

  it('and their sizes and work', () => {
    expect(lastShape(generator(128, {}))).toEqual([128, 128, 3]);
    expect(lastShape(discriminator(256, {}))).toEqual([30, 30, 1]);
    expect(lastShape(discriminator(128, {}))).toEqual([14, 14, 1]);
    expect(lastShape(discriminator(32, { filters: 16, layers: 1 }))).toEqual([14, 14, 1]);
    expect(lastShape(discriminator(64, { filters: 16, layers: 2 }))).toEqual([14, 14, 1]);
    expect(work(generator(128, {})) / 1e9).toBeCloseTo(8.76, 1);
    expect(work(generator(256, { blocks: 9 })) / 1e9).toBeCloseTo(49.6, 1);
    expect(work(discriminator(256, {})) / 1e9).toBeCloseTo(3.15, 1);
  });

  it('a side that is no multiple of 4 is refused', () => {
    expect(() => generator(30, {})).toThrow(
      'generator: expected an image whose sides are multiples of 4, found 30 x 30',
    );
  });
});

it.each([
  [1, 16],
  [2, 34],
  [3, 70],
])('with %i layers an output of the discriminator sees %i pixels across', (layers, pixels) => {
  const side = pixels + 10;
  const plan = discriminatorOf(side, { filters: 2, layers, norm: 'none' });
  const network = buildNetwork(tf, plan, createRandom(1));
  const seen = tf.tidy(() => {
    const middle = (x: TF.Tensor): TF.Tensor => {
      const scores = network.forward(x, { training: true });
      const at = Math.floor(scores.shape[1]! / 2);
      return tf.sum(tf.slice(scores, [0, at, at, 0], [1, 1, 1, 1]));
    };
    const slopes = tf.grad(middle)(tf.randomNormal([1, side, side, 3]));
    return [...tf.sum(tf.abs(slopes), [0, 1, 3]).dataSync()].map((value) => value > 0);
  });
  expect(seen.filter(Boolean)).toHaveLength(pixels);
  expect(seen.lastIndexOf(true) - seen.indexOf(true) + 1).toBe(pixels);
});

describe('the image pool', () => {
  /** One-pixel images, numbered. */
  const images = (...numbers: number[]) => tf.tensor4d(numbers, [numbers.length, 1, 1, 1]);
  const poolOf = (capacity: number, random: RandomSource) => createPool(tf, 'pool/a', capacity, [1, 1, 1], random);
  const scripted = (...draws: number[]): RandomSource => {
    const next = () => draws.shift()!;
    return { ...createRandom(1), next, below: (n) => Math.floor(next() * n) };
  };

  it('gives back what comes until it is full, then swaps or passes on, one image after the other', () => {
    // 3 finds it full and is passed on; 4 takes the place of 1; 5 that of 4, which came with the same batch.
    const pool = poolOf(2, scripted(0.5, 0.4, 0, 0.1, 0.49));
    const first = pool.exchange(images(1, 2, 3));
    expect([[...first.images.dataSync()], first.old(), pool.filled()]).toEqual([[1, 2, 3], 0, 2]);
    const second = pool.exchange(images(4, 5));
    expect([...second.images.dataSync()]).toEqual([1, 4]);
    expect(second.old()).toBe(1);
    expect([...pool.slot.variable.dataSync()]).toEqual([5, 2]);
  });

  it('gives the first 50 as they are, later half of them old, and stays as large', () => {
    const pool = poolOf(50, createRandom(3));
    let old = 0;
    for (let at = 0; at < 250; at++) {
      const given = pool.exchange(images(4 * at, 4 * at + 1, 4 * at + 2, 4 * at + 3));
      old += given.old();
      if (at < 12) expect([...given.images.dataSync()]).toEqual([4 * at, 4 * at + 1, 4 * at + 2, 4 * at + 3]);
      given.images.dispose();
    }
    expect(old / 950).toBeCloseTo(0.5, 1);
    expect(pool.filled()).toBe(50);
    const kept = [...pool.slot.variable.dataSync()];
    expect(new Set(kept).size).toBe(50);
    expect(kept.every((value) => value >= 0 && value < 1000)).toBe(true);
  });
});

describe('the step of CycleGAN-S', () => {
  const models: Model[] = [];
  afterEach(() => models.splice(0).forEach((model) => model.dispose()));
  const build = (changes: Partial<CyclePlan> = {}, random: RandomSource = createRandom(1)): Model => {
    const { model } = buildCycle(tf, { ...cycleganSmallPlan(tf), ...changes }, random);
    models.push(model);
    return model;
  };
  const image = (seed: number) => tf.tensor4d(numbers(4 * 32 * 32 * 3, seed), [4, 32, 32, 3]);
  const batchOf = (step: number) => ({ images: image(2 * step + 3), second: image(2 * step + 4) });
  const take = async (model: Model, step: number): Promise<Record<string, number>> => {
    const batch = batchOf(step);
    const read = await asWholeStep(tf, async () => {
      const { scalars, histograms = {} } = model.step(batch);
      const stacked = tf.stack(Object.values(scalars));
      tf.dispose([...Object.values(scalars), ...Object.values(histograms)]);
      const values = await stacked.data();
      stacked.dispose();
      return Object.fromEntries(Object.keys(scalars).map((tag, at) => [tag, values[at]!]));
    });
    tf.dispose([batch.images, batch.second]);
    return read;
  };

  it('has the losses and gradients of PyTorch over four steps, pools included', async () => {
    // fixtures/cyclegan_step.py
    let drawn = 0;
    const next = () => (++drawn * 0.37 + 0.11) % 1;
    const random = { ...createRandom(1), next, below: (n: number) => Math.floor(next() * n) };
    const adam = { learningRate: () => 0.002, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, l2: 0 };
    const model = build({ poolSize: 6, optimizer: (trainable) => createAdam(tf, trainable, adam) }, random);
    const seeds = { 'generator/ab': 100, 'generator/ba': 200, 'discriminator/a': 300, 'discriminator/b': 400 };
    for (const [network, seed] of Object.entries(seeds)) {
      model.variables
        .filter(({ name }) => name.startsWith(network))
        .forEach(({ variable }, at) => {
          const scale = variable.rank === 1 ? 0.1 : 0.2;
          const values = numbers(variable.size, seed + at).map((value) => scale * value);
          tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
        });
    }
    for (const [step, wanted] of reference.entries()) {
      const found = await take(model, step);
      for (const [tag, value] of Object.entries(wanted)) {
        const off = Math.abs(found[tag]! / value - 1);
        // Exact while the weights are. A ReLU whose input is rounded across 0 moves a gradient by 1e-4, and Adam's first
        // step is the gradients' signs.
        const isLoss = tag.startsWith('loss/');
        const tolerance = step === 0 ? (isLoss ? 2e-6 : 1e-3) : isLoss ? 1e-2 : 5e-2;
        expect(off, `step ${step}, ${tag}: ${found[tag]}, ${value}`).toBeLessThan(tolerance);
      }
      expect(found['pool/old_fraction']! > 0).toBe(step > 0);
    }
  });

  it('is one function of TensorFlow, whichever images the pools give', async () => {
    const model = build({ poolSize: 6 });
    for (let step = 0; step < 3; step++) await take(model, step);
    const made = () => (tf.backend() as { steps?: { functionsMade(): number } }).steps?.functionsMade();
    const before = made();
    for (let step = 3; step < 8; step++) await take(model, step);
    expect(made()).toBe(before);
  });

  it('each turn changes its own networks only, and no turn leaves a tensor but the fakes of a step', async () => {
    const model = build({ poolSize: 2 });
    await take(model, 0);
    const batch = batchOf(1);
    const tensors = tf.memory().numTensors;
    for (const turn of model.turns) {
      const weights = bitsOf(model);
      const { scalars } = turn.take(batch);
      tf.dispose(Object.values(scalars));
      const changed = bitsOf(model).filter(({ bits }, at) => bits !== weights[at]!.bits);
      expect(changed.map(({ name }) => name.split('/')[0])).toEqual(changed.map(() => turn.network));
      expect(new Set(changed.map(({ name }) => name.split('/')[1])).size).toBe(2);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([batch.images, batch.second]);
  });

  it('goes on from its variables, slots and counters as if it had never stopped', async () => {
    const [first, then] = [createRandom(5), createRandom(6)];
    const [one, other] = [build({ poolSize: 6 }, first), build({ poolSize: 6 }, then)];
    for (let step = 0; step < 3; step++) await take(one, step);
    const named = ({ variables, slots }: Model) => [...variables, ...slots];
    named(one).forEach(({ name, variable }, at) => {
      const own = named(other)[at]!;
      expect(own.name).toBe(name);
      const values = variable.dataSync();
      tf.tidy(() => own.variable.assign(tf.tensor(values, variable.shape)));
    });
    other.restoreCounters(one.counters());
    then.restore(first.state());
    expect(one.counters()).toEqual({ 'pool/a': 6, 'pool/b': 6, 'updates/generator': 3, 'updates/discriminator': 3 });
    expect(await take(other, 3)).toEqual(await take(one, 3));
    expect(bitsOf(other)).toEqual(bitsOf(one));
  });

  it('leaves the identity loss out where it weighs nothing', async () => {
    const tags = Object.keys(await take(build({ identityWeight: 0 }), 0));
    expect(tags).toEqual([
      ...['loss/g', 'loss/g_ab', 'loss/g_ba', 'loss/cycle_a', 'loss/cycle_b', 'grad/g_norm', 'lr/g'],
      ...['loss/d', 'loss/d_a', 'loss/d_b', 'grad/d_norm', 'lr/d', 'pool/old_fraction'],
    ]);
  });

  it('without images of a second domain is a mistake', () => {
    const images = image(1);
    expect(() => build().step({ images })).toThrow('images of both');
  });
});
