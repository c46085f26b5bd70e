// One step of BEGAN (arXiv 1703.10717): L(v) = mean |v - D(v)|, D minimises L(x) - k L(G(z)), G minimises L(G(z)), and
// then k moves. One z serves both terms of a step, as in carpedm20's code and the post's.

import type * as TF from '@tensorflow/tfjs-core';
import { feedScalar } from '../../feeds.ts';
import { buildNetwork, type Network, type Pass } from '../../networks/build.ts';
import type { NetworkPlan } from '../../networks/layers.ts';
import type { Optimizer, Schedule } from '../../networks/optimizers.ts';
import { joinReports } from '../../networks/two-players.ts';
import type { Model, Picture, RandomSource, StepBatch, StepReport, TensorFlow, Turn } from '../recipe.ts';
import { createControl, type Control, type ControlSettings } from './control.ts';

export interface BeganPlan {
  readonly generator: NetworkPlan;
  readonly discriminator: NetworkPlan;
  /** z is uniform in [-1, 1). */
  readonly latentSize: number;
  /** `simultaneous`: both from the weights before the step. */
  readonly order: 'simultaneous' | 'discriminator-first' | 'generator-first';
  /** Steps in which the carry of vanishing residuals falls from 1 to 0; absent when there are none. */
  readonly carrySteps?: number;
  readonly control: ControlSettings;
  optimizer(network: Network, schedule: (rate: number) => Schedule): Optimizer;
}

interface Player {
  readonly network: Network;
  readonly optimizer: Optimizer;
}

interface Began {
  readonly tf: TensorFlow;
  readonly random: RandomSource;
  readonly plan: BeganPlan;
  readonly generator: Player;
  readonly discriminator: Player;
  readonly control: Control;
  /** Steps taken. */
  steps: number;
  /** Of the step that is being taken; empty between two steps. */
  memory: {
    latents?: TF.Tensor2D;
    /** What the generator's turn of a simultaneous step only has to apply. */
    improvement?: Judged;
    real?: TF.Scalar;
    fake?: TF.Scalar;
  };
}

/** L of some images, and its gradients, one for each variable that was asked for. */
interface Judged {
  readonly loss: TF.Scalar;
  readonly gradients: readonly TF.Tensor[];
}

/** Images that go through the networks at once where grids are drawn: no more memory than a training step's. */
const PIECE = 16;

export function buildBegan(tf: TensorFlow, plan: BeganPlan, random: RandomSource): Model {
  const control = createControl(plan.control);
  const playerOf = (of: NetworkPlan): Player => {
    const network = buildNetwork(tf, of, random);
    return { network, optimizer: plan.optimizer(network, (rate) => control.schedule(rate)) };
  };
  const generator = playerOf(plan.generator);
  const discriminator = playerOf(plan.discriminator);
  const began: Began = { tf, random, plan, generator, discriminator, control, steps: 0, memory: {} };
  const variables = [...generator.network.variables, ...discriminator.network.variables];
  const slots = [...generator.optimizer.slots, ...discriminator.optimizer.slots];
  const turns = turnsOf(began);
  return {
    ...{ variables, slots, turns },
    counters: () => ({
      'updates/generator': generator.optimizer.updates(),
      'updates/discriminator': discriminator.optimizer.updates(),
      'began/steps': began.steps,
      ...control.counters(),
    }),
    restoreCounters: (counters) => {
      generator.optimizer.restoreUpdates(counters['updates/generator'] ?? 0);
      discriminator.optimizer.restoreUpdates(counters['updates/discriminator'] ?? 0);
      began.steps = counters['began/steps'] ?? 0;
      control.restore(counters);
    },
    latents: (n, source = random) => source.uniform(n * plan.latentSize, -1, 1),
    form: () => formOf(began),
    step: (batch) => joinReports(turns.map((turn) => turn.take(batch))),
    follow: (scalars) => control.follow(scalars.get('loss/d_real')!, scalars.get('loss/g')!),
    sample: (latents) => evaluate(began, latents, [generator.network]),
    pictures: picturesOf(began),
    dispose: () => {
      forget(began);
      tf.dispose([...variables, ...slots].map(({ variable }) => variable));
    },
  };
}

