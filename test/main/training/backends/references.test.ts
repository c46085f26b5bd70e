// Every operation that the recipes use, on every backend, against values worked out by another library in double
// precision: output, gradients, and the second derivatives that a gradient penalty needs.

import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import type { BackendId } from '../../../../src/shared/run.ts';
import { describeNative } from './native.ts';
import { cases, distance, evaluate, evaluateSecond } from './operations.ts';

function compare(id: BackendId): void {
  let tf: TensorFlow;
  beforeAll(async () => {
    ({ tf } = await openBackend(id));
  });

  for (const test of cases) {
    it(`computes ${test.name} and its first and second derivatives`, () => {
      const { output, gradients } = evaluate(tf, test);
      expect(distance(output, [test.output]), 'output').toBeLessThan(1e-5);
      expect(distance(gradients, test.gradients), 'gradients').toBeLessThan(1e-5);
      expect(distance(evaluateSecond(tf, test), test.second), 'second derivatives').toBeLessThan(5e-5);
    });
  }

  it('has no gradient of the absolute value at 0', () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.sum(tf.abs(x)))(tf.tensor1d([-2, 0, 3]))
        .arraySync(),
    );
    expect(gradient).toEqual([-1, 0, 1]);
  });

  it('gives the middle pixel what all its mirror images get', () => {
    // x is 3x3 ones but for its middle, 5: reflected by 1 it stands in 9 places, so d/dx of the sum of squares is 2 * 9 * 5.
    const x = tf.tensor4d([1, 1, 1, 1, 5, 1, 1, 1, 1], [1, 3, 3, 1]);
    const around: [number, number] = [1, 1];
    const padded = (image: Tensor4D): Tensor4D => tf.mirrorPad(image, [[0, 0], around, around, [0, 0]], 'reflect');
    const gradient = tf.tidy(() =>
      tf
        .grad((image) => tf.sum(tf.square(padded(image as Tensor4D))))(x)
        .dataSync(),
    );
    expect(gradient[4]).toBe(90);
  });

  it('leaves no tensor behind after a gradient penalty', () => {
    const round = (): void => cases.slice(-7).forEach((test) => void evaluateSecond(tf, test));
    round();
    const before = tf.memory().numTensors;
    round();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes the gradient of a penalty of the norm through tf.variableGrads', () => {
    // D(x) = w.x has the gradient w, so that the penalty (|w| - 1)^2 has 2 (|w| - 1) w / |w|.
    const w = tf.variable(tf.tensor2d([3, 4], [2, 1]));
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const penalty = () => {
      const gradient = tf.grad((image) => tf.sum(tf.matMul(image as Tensor2D, w as never)))(x);
      const norm = tf.sqrt(tf.sum(tf.square(gradient), 1));
      return tf.mean(tf.square(tf.sub(norm, 1))) as Scalar;
    };
    const { value, grads } = tf.variableGrads(penalty, [w]);
    expect(value.dataSync()[0]).toBeCloseTo(16, 5);
    expect(grads[w.name]!.dataSync()[0]).toBeCloseTo(4.8, 5);
    expect(grads[w.name]!.dataSync()[1]).toBeCloseTo(6.4, 5);
    tf.dispose([w, x, value, ...Object.values(grads)]);
  });
}

describe('plain JavaScript', () => compare('cpu'));
describe('wasm', () => compare('wasm'));
describeNative('native TensorFlow', () => compare('tensorflow'));
