// What a step of two players is made of: who moves when and with which latents, what a critic's penalty is worth.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { findLoss } from '../../../../src/main/training/losses.ts';
import type { Network } from '../../../../src/main/training/networks/build.ts';
import type { Initializer, NetworkPlan } from '../../../../src/main/training/networks/layers.ts';
import { createAdam, type Optimizer } from '../../../../src/main/training/networks/optimizers.ts';
import { buildPair, type TwoPlayers } from '../../../../src/main/training/networks/two-players.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import type { RandomSource, StepReport, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import penalty from '../fixtures/gradient-penalty.json' with { type: 'json' };

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const wave = (count: number, k: number, size: number): Initializer => ({
  kind: 'values',
  values: Float32Array.from({ length: count }, (_, i) => size * Math.sin(i * k + 1)),
});
/** The networks of fixtures/gradient_penalty.py. */
const generator: NetworkPlan = {
  name: 'generator',
  input: [2],
  layers: [
    { kind: 'dense', name: 'point', units: 4, initializer: wave(8, 0.6, 1.2), bias: wave(4, 0.8, 0.5) },
    { kind: 'reshape', name: 'image', shape: [1, 4, 1] },
  ],
};
const discriminator: NetworkPlan = {
  name: 'discriminator',
  input: [1, 4, 1],
  layers: [
    { kind: 'reshape', name: 'flat', shape: [4] },
    { kind: 'dense', name: 'dense1', units: 5, initializer: wave(20, 0.7, 0.8), bias: wave(5, 0.3, 0.2) },
    { kind: 'activation', name: 'tanh', of: 'tanh' },
    { kind: 'dense', name: 'dense2', units: 3, initializer: wave(15, 1.1, 0.9), bias: wave(3, 0.9, 0.1) },
    { kind: 'activation', name: 'leaky', of: 'leaky-relu', slope: 0.2 },
    { kind: 'dense', name: 'logit', units: 1, initializer: wave(3, 0.5, 1.5), bias: wave(1, 1, 0.3) },
  ],
};
const adam = (network: Network): Optimizer =>
  createAdam(tf, network.trainable, { learningRate: () => 0.01, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, l2: 0 });
const plan = (changes: Partial<TwoPlayers>): TwoPlayers => ({
  ...{ generator, discriminator, target: 1, latentSize: 2, latentLimit: 1, classes: 0, optimizer: adam },
  loss: findLoss('non-saturating'),
  ...changes,
});
const images = (count: number): TF.Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: count * 4 }, (_, i) => Math.sin(i * 1.7 + 1)),
    [count, 1, 4, 1],
  );
const numbersOf = (report: StepReport): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries({ ...report.scalars, ...report.histograms }).map(([tag, tensor]) => [tag, [...tensor.dataSync()]]),
  );

/** Each draw gives the same even numbers, so that a second program can draw them too. */
const evenRandom: RandomSource = {
  ...createRandom(1),
  uniformTensor: (_tf, shape, low, high) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const even = Float32Array.from({ length: count }, (_, i) => low + (high - low) * ((i * 0.37 + 0.11) % 1));
    return tf.tensor(even, [...shape]);
  },
};

describe('the Wasserstein critic', () => {
  it('has the loss, the penalty and the weight gradients that JAX works out in double precision', () => {
    const seen: Record<string, Float32Array> = {};
    const watching = (network: Network): Optimizer => ({
      ...adam(network),
      apply(gradients) {
        network.trainable.forEach(({ name }, at) => (seen[name] = new Float32Array(gradients[at]!.dataSync())));
        return tf.scalar(0);
      },
    });
    const { model } = buildPair(tf, plan({ loss: findLoss('wasserstein'), optimizer: watching }), evenRandom);
    const numbers = numbersOf(model.turns[0]!.take({ images: images(3) }));
    for (const [tag, value] of Object.entries(penalty.scalars)) expect(numbers[tag]![0], tag).toBeCloseTo(value, 4);
    for (const [name, values] of Object.entries(penalty.gradients)) {
      const found = seen[`discriminator/${name}`]!;
      expect(found).toHaveLength(values.length);
      // Single precision: 1e-5 of the greatest gradient, which is about 10.
      values.forEach((value, at) => expect(Math.abs(found[at]! - value), `${name} ${at}`).toBeLessThan(1e-4));
    }
    expect(Object.keys(numbers)).not.toContain('prob/d_real');
    expect(Object.keys(numbers)).not.toContain('acc/d_real');
  });

  it('gets real images of its own for each of its updates, and the generator one update', () => {
    const { model } = buildPair(tf, plan({ loss: findLoss('wasserstein'), discriminatorUpdates: 3 }), createRandom(1));
    expect(model.turns.map(({ network }) => network)).toEqual([...Array<string>(3).fill('discriminator'), 'generator']);
    const batch = { images: images(6) };
    const other = buildPair(tf, plan({ loss: findLoss('wasserstein') }), createRandom(1)).model;
    for (const at of [0, 1, 2]) {
      const own = { images: tf.slice(batch.images, [2 * at, 0, 0, 0], [2, 1, 4, 1]) };
      expect(numbersOf(model.turns[at]!.take(batch))).toEqual(numbersOf(other.turns[0]!.take(own)));
    }
    expect(numbersOf(model.turns[3]!.take(batch))['hist/z']).toHaveLength(4);
    expect(model.counters()).toMatchObject({ 'updates/discriminator': 3, 'updates/generator': 1 });
    expect(() => model.step({ images: images(7) })).toThrow('7 images for 3 updates');
  });
});

