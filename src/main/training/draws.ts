// Random tensors of a key, by the backend where it can draw, else worked out here and uploaded. Uniform numbers and masks are
// the same bit for bit on every backend, normal ones but for rounding.

import type * as TF from '@tensorflow/tfjs-core';
import { philoxMask, philoxNormal, philoxUniform, type Key } from './philox.ts';

type TensorFlow = typeof TF;
type Shape = readonly number[];

/** Uniform in [low, high), of 23 bits. */
export function drawUniform(tf: TensorFlow, key: Key, shape: Shape, low: number, high: number): TF.Tensor {
  return draw(tf, 'DrawUniform', { key, shape, low, high }, (n) => philoxUniform(key, n, low, high));
}

export function drawNormal(tf: TensorFlow, key: Key, shape: Shape, mean: number, deviation: number): TF.Tensor {
  return draw(tf, 'DrawNormal', { key, shape, mean, deviation }, (n) => philoxNormal(key, n, mean, deviation));
}

/** Each number is 1 / keep with the probability `keep`, else 0. */
export function drawMask(tf: TensorFlow, key: Key, shape: Shape, keep: number): TF.Tensor {
  return draw(tf, 'DrawMask', { key, shape, keep }, (n) => philoxMask(key, n, keep));
}

interface What {
  readonly key: Key;
  readonly shape: Shape;
  readonly [number: string]: number | Shape;
}

function draw(tf: TensorFlow, kernel: string, what: What, work: (n: number) => Float32Array): TF.Tensor {
  if (tf.getKernel(kernel, tf.getBackend()))
    return tf.engine().runKernel(kernel, {}, what as unknown as TF.NamedAttrMap);
  return tf.tensor(work(tf.util.sizeFromShape([...what.shape])), [...what.shape]);
}
