// Batch normalisation (Ioffe and Szegedy, arXiv 1502.03167) over every axis but the last, with the biased variance.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../recipes/recipe.ts';
import type { Forward, Site } from './build.ts';
import { lastOf } from './describe.ts';
import type { BatchNorm } from './layers.ts';

export interface Normalization {
  /** [channels]; absent: 1. */
  readonly scale?: TF.Tensor | null;
  /** [channels]; absent: 0. */
  readonly offset?: TF.Tensor | null;
  readonly epsilon: number;
}

export interface Normalized {
  readonly output: TF.Tensor;
  /** Of the batch, [channels]. */
  readonly mean: TF.Tensor;
  readonly variance: TF.Tensor;
}

export function buildBatchNorm(layer: BatchNorm, site: Site): Forward {
  const { tf } = site;
  const channels = lastOf(site.input);
  const ones = () => new Float32Array(channels).fill(1);
  const { scaleDeviation } = layer;
  const gamma = () => (scaleDeviation ? site.random.normal(channels, 1, scaleDeviation) : ones());
  const scale = layer.scale ? site.variable('gamma', [channels], gamma()) : null;
  const offset = layer.offset ? site.variable('beta', [channels], new Float32Array(channels)) : null;
  const { epsilon, momentum } = layer;
  const running =
    layer.statistics === 'running'
      ? {
          mean: site.variable('mean', [channels], new Float32Array(channels), false),
          variance: site.variable('variance', [channels], ones(), false),
        }
      : null;
  const follow = (average: TF.Variable, value: TF.Tensor) =>
    average.assign(tf.add(tf.mul(average, momentum), tf.mul(value, 1 - momentum)));
  return (x, pass) => {
    if (!pass.training && running) {
      return finish(tf, tf.sub(x, running.mean), running.variance, { scale, offset, epsilon });
    }
    const { output, mean, variance } = normalizeBatch(tf, x, { scale, offset, epsilon });
    if (running && pass.training && pass.updateStatistics) {
      follow(running.mean, mean);
      follow(running.variance, variance);
    }
    return output;
  };
}

/**
 * `x` is [n, ..., channels]; its output has mean `offset` and deviation `scale` in every channel. Gradients go through
 * the output only.
 */
export function normalizeBatch(tf: TensorFlow, x: TF.Tensor, how: Normalization): Normalized {
  if (tf.getKernel('NormalizeBatch', tf.getBackend())) return normalizeByKernel(tf, x, how);
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const mean = tf.mean(x, axes);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), axes);
  return { output: finish(tf, centred, variance, how), mean, variance };
}

/** By the fused operation of the backend, which knows images only and always has scale and offset. */
function normalizeByKernel(tf: TensorFlow, x: TF.Tensor, { scale, offset, epsilon }: Normalization): Normalized {
  const channels = x.shape.at(-1)!;
  const image = x.rank === 4 ? x : tf.reshape(x, [x.size / channels, 1, 1, channels]);
  const inputs = { x: image, scale: scale ?? tf.ones([channels]), offset: offset ?? tf.zeros([channels]) };
  const [output, mean, variance] = tf.engine().runKernel<TF.Tensor[]>('NormalizeBatch', inputs, { epsilon });
  return { output: x.rank === 4 ? output! : tf.reshape(output!, x.shape), mean: mean!, variance: variance! };
}

function finish(tf: TensorFlow, centred: TF.Tensor, variance: TF.Tensor, how: Normalization): TF.Tensor {
  const inverse = tf.rsqrt(tf.add(variance, how.epsilon));
  const scaled = tf.mul(centred, how.scale ? tf.mul(inverse, how.scale) : inverse);
  return how.offset ? tf.add(scaled, how.offset) : scaled;
}
