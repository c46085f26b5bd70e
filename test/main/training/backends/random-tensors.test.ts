// Tensors that TensorFlow draws against the numbers that other backends get.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { findDataSet } from '../../../../src/main/datasets/list.ts';
import type { CapturingAddon } from '../../../../src/main/training/backends/captured-steps.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { asWholeStep } from '../../../../src/main/training/backends/whole-step.ts';
import { drawMask, drawNormal, drawUniform } from '../../../../src/main/training/draws.ts';
import { philoxMask, philoxNormal, philoxUniform, type Key } from '../../../../src/main/training/philox.ts';
import { disposeBatch, prepare, stepBatch } from '../../../../src/main/training/prepare.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import { readReport } from '../../../../src/main/training/reading.ts';
import { findRecipe } from '../../../../src/main/training/recipes/list.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { captureState } from '../../../../src/main/training/state.ts';
import { resolveParameters, type ParameterValues } from '../../../../src/shared/parameters.ts';
import { describeNative } from './native.ts';

/** Recipe, preset, steps and changes of its settings. */
type Training = [string, string, number, ParameterValues];

describeNative('a random tensor of native TensorFlow', () => {
  let tf: TensorFlow;
  let addon: CapturingAddon;
  beforeAll(async () => {
    ({ tf } = await openBackend('tensorflow'));
    addon = (tf.backend() as TF.KernelBackend & { binding: CapturingAddon }).binding;
  });

  const numbersOf = async (tensor: TF.Tensor): Promise<Float32Array> => {
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    return values;
  };
  const unequal = (one: Float32Array, other: Float32Array): number =>
    one.length === other.length ? one.filter((value, at) => value !== other[at]).length : Infinity;
  // The first has the bits of two floats that are no numbers, which must arrive as they are.
  const keys: Key[] = [
    [0x7fc12345, 0xffffffff],
    [0, 0],
    [0x76543210, 0xfedcba98],
  ];

  it.each([1, 6, 1001, 100_003])('of %i uniform numbers or a mask is the same bit for bit', async (n) => {
    for (const key of keys) {
      for (const [low, high] of [
        [0, 1],
        [-1, 1],
        [-1.7320508, 1.7320508],
        [0.3, 0.7],
      ] as const) {
        const found = await numbersOf(drawUniform(tf, () => key, [n], low, high));
        expect(unequal(found, philoxUniform(key, n, low, high))).toBe(0);
      }
      for (const keep of [0.5, 0.8, 1]) {
        expect(unequal(await numbersOf(drawMask(tf, () => key, [n], keep)), philoxMask(key, n, keep))).toBe(0);
      }
    }
  });

  it.each([1, 6, 1001, 100_003])('of %i normal numbers is the same but for rounding', async (n) => {
    for (const key of keys) {
      for (const [mean, deviation] of [
        [0, 1],
        [2, 0.5],
      ] as const) {
        const found = await numbersOf(drawNormal(tf, () => key, [n], mean, deviation));
        const expected = philoxNormal(key, n, mean, deviation);
        expect(found).toHaveLength(n);
        expect(found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0)).toBeLessThan(
          1e-6,
        );
      }
    }
  });

  it('is drawn by TensorFlow in one function for all steps, anew in each, from the words of the stream', async () => {
    const [random, other] = [createRandom(4), createRandom(4)];
    const key = (): Key => [other.next() * 2 ** 32, other.next() * 2 ** 32];
    const step = () =>
      asWholeStep(tf, async () => {
        const drawn = [
          random.uniformTensor(tf, [3, 2, 1, 5], -1, 1),
          random.normalTensor(tf, [4, 2], 0, 1),
          random.maskTensor(tf, [7], 0.5),
        ];
        const numbers = [];
        for (const tensor of drawn) numbers.push(...(await tensor.data()));
        expect(drawn.map(({ shape, dtype }) => [shape, dtype])).toEqual([
          [[3, 2, 1, 5], 'float32'],
          [[4, 2], 'float32'],
          [[7], 'float32'],
        ]);
        tf.dispose(drawn);
        return Float32Array.from(numbers);
      });
    const before = { tensors: tf.memory().numTensors, native: addon.getNumOfTensors() };
    const made: number[] = [];
    for (let at = 0; at < 5; at++) {
      const functions = addon.functionsMade();
      const found = await step();
      made.push(addon.functionsMade() - functions);
      const expected = [
        ...philoxUniform(key(), 30, -1, 1),
        ...philoxNormal(key(), 8, 0, 1),
        ...philoxMask(key(), 7, 0.5),
      ];
      expect(found).toHaveLength(expected.length);
      found.forEach((value, place) => expect(Math.abs(value - expected[place]!)).toBeLessThan(1e-6));
    }
    expect(made.slice(1)).toEqual([0, 0, 0, 0]);
    expect(made[0]).toBeGreaterThan(0);
    expect({ tensors: tf.memory().numTensors, native: addon.getNumOfTensors() }).toEqual(before);
    expect(random.state()).toEqual(other.state());
  });

  // Latents and dropout of dcgan28; the points of the critic's penalty. Single operations: as a function TensorFlow joins
  // some of them otherwise, which moves the last bit (captured-steps.test.ts).
  it.each([
    ['dcgan28', 'small', 100, {}],
    ['toy', 'wgan-gp', 10, { prior: 'uniform', generatorUnits: 16, discriminatorUnits: 16 }],
  ])('trains %s %s for %i steps to the weights that draws in JavaScript give, bit for bit', async (...what) => {
    const train = () => trainedWeights(...(what as Training));
    const drawn = await train();
    expect(await withoutKernels(train)).toEqual(drawn);
  });

  async function trainedWeights(...[recipe, preset, steps, changes]: Training): Promise<Map<string, Float32Array>> {
    const { parameters: table, presets } = findRecipe(recipe);
    const parameters = resolveParameters(table, presets, preset, { batchSize: 16, ...changes });
    const facts = findDataSet(recipe === 'toy' ? 'ring' : 'glyphs');
    const spec = { recipe, preset, parameters, data: facts.id, seed: 3, steps, backend: 'auto' } as const;
    const prepared = prepare(tf, spec, await facts.open(''), facts);
    for (let at = 0; at < steps; at++) {
      const next = prepared.batches.next();
      const batch = stepBatch(prepared, () => next);
      const report = prepared.model.step(batch);
      disposeBatch(prepared, batch);
      await readReport(prepared, report, false);
    }
    const { weights } = await captureState(prepared, steps, {});
    prepared.model.dispose();
    return new Map(weights.map(({ name, values }) => [name, values.slice() as Float32Array]));
  }

  async function withoutKernels<Result>(work: () => Promise<Result>): Promise<Result> {
    const kernels = ['DrawUniform', 'DrawNormal', 'DrawMask'].map((name) => tf.getKernel(name, 'tensorflow'));
    for (const { kernelName } of kernels) tf.unregisterKernel(kernelName, 'tensorflow');
    try {
      return await work();
    } finally {
      for (const kernel of kernels) tf.registerKernel(kernel);
    }
  }
});