describe('the order of a step', () => {
  const orderOf = (changes: Partial<TwoPlayers>) =>
    buildPair(tf, plan(changes), createRandom(1)).model.turns.map(({ network }) => network[0]);

  it('is as the plan says', () => {
    expect(orderOf({})).toEqual(['d', 'g']);
    expect(orderOf({ order: 'generator-first' })).toEqual(['g', 'd']);
    expect(orderOf({ order: 'one-pass' })).toEqual(['g', 'd']);
    expect(orderOf({ generatorUpdates: 2 })).toEqual(['d', 'g', 'g']);
  });

  it('one pass: the discriminator learns from the fakes that the generator made before its update', () => {
    const { model, generator: g, discriminator: d } = buildPair(tf, plan({ order: 'one-pass' }), createRandom(3));
    const z = createRandom(3).uniformTensor(tf, [2, 2], -1, 1);
    const before = tf.tidy(() => [...d.forward(g.forward(z, { training: true }), { training: true }).dataSync()]);
    const batch = { images: images(2) };
    const [first, second] = model.turns.map((turn) => numbersOf(turn.take(batch)));
    expect(first!['hist/z']).toEqual([...z.dataSync()]);
    expect(second!['hist/d_fake_logit']).toEqual(before);
    const after = tf.tidy(() => [...d.forward(g.forward(z, { training: true }), { training: true }).dataSync()]);
    expect(after).not.toEqual(before);
  });

  it('one z for all updates of a step where the plan says so, and a fresh one for the next step', () => {
    const {
      model,
      generator: g,
      discriminator: d,
    } = buildPair(tf, plan({ generatorUpdates: 2, sameLatents: true }), createRandom(5));
    const batch = { images: images(2) };
    const random = createRandom(5);
    const [z, next] = [random.uniformTensor(tf, [2, 2], -1, 1), random.uniformTensor(tf, [2, 2], -1, 1)];
    const fakes = tf.tidy(() => [...d.forward(g.forward(z, { training: true }), { training: true }).dataSync()]);
    const reports = model.turns.map((turn) => numbersOf(turn.take(batch)));
    expect(reports[0]!['hist/d_fake_logit']).toEqual(fakes);
    expect(reports[1]!['hist/z']).toEqual([...z.dataSync()]);
    expect(reports[2]!['hist/z']).toEqual([...z.dataSync()]);
    expect(numbersOf(model.step(batch))['hist/z']).toEqual([...next.dataSync()]);
  });

  it('two generator updates give the scalars of the second and leave no tensor of the first', () => {
    const changes = { generatorUpdates: 2, order: 'generator-first', sameLatents: true } as const;
    const { model } = buildPair(tf, plan(changes), createRandom(5));
    const batch = { images: images(2) };
    const reportOf = () => {
      const report = model.step(batch);
      const numbers = numbersOf(report);
      tf.dispose([...Object.values(report.scalars), ...Object.values(report.histograms!)]);
      return numbers;
    };
    reportOf();
    const tensors = tf.memory().numTensors;
    reportOf();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(model.counters()).toEqual({ 'updates/generator': 4, 'updates/discriminator': 2 });
  });

  it('says what D believes of fakes before and after its update, where the plan asks', () => {
    const { model } = buildPair(tf, plan({ reportsBeliefTwice: true, sameLatents: true }), createRandom(5));
    const numbers = numbersOf(model.step({ images: images(8) }));
    expect(numbers['prob/d_fake_pre']).toEqual(numbers['prob/d_fake']);
    // The same z: the update has made D surer that these are fakes.
    expect(numbers['prob/d_fake_post']![0]).toBeLessThan(numbers['prob/d_fake_pre']![0]!);
  });
});

describe('the prior', () => {
  const spread = (changes: Partial<TwoPlayers>) => {
    const values = buildPair(tf, plan(changes), createRandom(1)).model.latents(10_000);
    const most = values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
    return { most, variance: values.reduce((sum, value) => sum + value ** 2, 0) / values.length };
  };

  it('is uniform within its limit, variance limit^2 / 3, or standard normal', () => {
    const uniform = spread({ latentLimit: 3 });
    expect(uniform.most).toBeLessThanOrEqual(3);
    expect(uniform.variance).toBeCloseTo(3, 1);
    const normal = spread({ prior: 'normal' });
    expect(normal.most).toBeGreaterThan(3.5);
    expect(normal.variance).toBeCloseTo(1, 1);
  });
});
