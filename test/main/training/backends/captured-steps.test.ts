// Steps that TensorFlow computes as one function against the same steps executed operation by operation.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { OpenDataSet } from '../../../../src/main/datasets/dataset.ts';
import { findDataSet } from '../../../../src/main/datasets/list.ts';
import type { CapturingAddon } from '../../../../src/main/training/backends/captured-steps.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { asWholeStep, type Steps } from '../../../../src/main/training/backends/whole-step.ts';
import { disposeBatch, prepare, stepBatch, type Prepared } from '../../../../src/main/training/prepare.ts';
import { readReport } from '../../../../src/main/training/reading.ts';
import { findRecipe } from '../../../../src/main/training/recipes/list.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { shapeFor } from '../../../../src/main/training/recipes/shape.ts';
import { captureState, restoreState } from '../../../../src/main/training/state.ts';
import { resolveParameters } from '../../../../src/shared/parameters.ts';
import { describeNative } from './native.ts';

type Native = TF.KernelBackend & { readonly binding: CapturingAddon; steps?: Steps };

describeNative('a captured step', () => {
  let tf: TensorFlow;
  let native: Native;
  beforeAll(async () => {
    ({ tf } = await openBackend('tensorflow'));
    native = tf.backend() as Native;
  });

  /** Runs it as the loop does, but each operation at once. */
  async function uncaptured<Result>(work: () => Promise<Result>): Promise<Result> {
    const { steps } = native;
    delete native.steps;
    try {
      return await work();
    } finally {
      if (steps) native.steps = steps;
    }
  }

  async function prepareTiny(recipe: string, preset: string, changes: Record<string, number | string>) {
    const { parameters: table, presets } = findRecipe(recipe);
    const parameters = resolveParameters(table, presets, preset, { batchSize: 8, ...changes });
    const facts = findDataSet(recipe === 'toy' ? 'ring' : 'glyphs');
    const spec = { recipe, preset, parameters, data: facts.id, seed: 5, steps: 100, backend: 'auto' } as const;
    const view = shapeFor(findRecipe(recipe), parameters, facts);
    const data = facts.kind === 'points' ? await facts.open('') : noise(view.height, view.width, view.channels);
    return prepare(tf, spec, data, facts);
  }

  const noise = (height: number, width: number, channels: number): OpenDataSet => ({
    ...{ count: 40, height, width, channels, labels: new Uint8Array(40) },
    read: (indices) =>
      Uint8Array.from({ length: indices.length * height * width * channels }, (_, at) => (at * 2654435761) >>> 24),
    close() {},
  });

  async function step(prepared: Prepared, withHistograms = false) {
    const { values, distributions } = await asWholeStep(tf, () => {
      const next = prepared.batches.next();
      const batch = stepBatch(prepared, () => next);
      const report = prepared.model.step(batch);
      disposeBatch(prepared, batch);
      return readReport(prepared, report, withHistograms);
    });
    prepared.model.follow?.(values);
    return { values: [...values], distributions: [...distributions] };
  }

  const apart = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!) / Math.max(1, Math.abs(value))), 0);
  type Values = readonly (readonly [string, number])[];
  const distance = (one: Values, other: Values): number =>
    apart(
      one.map(([, value]) => value),
      other.map(([, value]) => value),
    );
  const count = () => ({ tensors: tf.memory().numTensors, native: native.binding.getNumOfTensors() });

  it('is what the addon can do', () => {
    expect(native.binding.capturesSteps).toBe(true);
  });

  it.each([
    ['dcgan28', 'small', {}],
    ['toy', 'wgan-gp', {}],
    ['dcgan28', 'small', { order: 'one-pass', generatorUpdates: 2 }],
    ['began', 'smallest', {}],
    ['gan-mlp', 'app', {}],
    ['dcgan28', 'reference', { prior: 'normal', generatorUnits: 64, discriminatorUnits: 64 }],
  ])(
    'of %s %s %j gives the numbers of the same step executed at once, to rounding',
    async (recipe, preset, changes) => {
      const prepared = await prepareTiny(recipe, preset, changes);
      // Each step from one state: whatever differs by rounding goes its own way soon.
      for (let at = 0; at < 6; at++) {
        const before = await captureState(prepared, at, {});
        const expected = await uncaptured(() => step(prepared, at % 3 === 2));
        restoreState(prepared, before);
        const found = await step(prepared, at % 3 === 2);
        expect(found.values.map(([tag]) => tag)).toEqual(expected.values.map(([tag]) => tag));
        expect(distance(found.values, expected.values)).toBeLessThan(1e-4);
        const numbers = ({ distributions }: typeof found) => distributions.flatMap(([, values]) => [...values]);
        expect(numbers(found).length).toBe(numbers(expected).length);
        expect(apart(numbers(found), numbers(expected))).toBeLessThan(1e-4);
      }
      prepared.model.dispose();
    },
  );

  it('gives the same numbers, bit for bit, whatever else the process has computed before', async () => {
    const run = async () => {
      const prepared = await prepareTiny('dcgan28', 'small', {});
      const reports = [];
      for (let at = 0; at < 4; at++) reports.push((await step(prepared, at === 2)).values.map(([, value]) => value));
      prepared.model.dispose();
      return reports;
    };
    expect(await run()).toEqual(await run());
  });

  it('is made once for all steps that do the same, and once more for each that does something else', async () => {
    const prepared = await prepareTiny('dcgan28', 'small', { batchSize: 7 });
    const made: number[] = [];
    for (const withHistograms of [false, false, false, true, false, true, false]) {
      const before = native.binding.functionsMade();
      await step(prepared, withHistograms);
      made.push(native.binding.functionsMade() - before);
    }
    prepared.model.dispose();
    // In the first step the weights come from JavaScript, from the second on they lie in variables.
    expect(made.slice(1)).toEqual([1, 0, 1, 0, 0, 0]);
  });

  it('leaves as many tensors as there were', async () => {
    const prepared = await prepareTiny('dcgan28', 'small', {});
    await step(prepared);
    await step(prepared);
    const before = count();
    for (let at = 0; at < 20; at++) await step(prepared);
    expect(count()).toEqual(before);
    prepared.model.dispose();
  });

  it('gives its tensors to what comes after it', async () => {
    const one = tf.tensor1d([1, 2, 3]);
    const sum = await asWholeStep(tf, async () => tf.tidy(() => tf.add(tf.mul(one, 2), tf.scalar(1))));
    expect(await tf.tidy(() => tf.neg(sum)).data()).toEqual(Float32Array.of(-3, -5, -7));
    one.dispose();
    expect(await sum.data()).toEqual(Float32Array.of(3, 5, 7));
    sum.dispose();
  });

  it('may read numbers on its way and go on with them', async () => {
    const start = tf.scalar(3);
    const doubled = await asWholeStep(tf, async () => {
      const square = tf.square(start);
      const [nine] = await square.data();
      const times = tf.mul(square, nine!);
      square.dispose();
      return times;
    });
    expect(await doubled.data()).toEqual(Float32Array.of(81));
    tf.dispose([start, doubled]);
  });

  it('may do what TensorFlow cannot foresee', async () => {
    const mask = tf.tensor1d([true, false, true]);
    const places = await asWholeStep(tf, async () => {
      const found = await tf.whereAsync(mask);
      const twice = tf.mul(found, 2);
      found.dispose();
      return twice;
    });
    expect([...(await places.data())]).toEqual([0, 4]);
    tf.dispose([mask, places]);
  });

  it('that fails says why and leaves the backend as it was', async () => {
    const [one, other] = [tf.ones([2, 3]), tf.ones([2, 3])];
    const run = asWholeStep(tf, async () => native.binding.executeOp('MatMul', [], await idsOf([one, other]), 1));
    await expect(run).rejects.toThrow(/MatMul|[Dd]imension/);
    const sum = await asWholeStep(tf, async () => tf.add(one, other));
    expect([...(await sum.data())]).toEqual([2, 2, 2, 2, 2, 2]);
    tf.dispose([one, other, sum]);
  });

  /** The addon's numbers of tensors, which it has once they were used. */
  async function idsOf(tensors: readonly TF.Tensor[]): Promise<number[]> {
    const { tensorMap } = native as unknown as { tensorMap: { get(dataId: object): { id: number } } };
    for (const tensor of tensors) tf.neg(tensor).dispose();
    return tensors.map(({ dataId }) => tensorMap.get(dataId).id);
  }
});
