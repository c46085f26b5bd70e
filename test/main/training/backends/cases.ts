// Small forward-and-gradient cases that run on any backend: the operations the recipes are made of.

import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../../src/main/training/backends/backend.ts';

export interface Case {
  readonly shapes: readonly (readonly number[])[];
  run(tf: TensorFlow, ...inputs: Tensor[]): Tensor;
}

const unary = (run: (tf: TensorFlow, x: Tensor) => Tensor): Case => ({ shapes: [[6, 7]], run });

export const cases: Readonly<Record<string, Case>> = {
  'conv2d, stride 2, same, 5x5': {
    shapes: [
      [2, 8, 8, 3],
      [5, 5, 3, 4],
    ],
    run: (tf, x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, 2, 'same'),
  },
  'conv2dTranspose, stride 2, same, 5x5': {
    shapes: [
      [2, 4, 4, 3],
      [5, 5, 4, 3],
    ],
    run: (tf, x, w) => tf.conv2dTranspose(x as Tensor4D, w as Tensor4D, [2, 8, 8, 4], 2, 'same'),
  },
  matMul: {
    shapes: [
      [5, 4],
      [4, 3],
    ],
    run: (tf, a, b) => tf.matMul(a, b),
  },
  'matMul, both transposed': {
    shapes: [
      [4, 5],
      [3, 4],
    ],
    run: (tf, a, b) => tf.matMul(a, b, true, true),
  },
  'batch norm by moments': {
    shapes: [[2, 4, 4, 3], [3], [3]],
    run: (tf, x, scale, offset) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x as Tensor4D, mean as never, variance as never, offset as never, scale as never, 1e-3);
    },
  },
  'normalisation written out': {
    shapes: [[6, 3]],
    run: (tf, x) => {
      const { mean, variance } = tf.moments(x, 0, true);
      return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
    },
  },
  leakyRelu: unary((tf, x) => tf.leakyRelu(x, 0.2)),
  relu: unary((tf, x) => tf.relu(x)),
  tanh: unary((tf, x) => tf.tanh(x)),
  sigmoid: unary((tf, x) => tf.sigmoid(x)),
  softplus: unary((tf, x) => tf.softplus(x)),
  softmax: unary((tf, x) => tf.softmax(x as Tensor2D)),
  'log of a clipped sigmoid': unary((tf, x) => tf.log(tf.clipByValue(tf.sigmoid(x), 1e-7, 1))),
  'mean of squares over an axis': unary((tf, x) => tf.mean(tf.square(x), 1)),
  'concat and slice': {
    shapes: [
      [2, 3],
      [2, 4],
    ],
    run: (tf, a, b) => tf.slice(tf.concat([a, b], 1), [0, 1], [2, 5]),
  },
  'resize to the nearest': {
    shapes: [[1, 4, 4, 2]],
    run: (tf, x) => tf.image.resizeNearestNeighbor(x as Tensor4D, [8, 8]),
  },
};

/** Values in [-1, 1), the same on every backend. */
export function numbers(n: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Output, and gradients of a weighted sum of it with respect to every input, on the current backend. */
export function evaluate(tf: TensorFlow, { shapes, run }: Case): Float32Array[] {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, index) => tf.tensor(numbers(sizeOf(shape), index + 1), [...shape]));
    const output = run(tf, ...inputs);
    const weights = tf.tensor(numbers(output.size, 99), output.shape);
    const gradients = tf.grads((...args: Tensor[]) => tf.sum(tf.mul(run(tf, ...args), weights)))(inputs);
    return [output, ...gradients].map((tensor) => Float32Array.from(tensor.dataSync()));
  });
}

/** The greatest difference, relative to the greatest value of the reference (or to 1). */
export function distance(found: readonly Float32Array[], reference: readonly Float32Array[]): number {
  let worst = found.length === reference.length ? 0 : Infinity;
  reference.forEach((column, index) => {
    const other = found[index] ?? new Float32Array();
    const scale = column.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    if (other.length !== column.length) worst = Infinity;
    column.forEach((value, at) => {
      const difference = Math.abs(value - (other[at] ?? NaN)) / scale;
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    });
  });
  return worst;
}
