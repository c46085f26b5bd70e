// A generator and a discriminator that take turns: what every recipe with this pair shares. The recipe says the
// networks, the loss, the prior and the optimizers; this file says what one turn is and what it reports.

import type * as TF from '@tensorflow/tfjs-core';
import type { Model, NamedVariable, RandomSource, StepBatch, StepReport, TensorFlow } from '../recipes/recipe.ts';
import type { AdversarialLoss } from '../losses.ts';
import { buildNetwork, type Network, type Pass } from './build.ts';
import type { NetworkPlan } from './layers.ts';
import type { Optimizer } from './optimizers.ts';

export interface TwoPlayers {
  readonly generator: NetworkPlan;
  readonly discriminator: NetworkPlan;
  readonly loss: AdversarialLoss;
  /** Target of real images: 1, or less with one-sided label smoothing. */
  readonly target: number;
  readonly latentSize: number;
  /** z is uniform in [-limit, limit). */
  readonly latentLimit: number;
  /** Classes that both networks are told, or 0. A latent is then z with the one-hot class behind it. */
  readonly classes: number;
  optimizer(network: Network): Optimizer;
}

type Scalars = Record<string, TF.Scalar>;

interface Players {
  readonly tf: TensorFlow;
  readonly random: RandomSource;
  readonly plan: TwoPlayers;
  readonly generator: Network;
  readonly discriminator: Network;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
}

export function buildTwoPlayers(tf: TensorFlow, plan: TwoPlayers, random: RandomSource): Model {
  const generator = buildNetwork(tf, plan.generator, random);
  const discriminator = buildNetwork(tf, plan.discriminator, random);
  const players: Players = {
    tf,
    random,
    plan,
    generator,
    discriminator,
    generatorOptimizer: plan.optimizer(generator),
    discriminatorOptimizer: plan.optimizer(discriminator),
  };
  const slots = [...players.generatorOptimizer.slots, ...players.discriminatorOptimizer.slots];
  const variables = [...generator.variables, ...discriminator.variables];
  const turns = [
    { network: 'discriminator', take: (batch: StepBatch) => teach(players, batch) },
    { network: 'generator', take: (batch: StepBatch) => improve(players, batch) },
  ];
  return {
    variables,
    slots,
    counters: () => ({
      'updates/generator': players.generatorOptimizer.updates(),
      'updates/discriminator': players.discriminatorOptimizer.updates(),
    }),
    restoreCounters: (counters) => {
      players.generatorOptimizer.restoreUpdates(counters['updates/generator'] ?? 0);
      players.discriminatorOptimizer.restoreUpdates(counters['updates/discriminator'] ?? 0);
    },
    turns,
    latents: (n, source = random) => drawLatents(plan, n, source, (at) => at % plan.classes),
    step: (batch) => joinReports(turns.map((turn) => turn.take(batch))),
    sample: (latents) =>
      tf.tidy(() => generator.forward(latents, passFor(players, latents, { training: false })) as TF.Tensor4D),
    dispose: () => tf.dispose([...variables, ...slots].map(({ variable }: NamedVariable) => variable)),
  };
}

/** What several turns report, as one. */
export function joinReports(reports: readonly StepReport[]): StepReport {
  return {
    scalars: Object.assign({}, ...reports.map(({ scalars }) => scalars)) as StepReport['scalars'],
    histograms: Object.assign({}, ...reports.map(({ histograms }) => histograms)) as StepReport['histograms'],
  };
}

