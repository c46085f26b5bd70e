// Numbers that another step may have others of: a learning rate, the images of a batch. They enter a step as tensors that
// know where their numbers come from, so that a backend can give them to a step that it takes without JavaScript.

import type * as TF from '@tensorflow/tfjs-core';
import { stepsOf } from './backends/whole-step.ts';

type TensorFlow = typeof TF;

/**
 * A tensor of the numbers that `numbers` gives now, for the caller to dispose. In a step that is taken without JavaScript
 * `numbers` is called again, after those of all feeds before it: what it changes besides (a count of updates, the random
 * generator) changes as it would here. An array that it gives is not written to afterwards.
 */
export function feed(
  tf: TensorFlow,
  shape: readonly number[],
  numbers: () => Float32Array | readonly number[],
): TF.Tensor {
  const again = (): Float32Array => {
    const found = numbers();
    return found instanceof Float32Array ? found : Float32Array.from(found);
  };
  const values = again();
  stepsOf(tf)?.feed(values, again);
  return tf.tensor(values, [...shape], 'float32');
}

export const feedScalar = (tf: TensorFlow, number: () => number): TF.Scalar =>
  feed(tf, [], () => [number()]) as TF.Scalar;
