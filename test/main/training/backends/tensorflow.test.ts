// Native TensorFlow against plain JavaScript, and over many operations.

import type { KernelBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { OpenedBackend, TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { cases, distance, evaluate, numbers } from './cases.ts';
import { describeNative } from './native.ts';

describeNative('native TensorFlow', () => {
  let tf: TensorFlow;
  let native: OpenedBackend;

  beforeAll(async () => {
    ({ tf } = await openBackend('cpu'));
    native = await openBackend('tensorflow');
  });

  it('names its version, device and threads', () => {
    expect(native).toMatchObject({ id: 'tensorflow', version: expect.stringMatching(/^2\.\d+\.\d+/) as string });
    expect(native.device).not.toBe('');
    expect(native.threads).toBeGreaterThan(0);
  });

  it('is what `auto` takes', async () => {
    expect((await openBackend('auto')).id).toBe('tensorflow');
  });

  for (const [name, test] of Object.entries(cases)) {
    it(`computes ${name} and its gradients as plain JavaScript does`, async () => {
      await tf.setBackend('cpu');
      const reference = evaluate(tf, test);
      await tf.setBackend('tensorflow');
      expect(distance(evaluate(tf, test), reference)).toBeLessThan(2e-5);
    });
  }

  it('takes a step of Adam and gives the same bits again', async () => {
    await tf.setBackend('tensorflow');
    const train = (): Float32Array => {
      const weights = tf.variable(tf.tensor2d(numbers(12, 3), [4, 3]));
      const input = tf.tensor2d(numbers(20, 4), [5, 4]);
      const optimizer = tf.train.adam(0.01, 0.5);
      for (let step = 0; step < 5; step++) {
        optimizer.minimize(() => tf.mean(tf.square(tf.matMul(input, weights))), false, [weights]);
      }
      const values = Float32Array.from(weights.dataSync());
      tf.dispose([weights, input]);
      optimizer.dispose();
      return values;
    };
    const first = train();
    expect(train()).toEqual(first);
    expect(first).not.toEqual(numbers(12, 3));
  });

  it('leaves no tensor behind after 2,000 operations and their gradients', async () => {
    await tf.setBackend('tensorflow');
    const addon = (tf.backend() as KernelBackend & { binding: { getNumOfTensors(): number } }).binding;
    const round = (): void => void Object.values(cases).map((test) => evaluate(tf, test));
    round();
    const before = { ...native.memory(), inLibrary: addon.getNumOfTensors() };
    let operations = 0;
    while (operations < 2_000) {
      round();
      // Each case is at least an output, a product, a sum and their gradients.
      operations += 8 * Object.keys(cases).length;
    }
    expect({ ...native.memory(), inLibrary: addon.getNumOfTensors() }).toEqual(before);
  });
});
