// Steps taken again without JavaScript against the same steps taken by it, bit for bit.

import type * as TF from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { cycleganSmall } from '../../../../bench/train/cyclegan-small.ts';
import { findDataSet } from '../../../../src/main/datasets/list.ts';
import type { CapturingAddon } from '../../../../src/main/training/backends/captured-steps.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { createReplayedSteps } from '../../../../src/main/training/backends/replayed-steps.ts';
import { feedScalar } from '../../../../src/main/training/feeds.ts';
import { prepare, type Prepared } from '../../../../src/main/training/prepare.ts';
import { findRecipe, recipes } from '../../../../src/main/training/recipes/list.ts';
import type { Model, Recipe, TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { captureState, restoreState } from '../../../../src/main/training/state.ts';
import { createSteps, type Steps } from '../../../../src/main/training/steps.ts';
import { resolveParameters, type ParameterValues } from '../../../../src/shared/parameters.ts';
import { openTiny, tinyValues } from '../recipes/tiny.ts';
import { describeNative } from './native.ts';

const STEPS = 12;
/** Steps that JavaScript takes before it is sure: the first makes variables of the weights. */
const FIRST = 3;

describeNative('a replayed step', () => {
  let tf: TensorFlow;
  let addon: CapturingAddon;
  beforeAll(async () => {
    ({ tf } = await openBackend('tensorflow'));
    ({ binding: addon } = tf.backend() as TF.KernelBackend & { readonly binding: CapturingAddon });
  });

  interface Training {
    readonly prepared: Prepared;
    readonly steps: Steps;
    /** Steps that the model was asked for. */
    taken(): number;
  }
  const trainings: Training[] = [];
  afterEach(() => trainings.splice(0).forEach(({ prepared }) => prepared.model.dispose()));

  async function start(recipe: Recipe, preset: string, isReplayed: boolean, changes: ParameterValues = {}) {
    const values = { ...tinyValues(recipe.id), batchSize: 4, ...changes };
    const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, values);
    const facts = findDataSet(recipe.takes === 'points' ? 'ring' : 'glyphs');
    const spec = {
      recipe: recipe.id,
      preset,
      parameters,
      data: facts.id,
      seed: 7,
      steps: 100,
      backend: 'auto',
    } as const;
    const prepared = prepare(tf, spec, await openData(recipe, spec), { ...facts, kind: recipe.takes }, recipe);
    let taken = 0;
    const step: Model['step'] = (batch) => {
      taken += 1;
      return prepared.model.step(batch);
    };
    const { form, ...others } = prepared.model;
    const model = { ...others, step, ...(isReplayed && form && { form }) };
    const training = { prepared, steps: createSteps({ ...prepared, model }), taken: () => taken };
    trainings.push(training);
    return training;
  }

  async function openData(recipe: Recipe, spec: Parameters<typeof openTiny>[0]) {
    if (recipe.takes !== 'pairs') return openTiny(spec);
    const noise = await openTiny({ ...spec, recipe: 'began', parameters: tinyValues('began') });
    const domain = {
      ...{ ...noise, height: 32, width: 32, channels: 3 },
      read: (indices: Uint32Array) => Uint8Array.from({ length: indices.length * 3072 }, (_, at) => indices[at % indices.length]! * 97 + at * 31), // prettier-ignore
    };
    return { ...domain, second: domain };
  }

  async function take({ prepared, steps }: Training, withHistograms = false): Promise<[string, number][]> {
    const { values, weightSum } = await steps.take(prepared.batches.next(), withHistograms);
    prepared.model.follow?.(values);
    return [...values, ['weights', weightSum]];
  }

  /** All that a checkpoint keeps, numbers as bits. */
  async function stateOf({ prepared }: Training) {
    const { weights, others, metadata } = await captureState(prepared, 0, {});
    const bits = [...weights, ...others].map(({ name, values }) => [name, Buffer.from(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength)).toString('base64')]); // prettier-ignore
    return { bits, metadata };
  }

  const everyPreset = recipes.flatMap(({ id, presets }) => presets.map((preset): [string, string] => [id, preset.id]));

  it.each(everyPreset)('of %s %s leaves what the step itself leaves', async (id, preset) => {
    const [replayed, called] = [await start(findRecipe(id), preset, true), await start(findRecipe(id), preset, false)];
    for (let at = 0; at < STEPS; at++) {
      const withHistograms = at === STEPS - 3;
      expect(await take(replayed, withHistograms), `step ${at}`).toEqual(await take(called, withHistograms));
    }
    expect(await stateOf(replayed)).toEqual(await stateOf(called));
    expect(called.taken()).toBe(STEPS);
    // While residuals vanish no two steps are the same.
    const isNever = id === 'began' && preset === 'paper';
    if (isNever) expect(replayed.taken()).toBe(STEPS);
    else expect(replayed.taken()).toBeLessThanOrEqual(FIRST + 3);
  });

  it('of CycleGAN, pools included, leaves what the step itself leaves', async () => {
    const [replayed, called] = [await start(cycleganSmall, 'app', true), await start(cycleganSmall, 'app', false)];
    for (let at = 0; at < 30; at++) expect(await take(replayed)).toEqual(await take(called));
    expect(await stateOf(replayed)).toEqual(await stateOf(called));
    expect(replayed.taken()).toBe(FIRST);
  });

  it('is another one where the operations differ, and comes back', async () => {
    // A balance that is below 0 first, then above.
    const changes = { gamma: 1, kGain: 1 };
    const [replayed, called] = [
      await start(findRecipe('began'), 'smallest', true, changes),
      await start(findRecipe('began'), 'smallest', false, changes),
    ];
    const ks = new Set<boolean>();
    for (let at = 0; at < 40; at++) {
      ks.add(replayed.prepared.model.form!()!.endsWith('above 0'));
      expect(await take(replayed)).toEqual(await take(called));
    }
    expect([...ks]).toHaveLength(2);
    expect(replayed.taken()).toBeLessThan(12);
  });

  it('goes on from a state that was put back', async () => {
    const training = await start(findRecipe('gan-mlp'), 'app', true);
    for (let at = 0; at < 6; at++) await take(training);
    const content = await captureState(training.prepared, 6, {});
    const first = [await take(training), await take(training), await take(training), await take(training)];
    restoreState(training.prepared, content);
    expect([await take(training), await take(training), await take(training), await take(training)]).toEqual(first);
  });

  it('leaves what others hold of a weight as it was', async () => {
    const training = await start(findRecipe('dcgan28'), 'small', true);
    for (let at = 0; at < 6; at++) await take(training);
    const held = training.prepared.model.variables.map(({ variable }) => tf.clone(variable));
    const before = held.map((tensor) => tensor.dataSync().slice());
    const taken = training.taken();
    for (let at = 0; at < 3; at++) await take(training);
    expect(training.taken()).toBeGreaterThan(taken);
    held.forEach((tensor, at) => expect(tensor.dataSync()).toEqual(before[at]));
    expect(training.prepared.model.variables[0]!.variable.dataSync()).not.toEqual(before[0]);
    tf.dispose(held);
  });

  it('leaves as many tensors as there were', async () => {
    const training = await start(findRecipe('dcgan28'), 'small', true);
    for (let at = 0; at < 5; at++) await take(training);
    const count = () => ({ tensors: tf.memory().numTensors, native: addon.getNumOfTensors() });
    const before = count();
    for (let at = 0; at < 30; at++) await take(training);
    expect(count()).toEqual(before);
    expect(training.taken()).toBe(FIRST);
  });

  /** x grows by a number in every step, which reads it. */
  function grow(numberOf: () => TF.Scalar) {
    const x = tf.variable(tf.scalar(0));
    const replayed = createReplayedSteps(tf, [x]);
    let calls = 0;
    const step = async () => {
      const taken = await replayed.take('', async () => {
        calls += 1;
        tf.tidy(() => x.assign(tf.add(x, numberOf())));
        const read = tf.tidy(() => tf.mul(x, 1));
        const values = (await read.data()) as Float32Array;
        read.dispose();
        return values;
      });
      return ('numbers' in taken ? taken.numbers : taken.result)[0]!;
    };
    return { x, step, calls: () => calls };
  }

  it('has numbers of its own where they are fed', async () => {
    let count = 0;
    const { x, step, calls } = grow(() => feedScalar(tf, () => ++count));
    const seen = [];
    for (let at = 0; at < 8; at++) seen.push(await step());
    expect(seen).toEqual([1, 3, 6, 10, 15, 21, 28, 36]);
    expect(calls()).toBeLessThan(4);
    x.dispose();
  });

  it('keeps nothing of what a step disposes after its read', async () => {
    const x = tf.variable(tf.scalar(0));
    const replayed = createReplayedSteps(tf, [x]);
    let calls = 0;
    const step = () =>
      replayed.take('', async () => {
        calls += 1;
        const twice = tf.mul(x, 2);
        tf.tidy(() => x.assign(tf.add(x, 1)));
        const read = tf.add(twice, 0);
        const values = await read.data();
        tf.dispose([read, twice]);
        return values;
      });
    for (let at = 0; at < 5; at++) await step();
    const before = addon.getNumOfTensors();
    for (let at = 0; at < 20; at++) await step();
    expect(addon.getNumOfTensors()).toBe(before);
    expect(calls).toBeLessThan(5);
    expect(x.dataSync()[0]).toBe(25);
    x.dispose();
  });

  it('is compared now and then: numbers that no feed told of end the run', async () => {
    let rate = 1;
    const { x, step } = grow(() => tf.scalar(rate));
    for (let at = 0; at < 10; at++) await step();
    rate = 2;
    const more = async () => {
      for (let at = 0; at < 600; at++) await step();
    };
    await expect(more()).rejects.toThrow(/other numbers than the steps before it/);
    x.dispose();
  });

  it('is not taken of steps whose numbers differ from the start, nor of those that leave something behind', async () => {
    let count = 0;
    const differing = grow(() => tf.scalar(++count));
    for (let at = 0; at < 6; at++) await differing.step();
    expect(differing.x.dataSync()[0]).toBe(21);
    const left: TF.Tensor[] = [];
    const leaving = grow(() => {
      left.push(tf.keep(tf.add(tf.scalar(1), 1)));
      return tf.scalar(1);
    });
    for (let at = 0; at < 6; at++) await leaving.step();
    expect(left).toHaveLength(6);
    expect(left.map((tensor) => tensor.dataSync()[0])).toEqual([2, 2, 2, 2, 2, 2]);
    tf.dispose([differing.x, leaving.x, ...left]);
  });
});