function turnsOf(began: Began): readonly Turn[] {
  const lesson = { network: 'discriminator', take: (batch: StepBatch) => teach(began, batch) };
  const improvement = { network: 'generator', take: (batch: StepBatch) => improve(began, batch) };
  const turns = began.plan.order === 'generator-first' ? [improvement, lesson] : [lesson, improvement];
  return turns.map(({ network, take }, at) => ({
    network,
    take(batch) {
      if (at === 0) forget(began);
      const report = take(batch);
      return at === 0 ? report : joinReports([report, finish(began)]);
    },
  }));
}

/** D's update, with the gradient of L(x) - k L(G(z)) put together from its two terms; none of it reaches G. */
function teach(began: Began, { images }: StepBatch): StepReport {
  const { tf, plan, control, memory, discriminator } = began;
  return tf.tidy(() => {
    const k = feedScalar(tf, () => control.k());
    const n = images.shape[0];
    const fake = plan.order === 'simultaneous' ? judgeForBoth(began, n) : judgeFakes(began, n);
    const real = judge(tf, discriminator.network, () => difference(began, images));
    const gradients = fake.gradients.length
      ? real.gradients.map((gradient, at) => tf.sub(gradient, tf.mul(fake.gradients[at]!, k)))
      : real.gradients;
    memory.real = tf.keep(tf.clone(real.loss));
    const scalars = {
      'loss/d': tf.sub(real.loss, tf.mul(fake.loss, k)) as TF.Scalar,
      'loss/d_real': real.loss,
      'loss/d_fake': fake.loss,
      'lr/d': feedScalar(tf, () => discriminator.optimizer.learningRate()),
      'grad/d_norm': discriminator.optimizer.apply(gradients),
    };
    return { scalars };
  });
}

/** G's update; D's weights are constants in it. */
function improve(began: Began, { images }: StepBatch): StepReport {
  const { tf, memory, generator } = began;
  return tf.tidy(() => {
    const z = latentTensor(began, images.shape[0]);
    const { loss, gradients } =
      memory.improvement ?? judge(tf, generator.network, () => difference(began, generate(began, z)));
    memory.fake = tf.keep(tf.clone(loss));
    const scalars = {
      'loss/g': tf.clone(loss),
      'lr/g': feedScalar(tf, () => generator.optimizer.learningRate()),
      'grad/g_norm': generator.optimizer.apply(gradients),
    };
    return { scalars, histograms: { 'hist/z': z } };
  });
}

/** One forward pass for both: D's gradients of L(G(z)), while those of G wait for its turn. */
function judgeForBoth(began: Began, n: number): Judged {
  const { tf, memory, generator, discriminator, control } = began;
  const z = latentTensor(began, n);
  const [own, others] = [generator.network.trainable, control.k() > 0 ? discriminator.network.trainable : []];
  const { loss, gradients } = judge(tf, { trainable: [...own, ...others] }, () =>
    difference(began, generate(began, z)),
  );
  const kept = gradients.slice(0, own.length).map((gradient) => tf.keep(gradient));
  memory.improvement = { loss: tf.keep(tf.clone(loss)), gradients: kept };
  return { loss, gradients: gradients.slice(own.length) };
}

/** Fakes that D alone learns from; without gradients while k is 0. */
function judgeFakes(began: Began, n: number): Judged {
  const { tf, discriminator, control } = began;
  const fakes = generate(began, latentTensor(began, n));
  if (control.k() === 0) return { loss: difference(began, fakes), gradients: [] };
  return judge(tf, discriminator.network, () => difference(began, fakes));
}

function judge(tf: TensorFlow, { trainable }: Pick<Network, 'trainable'>, lossOf: () => TF.Scalar): Judged {
  const variables = trainable.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(lossOf, variables);
  return { loss: value, gradients: variables.map(({ name }) => grads[name]!) };
}

