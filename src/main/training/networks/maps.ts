// Layers that change the size of a map, or join it with an earlier one.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../recipes/recipe.ts';

/** Nearest neighbour: each pixel becomes factor x factor pixels. */
export function enlarge(tf: TensorFlow, x: TF.Tensor, factor: number): TF.Tensor {
  const [, height, width] = x.shape as [number, number, number, number];
  if (factor === 1) return x;
  return tf.image.resizeNearestNeighbor(x as TF.Tensor4D, [height * factor, width * factor]);
}

/** `size` pixels more on every side: the mirror image without the edge itself. */
export function reflect(tf: TensorFlow, x: TF.Tensor, size: number): TF.Tensor {
  const around: [number, number] = [size, size];
  return tf.mirrorPad(x as TF.Tensor4D, [[0, 0], around, around, [0, 0]], 'reflect');
}

export function appendMap(tf: TensorFlow, x: TF.Tensor, earlier: TF.Tensor): TF.Tensor {
  return tf.concat([x, enlarge(tf, earlier, x.shape[1]! / earlier.shape[1]!)], 3);
}

export function blend(
  tf: TensorFlow,
  x: TF.Tensor,
  earlier: TF.Tensor,
  carry: number | undefined,
  name: string,
): TF.Tensor {
  if (carry === undefined) throw new TypeError(`${name}: this network needs its carry`);
  // Nothing is computed only to be multiplied by zero.
  if (carry === 0) return x;
  return tf.add(tf.mul(earlier, carry), tf.mul(x, 1 - carry));
}
