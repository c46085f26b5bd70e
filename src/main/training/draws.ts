// Random tensors of a key, by the backend where it can draw, else worked out here and uploaded. Uniform numbers and masks are
// the same bit for bit on every backend, normal ones but for rounding. Each draw asks for its key itself, so that a backend can
// ask for the next one where it takes a step again.

import type * as TF from '@tensorflow/tfjs-core';
import { philoxMask, philoxNormal, philoxUniform, type Key } from './philox.ts';

type TensorFlow = typeof TF;
type Shape = readonly number[];

/** Gives the next key, each time another. */
export type Keys = () => Key;

/** Uniform in [low, high), of 23 bits. */
export function drawUniform(tf: TensorFlow, keys: Keys, shape: Shape, low: number, high: number): TF.Tensor {
  return draw(tf, 'DrawUniform', { keys, shape, low, high }, (n) => philoxUniform(keys(), n, low, high));
}

export function drawNormal(tf: TensorFlow, keys: Keys, shape: Shape, mean: number, deviation: number): TF.Tensor {
  return draw(tf, 'DrawNormal', { keys, shape, mean, deviation }, (n) => philoxNormal(keys(), n, mean, deviation));
}

/** Each number is 1 / keep with the probability `keep`, else 0. */
export function drawMask(tf: TensorFlow, keys: Keys, shape: Shape, keep: number): TF.Tensor {
  return draw(tf, 'DrawMask', { keys, shape, keep }, (n) => philoxMask(keys(), n, keep));
}

interface What {
  readonly keys: Keys;
  readonly shape: Shape;
  readonly [number: string]: number | Shape | Keys;
}

function draw(tf: TensorFlow, kernel: string, what: What, work: (n: number) => Float32Array): TF.Tensor {
  if (tf.getKernel(kernel, tf.getBackend()))
    return tf.engine().runKernel(kernel, {}, what as unknown as TF.NamedAttrMap);
  return tf.tensor(work(tf.util.sizeFromShape([...what.shape])), [...what.shape]);
}
