// Numbers that another step may have others of: a learning rate, the images of a batch. They enter a step as tensors that
// know where their numbers come from, so that a backend can give them to a step that it takes without JavaScript.

import type * as TF from '@tensorflow/tfjs-core';

type TensorFlow = typeof TF;

/** What a backend that takes steps again without JavaScript has as `steps`. */
export interface FeedTaker {
  /** The tensor of these very numbers is one that a step is given anew each time: then of those that `again` gives. */
  feed(values: Float32Array, again: () => Float32Array): void;
}

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
  (tf.backend() as { steps?: FeedTaker }).steps?.feed(values, again);
  return tf.tensor(values, [...shape], 'float32');
}

export const feedScalar = (tf: TensorFlow, number: () => number): TF.Scalar =>
  feed(tf, [], () => [number()]) as TF.Scalar;
