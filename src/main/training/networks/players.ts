// What a generator and a discriminator need for their turns: the networks, the optimizers, the prior that latents are
// drawn from, and what one turn of a step leaves for the next.

import type * as TF from '@tensorflow/tfjs-core';
import { feed } from '../feeds.ts';
import type { AdversarialLoss } from '../losses.ts';
import type { RandomSource, TensorFlow } from '../recipes/recipe.ts';
import type { Network, Pass } from './build.ts';
import type { NetworkPlan } from './layers.ts';
import type { Optimizer } from './optimizers.ts';

/**
 * Who moves first in a step. `one-pass` is one forward pass G(z) for both: the generator is updated, then the
 * discriminator learns from the fakes that the generator made before (the article's face network).
 */
export type Order = 'discriminator-first' | 'generator-first' | 'one-pass';

export interface TwoPlayers {
  readonly generator: NetworkPlan;
  readonly discriminator: NetworkPlan;
  readonly loss: AdversarialLoss;
  /** Target of real images: 1, or less with one-sided label smoothing. */
  readonly target: number;
  readonly latentSize: number;
  /** `uniform` in [-latentLimit, latentLimit), the default, or `normal`: N(0, 1), which needs no limit. */
  readonly prior?: 'uniform' | 'normal';
  readonly latentLimit: number;
  /** Classes that both networks are told, or 0. A latent is then z with the one-hot class behind it. */
  readonly classes: number;
  /** `discriminator-first` when absent. */
  readonly order?: Order;
  /** Generator updates of a step; 1 when absent. */
  readonly generatorUpdates?: number;
  /** One z for all updates of a step, as in carpedm20's code; each draws its own when absent. */
  readonly sameLatents?: boolean;
  /**
   * Discriminator updates of a step; 1 when absent. Each gets real images of its own: a step's batch then holds so many
   * batches, which the recipe asks for with `imagesPerStep`.
   */
  readonly discriminatorUpdates?: number;
  /** Weight of the gradient penalty, for losses that have one. */
  readonly gradientPenalty?: number;
  /** Also report D's belief in fakes before and after its update (`prob/d_fake_pre`, `prob/d_fake_post`). */
  readonly reportsBeliefTwice?: boolean;
  optimizer(network: Network): Optimizer;
}

export interface Players {
  readonly tf: TensorFlow;
  readonly random: RandomSource;
  readonly plan: TwoPlayers;
  readonly generator: Network;
  readonly discriminator: Network;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  /** Of the step that is being taken; empty between two steps. */
  readonly memory: { latents?: TF.Tensor2D; fakes?: { latents: TF.Tensor2D; images: TF.Tensor } };
}

/**
 * z for what is made outside steps, and for a conditional pair the one-hot class of each row behind it. Shape [n,
 * latentSize + classes].
 */
export function drawLatents(
  plan: TwoPlayers,
  n: number,
  random: RandomSource,
  classOf: (at: number) => number,
): Float32Array {
  const { latentSize, latentLimit, classes, prior } = plan;
  const count = n * latentSize;
  const noise = prior === 'normal' ? random.normal(count, 0, 1) : random.uniform(count, -latentLimit, latentLimit);
  if (classes === 0) return noise;
  const width = latentSize + classes;
  const latents = new Float32Array(n * width);
  for (let at = 0; at < n; at++) {
    latents.set(noise.subarray(at * latentSize, (at + 1) * latentSize), at * width);
    latents[at * width + latentSize + classOf(at)] = 1;
  }
  return latents;
}

/** The latents of a turn: fresh ones, or those of the step's first turn when the plan says so. */
export function latentTensor({ tf, plan, random, memory }: Players, n: number, labels?: Uint8Array): TF.Tensor2D {
  if (plan.classes > 0 && labels?.length !== n) throw new TypeError(`a conditional step needs ${n} labels`);
  if (!plan.sameLatents) return drawLatentTensor(tf, plan, n, random, labels);
  memory.latents ??= tf.keep(drawLatentTensor(tf, plan, n, random, labels));
  return tf.clone(memory.latents);
}

function drawLatentTensor(
  tf: TensorFlow,
  { latentSize, latentLimit, classes, prior }: TwoPlayers,
  n: number,
  random: RandomSource,
  labels?: Uint8Array,
): TF.Tensor2D {
  const shape = [n, latentSize];
  const noise =
    prior === 'normal'
      ? random.normalTensor(tf, shape, 0, 1)
      : random.uniformTensor(tf, shape, -latentLimit, latentLimit);
  if (classes === 0) return noise as TF.Tensor2D;
  const told = feed(tf, [n, classes], () => {
    const oneHot = new Float32Array(n * classes);
    for (let at = 0; at < n; at++) oneHot[at * classes + labels![at]!] = 1;
    return oneHot;
  });
  return tf.concat([noise as TF.Tensor2D, told as TF.Tensor2D], 1);
}

/** A pass in which `append-class` layers see the classes that the latents carry. */
export function passFor({ tf, plan }: Players, latents: TF.Tensor2D, pass: Pass): Pass {
  if (plan.classes === 0) return pass;
  return { ...pass, classes: tf.slice(latents, [0, plan.latentSize], [latents.shape[0], plan.classes]) };
}
