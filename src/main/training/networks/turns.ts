// What the turn of a discriminator and that of a generator are, and what each reports.

import type * as TF from '@tensorflow/tfjs-core';
import { feedScalar } from '../feeds.ts';
import type { StepBatch, StepReport, TensorFlow } from '../recipes/recipe.ts';
import type { Network, Pass } from './build.ts';
import type { Optimizer } from './optimizers.ts';
import { latentTensor, passFor, type Players } from './players.ts';

type Scalars = Record<string, TF.Scalar>;
const TRAINING: Pass = { training: true };
const LEARNING: Pass = { training: true, updateStatistics: true };

/** The discriminator's update: real and fake images as separate batches, each with its own batch statistics. */
export function teach(players: Players, { images, labels }: StepBatch): StepReport {
  const { tf, plan, discriminator, discriminatorOptimizer: optimizer } = players;
  return tf.tidy(() => {
    const { latents, images: fakes } = fakesFor(players, images.shape[0], labels);
    const pass = passFor(players, latents, LEARNING);
    const parts: Scalars = {};
    const histograms: Record<string, TF.Tensor> = {};
    const lossOf = () => {
      const onReal = discriminator.forward(images, pass);
      const onFake = discriminator.forward(fakes, pass);
      const real = plan.loss.real(tf, onReal, plan.target);
      const fake = plan.loss.fake(tf, onFake);
      const { penalty, scalars: slope } = penaltyOf(players, images, fakes, passFor(players, latents, TRAINING));
      Object.assign(parts, { 'loss/d_real': real, 'loss/d_fake': fake }, opinions(players, onReal, onFake), slope);
      Object.assign(histograms, { 'hist/d_real_logit': onReal, 'hist/d_fake_logit': onFake });
      for (const part of [...Object.values(parts), onReal, onFake]) tf.keep(part);
      return (penalty ? tf.addN([real, fake, penalty]) : tf.add(real, fake)) as TF.Scalar;
    };
    const { loss, norm, rate } = update(tf, discriminator, optimizer, lossOf);
    const scalars = { 'loss/d': loss, ...parts, 'grad/d_norm': norm, 'lr/d': rate };
    return { scalars, histograms };
  });
}

/** No tape here: the generator takes no part in this update, and its running statistics stay too. */
function fakesFor(players: Players, n: number, labels?: Uint8Array): { latents: TF.Tensor2D; images: TF.Tensor } {
  const { generator, memory } = players;
  const kept = memory.fakes;
  if (kept) return kept;
  const latents = latentTensor(players, n, labels);
  return { latents, images: generator.forward(latents, passFor(players, latents, TRAINING)) };
}

/**
 * The generator's update. The discriminator runs as in its own update (dropout included) and stays as it is. In a step
 * of one pass the fakes stay for the discriminator; `forget` disposes them.
 */
export function improve(players: Players, { images, labels }: StepBatch): StepReport {
  const { tf, plan, generator, discriminator, generatorOptimizer: optimizer } = players;
  return tf.tidy(() => {
    const latents = latentTensor(players, images.shape[0], labels);
    const parts: Scalars = {};
    const lossOf = () => {
      const fakes = generator.forward(latents, passFor(players, latents, LEARNING));
      const logits = discriminator.forward(fakes, passFor(players, latents, TRAINING));
      if (plan.order === 'one-pass') remember(players, latents, fakes);
      if (plan.reportsBeliefTwice && plan.loss.probability) {
        parts['prob/d_fake_post'] = tf.keep(tf.mean(plan.loss.probability(tf, logits)) as TF.Scalar);
      }
      return plan.loss.generator(tf, logits);
    };
    const { loss, norm, rate } = update(tf, generator, optimizer, lossOf);
    const scalars = { 'loss/g': loss, ...parts, 'grad/g_norm': norm, 'lr/g': rate };
    const z = tf.slice(latents, [0, 0], [latents.shape[0], plan.latentSize]);
    return { scalars, histograms: { 'hist/z': z } };
  });
}

