// The block that a probe runs: a DCGAN in small, a generator followed by a discriminator, with every kind of layer that
// the image recipes are made of. Values depend on the seed alone, so that two backends can be compared.

import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backends/backend.ts';
import { normalizeBatch } from './networks/batch-norm.ts';
import { createRandom } from './random.ts';

export interface BlockSize {
  readonly images: number;
  readonly latents: number;
  /** Pixels of a side, a multiple of 4. */
  readonly side: number;
  /** Of the layers next to the image; those inside have twice as many. */
  readonly filters: number;
}

/** A second on plain JavaScript at most: the comparison. */
export const SMALL: BlockSize = { images: 4, latents: 16, side: 16, filters: 8 };
/** Enough work that arithmetic counts and not only the calls: what is timed. */
export const LARGE: BlockSize = { images: 16, latents: 64, side: 28, filters: 16 };

const SEED = 20261121;
const KERNEL = 5;
/** Far from the deviation of a DCGAN's first weights (0.02), so that every gradient is well above rounding. */
const DEVIATION = 0.1;

export interface Block {
  /** Loss [1], the images, and the gradients of all weights; for the caller to dispose. */
  run(): Tensor[];
  dispose(): void;
}

export function buildBlock(tf: TensorFlow, size: BlockSize): Block {
  const { images, latents, side, filters } = size;
  const random = createRandom(SEED);
  const draw = (shape: number[], deviation: number): Tensor => {
    const count = shape.reduce((product, length) => product * length, 1);
    return tf.tensor(random.normal(count, 0, deviation), shape);
  };
  const normal = (...shape: number[]): Tensor => draw(shape, DEVIATION);
  const inner = side / 4;
  const z = draw([images, latents], 1);
  const weights = [
    normal(inner * inner * 2 * filters, 1),
    normal(KERNEL, KERNEL, filters, 2 * filters),
    normal(KERNEL, KERNEL, 1, filters),
    normal(KERNEL, KERNEL, 1, filters),
    normal(KERNEL, KERNEL, filters, 2 * filters),
    normal(latents, inner * inner * 2 * filters),
    normal(2 * filters),
  ];
  const loss = (...given: Tensor[]): Tensor => judge(tf, generate(tf, z, given, size), given);
  return {
    run: () =>
      tf.tidy(() => {
        const { value, grads } = tf.valueAndGrads(loss)(weights);
        return [tf.reshape(value, [1]), generate(tf, z, weights, size), ...grads];
      }),
    dispose: () => tf.dispose([z, ...weights]),
  };
}

function generate(tf: TensorFlow, z: Tensor, weights: readonly Tensor[], { side, filters }: BlockSize): Tensor4D {
  const [, , image, , up, dense, offset] = weights;
  const images = z.shape[0]!;
  const [quarter, half] = [side / 4, side / 2];
  const start = tf.reshape(tf.matMul(z as Tensor2D, dense as Tensor2D), [images, quarter, quarter, 2 * filters]);
  const inner = tf.relu(normalizeBatch(tf, start, { offset, epsilon: 1e-5 }).output) as Tensor4D;
  const middle = tf.conv2dTranspose(inner, up as Tensor4D, [images, half, half, filters], 2, 'same');
  const normal = tf.relu(normalizeBatch(tf, middle, { epsilon: 1e-5 }).output) as Tensor4D;
  return tf.tanh(tf.conv2dTranspose(normal, image as Tensor4D, [images, side, side, 1], 2, 'same'));
}

/** The non-saturating loss of the generator: mean of softplus(-logit). */
function judge(tf: TensorFlow, images: Tensor4D, weights: readonly Tensor[]): Tensor {
  const [dense, down, , first] = weights;
  const half = tf.leakyRelu(tf.conv2d(images, first as Tensor4D, 2, 'same'), 0.2);
  const quarter = tf.conv2d(half, down as Tensor4D, 2, 'same');
  const features = tf.leakyRelu(normalizeBatch(tf, quarter, { epsilon: 1e-5 }).output, 0.2);
  const logits = tf.matMul(tf.reshape(features, [images.shape[0], -1]), dense as Tensor2D);
  return tf.mean(tf.softplus(tf.neg(logits)));
}