/** L(v) = mean |v - D(v)|, whose gradient goes through both v; that of |0| is 0 (H7, in backends/gradients.ts). */
function difference(began: Began, images: TF.Tensor): TF.Scalar {
  const { tf, discriminator } = began;
  const autoencoded = discriminator.network.forward(images, passOf(began, began.steps + 1));
  return tf.mean(tf.abs(tf.sub(images, autoencoded))) as TF.Scalar;
}

function generate(began: Began, z: TF.Tensor): TF.Tensor {
  return began.generator.network.forward(z, passOf(began, began.steps + 1));
}

/** The carry falls in a straight line; at step 0 the blended layers only pass on what they get. */
function passOf({ plan: { carrySteps } }: Began, step: number): Pass {
  return { training: true, ...(carrySteps && { carry: Math.max(0, 1 - step / carrySteps) }) };
}

/** Without k there is a gradient less. A carry that falls is part of the operations: no two steps have the same. */
function formOf(began: Began): string | null {
  const { carry = 0 } = passOf(began, began.steps + 1);
  return carry > 0 ? null : `k ${began.control.k() > 0 ? 'above 0' : '0'}`;
}

/** The step's one z. */
function latentTensor({ tf, plan, random, memory }: Began, n: number): TF.Tensor2D {
  memory.latents ??= tf.keep(random.uniformTensor(tf, [n, plan.latentSize], -1, 1) as TF.Tensor2D);
  return tf.clone(memory.latents);
}

/** After both updates; k_t is the one that this step's loss/d was made with, and moves when the losses have been read. */
function finish(began: Began): StepReport {
  const { tf, plan, control, memory } = began;
  const { carry } = passOf(began, began.steps + 1);
  const scalars = tf.tidy(() => {
    const balance = tf.sub(tf.mul(memory.real!, plan.control.gamma), memory.fake!) as TF.Scalar;
    return {
      'convergence/m_global': tf.add(memory.real!, tf.abs(balance)) as TF.Scalar,
      'began/k_t': feedScalar(tf, () => {
        // Here, so that a step that is taken without JavaScript counts too.
        began.steps += 1;
        return control.k();
      }),
      'began/balance': balance,
      ...(carry !== undefined && { 'began/carry': tf.scalar(carry) }),
    };
  });
  forget(began);
  return { scalars };
}

function forget(began: Began): void {
  const { latents, improvement, real, fake } = began.memory;
  const kept = [latents, real, fake, improvement?.loss, ...(improvement?.gradients ?? [])];
  began.tf.dispose(kept.filter((tensor) => tensor !== undefined));
  began.memory = {};
}

/** What carpedm20's code calls G, AE_G and AE_x. */
function picturesOf(began: Began): readonly Picture[] {
  const [generator, discriminator] = [began.generator.network, began.discriminator.network];
  const columns = 8;
  return [
    {
      ...{ tag: 'samples/fixed', columns, followsLatents: true },
      draw: ({ latents }) => evaluate(began, latents, [generator]),
    },
    {
      ...{ tag: 'samples/autoencoded', columns, followsLatents: true },
      draw: ({ latents }) => evaluate(began, latents, [generator, discriminator]),
    },
    {
      ...{ tag: 'data/autoencoded', columns, followsLatents: false },
      draw: ({ batch }) => evaluate(began, batch.images, [discriminator]),
    },
  ];
}

/** Through one network after the other, piece by piece. */
function evaluate(began: Began, x: TF.Tensor, networks: readonly Network[]): TF.Tensor4D {
  const { tf } = began;
  const pass = { ...passOf(began, began.steps), training: false };
  return tf.tidy(() => {
    const pieces: TF.Tensor[] = [];
    for (let start = 0; start < x.shape[0]!; start += PIECE) {
      const count = Math.min(PIECE, x.shape[0]! - start);
      const piece = () => tf.slice(x, [start], [count]);
      pieces.push(tf.tidy(() => networks.reduce((value, network) => network.forward(value, pass), piece())));
    }
    return tf.concat(pieces) as TF.Tensor4D;
  });
}