/** Of several updates of the generator, the last one's fakes are those that the discriminator sees. */
function remember({ tf, memory }: Players, latents: TF.Tensor2D, fakes: TF.Tensor): void {
  if (memory.fakes) tf.dispose([memory.fakes.latents, memory.fakes.images]);
  memory.fakes = { latents: tf.keep(tf.clone(latents)), images: tf.keep(fakes) };
}

/** What a step keeps between its turns is over. */
export function forget({ tf, memory }: Players): void {
  if (memory.fakes) tf.dispose([memory.fakes.latents, memory.fakes.images]);
  memory.latents?.dispose();
  delete memory.fakes;
  delete memory.latents;
}

function update(tf: TensorFlow, network: Network, optimizer: Optimizer, lossOf: () => TF.Scalar) {
  const rate = feedScalar(tf, () => optimizer.learningRate());
  const variables = network.trainable.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(lossOf, variables);
  const norm = optimizer.apply(variables.map((variable) => grads[variable.name]!));
  return { loss: value, norm, rate };
}

/** `prob/*` and `acc/*` where the loss makes them mean something, a critic's scores otherwise. */
function opinions({ tf, plan }: Players, onReal: TF.Tensor, onFake: TF.Tensor): Scalars {
  const { loss } = plan;
  const scalars: Scalars = {};
  if (loss.probability) {
    scalars['prob/d_real'] = tf.mean(loss.probability(tf, onReal));
    scalars['prob/d_fake'] = tf.mean(loss.probability(tf, onFake));
    if (plan.reportsBeliefTwice) scalars['prob/d_fake_pre'] = tf.clone(scalars['prob/d_fake']);
  } else {
    scalars['critic/distance'] = tf.sub(tf.mean(onReal), tf.mean(onFake));
  }
  if (loss.threshold !== undefined) {
    scalars['acc/d_real'] = tf.mean(tf.cast(tf.greater(onReal, loss.threshold), 'float32'));
    scalars['acc/d_fake'] = tf.mean(tf.cast(tf.less(onFake, loss.threshold), 'float32'));
  }
  return scalars;
}

interface Penalty {
  readonly penalty?: TF.Scalar;
  readonly scalars: Scalars;
}

/**
 * Gradient penalty of arXiv 1704.00028: lambda mean (|grad D(x)| - 1)^2 at points x drawn evenly from the lines between
 * each real image and a fake one. `critic/slope` is the mean of |grad D(x)|, which it pulls towards 1.
 */
function penaltyOf(players: Players, reals: TF.Tensor, fakes: TF.Tensor, pass: Pass): Penalty {
  const { tf, plan, random, discriminator } = players;
  if (!plan.loss.wantsPenalty) return { scalars: {} };
  const n = reals.shape[0]!;
  const share = random.uniformTensor(tf, [n, ...reals.shape.slice(1).map(() => 1)], 0, 1);
  const between = tf.add(tf.mul(reals, share), tf.mul(fakes, tf.sub(1, share)));
  const slopes = slopesOf(tf, between, (x) => discriminator.forward(x, pass));
  const penalty = tf.mul(tf.mean(tf.square(tf.sub(slopes, 1))), plan.gradientPenalty ?? 10) as TF.Scalar;
  return { penalty, scalars: { 'critic/slope': tf.mean(slopes), 'loss/d_penalty': penalty } };
}

/** |grad D| at each image of x; shape [n]. Call inside a gradient function to differentiate it once more. */
export function slopesOf(tf: TensorFlow, x: TF.Tensor, critic: (x: TF.Tensor) => TF.Tensor): TF.Tensor {
  const gradients = tf.grad((at: TF.Tensor) => tf.sum(critic(at)))(x);
  const axes = x.shape.slice(1).map((_, at) => at + 1);
  // The root has no gradient at 0; so small a number moves no slope that matters.
  return tf.sqrt(tf.add(tf.sum(tf.square(gradients), axes), 1e-12));
}
