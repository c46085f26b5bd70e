// Native TensorFlow: what it says of itself, and over many operations. Its numbers are in references.test.ts.

import type { KernelBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { OpenedBackend, TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { describeNative } from './native.ts';
import { cases, evaluate, numbers } from './operations.ts';

describeNative('native TensorFlow', () => {
  let tf: TensorFlow;
  let native: OpenedBackend;

  beforeAll(async () => {
    native = await openBackend('tensorflow');
    ({ tf } = native);
  });

  it('names its version, device and threads', () => {
    expect(native).toMatchObject({ id: 'tensorflow', version: expect.stringMatching(/^2\.\d+\.\d+/) as string });
    expect(native.device).not.toBe('');
    expect(native.threads).toBeGreaterThan(0);
  });

  it('is what `auto` takes', async () => {
    expect((await openBackend('auto')).id).toBe('tensorflow');
  });

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
    const round = async (): Promise<void> => {
      for (const test of cases) await evaluate(tf, test);
    };
    await round();
    const before = { ...native.memory(), inLibrary: addon.getNumOfTensors() };
    let operations = 0;
    while (operations < 2_000) {
      await round();
      // Each case is at least an output, a product, a sum and their gradients.
      operations += 8 * cases.length;
    }
    expect({ ...native.memory(), inLibrary: addon.getNumOfTensors() }).toEqual(before);
  });
});
