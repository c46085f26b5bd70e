// Instance normalisation (Ulyanov et al., arXiv 1607.08022): each channel of each image by its own mean and biased
// variance over height and width. Training and evaluation are the same, and no image sees another.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../recipes/recipe.ts';
import type { Forward, Site } from './build.ts';
import { lastOf } from './describe.ts';
import type { InstanceNorm } from './layers.ts';

export function buildInstanceNorm(layer: InstanceNorm, site: Site): Forward {
  const { tf } = site;
  const channels = lastOf(site.input);
  const { scaleDeviation, epsilon } = layer;
  const gamma = () =>
    scaleDeviation ? site.random.normal(channels, 1, scaleDeviation) : new Float32Array(channels).fill(1);
  const scale = layer.scale ? site.variable('gamma', [channels], gamma()) : null;
  const offset = layer.offset ? site.variable('beta', [channels], new Float32Array(channels)) : null;
  return (x) => {
    const normalized = normalizeImages(tf, x, epsilon);
    const scaled = scale ? tf.mul(normalized, scale) : normalized;
    return offset ? tf.add(scaled, offset) : scaled;
  };
}

/** `x` is [n, height, width, channels]; its output has mean 0 and variance 1 in every channel of every image. */
export function normalizeImages(tf: TensorFlow, x: TF.Tensor, epsilon: number): TF.Tensor {
  if (tf.getKernel('NormalizeImages', tf.getBackend())) {
    return tf.engine().runKernel<TF.Tensor[]>('NormalizeImages', { x }, { epsilon })[0]!;
  }
  const centred = tf.sub(x, tf.mean(x, [1, 2], true));
  const variance = tf.mean(tf.square(centred), [1, 2], true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}
