// The composed kernels of the wasm backend against plain JavaScript, over every filter size, stride and padding.

import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenedBackend, TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { convolution, transposed, type Small } from './convolutions.ts';
import { expectFirstSteps } from './expect-first-steps.ts';
import { compareFirstSteps } from './one-step.ts';
import { distance, evaluate, numbers } from './operations.ts';

let tf: TensorFlow;
let wasm: OpenedBackend;

beforeAll(async () => {
  ({ tf } = await openBackend('cpu'));
  wasm = await openBackend('wasm');
});

async function compare(test: Small): Promise<number> {
  await tf.setBackend('cpu');
  const reference = await evaluate(tf, test);
  await tf.setBackend('wasm');
  const found = await evaluate(tf, test);
  return distance([...found.output, ...found.gradients], [...reference.output, ...reference.gradients]);
}

describe('the wasm backend', () => {
  for (const stride of [1, 2, 3]) {
    for (const pad of ['same', 'valid'] as const) {
      it(`has the gradients of conv2d for filters of 1 to 5, stride ${stride}, ${pad}`, async () => {
        for (const size of [1, 2, 3, 4, 5]) {
          for (const [height, width] of [
            [8, 8],
            [7, 9],
          ] as const) {
            const found = await compare(convolution({ size, stride, pad, height, width }));
            expect(found, `filter ${size}, ${height} x ${width}`).toBeLessThan(2e-5);
          }
        }
      });

      it(`has conv2dTranspose and its gradients for filters of 1 to 5, stride ${stride}, ${pad}`, async () => {
        for (const size of [1, 2, 3, 4, 5]) {
          expect(await compare(transposed({ size, stride, pad })), `filter ${size}`).toBeLessThan(2e-5);
        }
      });
    }
  }

  it('has the gradients of conv2d with explicit padding and unequal strides', async () => {
    const padded: Small = {
      ...convolution({ size: 3, stride: 1, pad: 'same', height: 8, width: 8 }),
      run: (core, x, w) =>
        core.conv2d(x as Tensor4D, w as Tensor4D, 2, [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ]),
    };
    const unequal: Small = {
      ...padded,
      run: (core, x, w) => core.conv2d(x as Tensor4D, w as Tensor4D, [2, 1], 'same'),
    };
    expect(await compare(padded)).toBeLessThan(2e-5);
    expect(await compare(unequal)).toBeLessThan(2e-5);
  });

  it('multiplies batches of matrices with either operand transposed', async () => {
    for (const [first, second] of [
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const test: Small = {
        shapes: [first ? [2, 4, 3] : [2, 3, 4], second ? [2, 5, 4] : [2, 4, 5]],
        run: (core, a, b) => core.matMul(a, b, first, second),
      };
      expect(await compare(test)).toBeLessThan(2e-5);
    }
  });

  it('takes the first step of recipes as plain JavaScript does', async () => {
    expectFirstSteps(await compareFirstSteps(tf, 'wasm'));
  }, 600_000);

  it('keeps the inputs of composed kernels alive, and leaves nothing behind', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor4d(numbers(2 * 8 * 8 * 3, 1), [2, 8, 8, 3]);
    const w = tf.tensor4d(numbers(5 * 5 * 3 * 4, 2), [5, 5, 3, 4]);
    const before = wasm.memory();
    const gradient = tf.grads((images, filter) => tf.sum(tf.conv2d(images as Tensor4D, filter as Tensor4D, 2, 'same')));
    const results = [0, 1, 2].map(() => {
      const gradients = gradient([x, w]);
      const values = gradients.map((tensor) => Float32Array.from(tensor.dataSync()));
      tf.dispose(gradients);
      return values;
    });
    expect(results[2]).toEqual(results[0]);
    expect(wasm.memory()).toEqual(before);
    expect(x.dataSync()).toEqual(numbers(2 * 8 * 8 * 3, 1));
    tf.dispose([x, w]);
  });

  it('has the gradient of maxPool, of windows of negative values too, for every window, stride and padding', async () => {
    for (const [size, stride, pad] of [
      [2, 2, 'valid'],
      [3, 2, 'same'],
      [3, 1, 'valid'],
      [2, 3, 'same'],
      [3, 2, 1],
    ] as const) {
      for (const shift of [-2, 0, 2]) {
        const test: Small = {
          shapes: [[2, 7, 8, 3]],
          run: (core, x) =>
            core.maxPool(core.add(x, shift) as Tensor4D, size, stride, pad, pad === 1 ? 'floor' : undefined),
        };
        expect(await compare(test), `${size} x ${size}, stride ${stride}, ${pad}, ${shift}`).toBeLessThan(2e-5);
      }
    }
  });

  it('gives dy to the first of equal values of a window, as plain JavaScript does', async () => {
    const gradientHere = async (): Promise<number[]> => {
      const pooled = (x: Tensor): Tensor => tf.sum(tf.maxPool(x as Tensor4D, 2, 2, 'same'));
      const gradient = tf.tidy(() => tf.grad(pooled)(tf.zeros([1, 3, 3, 1])));
      const values = Array.from(await gradient.data());
      gradient.dispose();
      return values;
    };
    await tf.setBackend('cpu');
    const expected = await gradientHere();
    await tf.setBackend('wasm');
    expect(await gradientHere()).toEqual(expected);
    expect(expected).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 1]);
  });

  it('has the gradient of gather: rows that are taken twice get both', async () => {
    const rows = [3, 0, 3, 1];
    const test: Small = { shapes: [[5, 2, 3]], run: (core, x) => core.gather(x, core.tensor1d(rows, 'int32')) };
    expect(await compare(test)).toBeLessThan(2e-5);
    const columns: Small = { shapes: [[2, 5]], run: (core, x) => core.gather(x, core.tensor1d(rows, 'int32'), 1) };
    expect(await compare(columns)).toBeLessThan(2e-5);
  });

  it('has floats in a one-hot tensor of floats', async () => {
    await tf.setBackend('wasm');
    const values = tf.tidy(() => tf.oneHot(tf.tensor1d([2, 0, -1], 'int32'), 3, 0.9, 0.05, 'float32').dataSync());
    [0.05, 0.05, 0.9, 0.9, 0.05, 0.05, 0.05, 0.05, 0.05].forEach((value, at) =>
      expect(values[at]).toBeCloseTo(value, 6),
    );
  });

  it('refuses the gradient of conv3d, which its package gets wrong, instead of giving false numbers', async () => {
    await tf.setBackend('wasm');
    const filter = tf.ones([2, 2, 2, 1, 1]) as Tensor5D;
    const convolved = tf.grad((x) => tf.sum(tf.conv3d(x as Tensor5D, filter, 1, 'valid')));
    expect(() => convolved(tf.ones([1, 3, 3, 3, 1]))).toThrow(/Conv3DBackpropInputV2/);
    filter.dispose();
  });

  it('has the gradient of conv2d where filters are smaller than the stride, and with wide explicit padding', async () => {
    for (const [size, stride, border] of [
      [1, 3, 0],
      [2, 3, 1],
      [3, 2, 2],
      [5, 3, 4],
      [2, 2, 3],
      [4, 4, 3],
    ] as const) {
      const test: Small = {
        shapes: [
          [2, 9, 11, 2],
          [size, size, 2, 3],
        ],
        run: (core, x, w) => core.conv2d(x as Tensor4D, w as Tensor4D, stride, border, 'NHWC', 1, 'floor'),
      };
      expect(await compare(test), `filter ${size}, stride ${stride}, ${border} around`).toBeLessThan(2e-5);
    }
  });
});