/** The discriminator's update: real and fake images as separate batches, each with its own batch statistics. */
function teach(players: Players, { images, labels }: StepBatch): StepReport {
  const { tf, plan, generator, discriminator, discriminatorOptimizer: optimizer } = players;
  return tf.tidy(() => {
    const latents = latentTensor(players, images.shape[0], labels);
    // No tape here: the generator takes no part in this update, and its running statistics stay too.
    const fakes = generator.forward(latents, passFor(players, latents, { training: true }));
    const pass = passFor(players, latents, { training: true, updateStatistics: true });
    const parts: Scalars = {};
    const histograms: Record<string, TF.Tensor> = {};
    const lossOf = () => {
      const onReal = discriminator.forward(images, pass);
      const onFake = discriminator.forward(fakes, pass);
      const real = plan.loss.real(tf, onReal, plan.target);
      const fake = plan.loss.fake(tf, onFake);
      Object.assign(parts, { 'loss/d_real': real, 'loss/d_fake': fake }, beliefs(players, onReal, onFake));
      Object.assign(histograms, { 'hist/d_real_logit': onReal, 'hist/d_fake_logit': onFake });
      for (const part of [...Object.values(parts), onReal, onFake]) tf.keep(part);
      return tf.add(real, fake) as TF.Scalar;
    };
    const { loss, norm, rate } = update(tf, discriminator, optimizer, lossOf);
    const scalars = { 'loss/d': loss, ...parts, 'grad/d_norm': norm, 'lr/d': rate };
    return { scalars, histograms };
  });
}

/** The generator's update, with fresh latents. The discriminator runs as in its own update (dropout included) and stays as it is. */
function improve(players: Players, { images, labels }: StepBatch): StepReport {
  const { tf, plan, generator, discriminator, generatorOptimizer: optimizer } = players;
  return tf.tidy(() => {
    const latents = latentTensor(players, images.shape[0], labels);
    const lossOf = () => {
      const fakes = generator.forward(latents, passFor(players, latents, { training: true, updateStatistics: true }));
      return plan.loss.generator(tf, discriminator.forward(fakes, passFor(players, latents, { training: true })));
    };
    const { loss, norm, rate } = update(tf, generator, optimizer, lossOf);
    return { scalars: { 'loss/g': loss, 'grad/g_norm': norm, 'lr/g': rate } };
  });
}

function update(tf: TensorFlow, network: Network, optimizer: Optimizer, lossOf: () => TF.Scalar) {
  const rate = tf.scalar(optimizer.learningRate());
  const variables = network.trainable.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(lossOf, variables);
  const norm = optimizer.apply(variables.map((variable) => grads[variable.name]!));
  return { loss: value, norm, rate };
}

function beliefs({ tf, plan }: Players, onReal: TF.Tensor, onFake: TF.Tensor): Scalars {
  const real = plan.loss.probability(tf, onReal);
  const fake = plan.loss.probability(tf, onFake);
  return {
    'prob/d_real': tf.mean(real),
    'prob/d_fake': tf.mean(fake),
    'acc/d_real': tf.mean(tf.cast(tf.greater(real, 0.5), 'float32')),
    'acc/d_fake': tf.mean(tf.cast(tf.less(fake, 0.5), 'float32')),
  };
}

/** z, and for a conditional pair the one-hot class of each row behind it. Shape [n, latentSize + classes]. */
function drawLatents(plan: TwoPlayers, n: number, random: RandomSource, classOf: (at: number) => number): Float32Array {
  const { latentSize, latentLimit, classes } = plan;
  const noise = random.uniform(n * latentSize, -latentLimit, latentLimit);
  if (classes === 0) return noise;
  const width = latentSize + classes;
  const latents = new Float32Array(n * width);
  for (let at = 0; at < n; at++) {
    latents.set(noise.subarray(at * latentSize, (at + 1) * latentSize), at * width);
    latents[at * width + latentSize + classOf(at)] = 1;
  }
  return latents;
}

function latentTensor({ tf, plan, random }: Players, n: number, labels?: Uint8Array): TF.Tensor2D {
  if (plan.classes > 0 && labels?.length !== n) throw new TypeError(`a conditional step needs ${n} labels`);
  const values = drawLatents(plan, n, random, (at) => labels![at]!);
  return tf.tensor2d(values, [n, plan.latentSize + plan.classes]);
}

/** A pass in which `append-class` layers see the classes that the latents carry. */
function passFor({ tf, plan }: Players, latents: TF.Tensor2D, pass: Pass): Pass {
  if (plan.classes === 0) return pass;
  return { ...pass, classes: tf.slice(latents, [0, plan.latentSize], [latents.shape[0], plan.classes]) };
}
