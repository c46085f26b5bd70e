// The step of CycleGAN (arXiv 1703.10593) in the order of its PyTorch code: one update of both generators, then one of
// both discriminators, which see the fakes that the generators made before, by way of a pool of old ones.

import type * as TF from '@tensorflow/tfjs-core';
import { feedScalar } from '../../feeds.ts';
import { findLoss } from '../../losses.ts';
import { buildNetwork, type Network } from '../../networks/build.ts';
import type { NetworkPlan } from '../../networks/layers.ts';
import type { Optimizer } from '../../networks/optimizers.ts';
import { joinReports } from '../../networks/two-players.ts';
import type { Model, NamedVariable, RandomSource, StepBatch, StepReport, TensorFlow } from '../recipe.ts';
import { createPool, type ImagePool } from './pool.ts';

/**
 * Names begin with `generator/` and `discriminator/`. The images of a batch are of domain A, its `second` ones of B. No
 * layer may mix the images of a batch, for those of several purposes go through a network together.
 */
export interface CyclePlan {
  readonly generatorAB: NetworkPlan;
  readonly generatorBA: NetworkPlan;
  readonly discriminatorA: NetworkPlan;
  readonly discriminatorB: NetworkPlan;
  /** Of mean |back - image|, 10 in the paper. */
  readonly cycleWeight: number;
  /** Of mean |G(y) - y| for images that are of G's output domain already; 0 leaves it out. 5 in both codes. */
  readonly identityWeight: number;
  /** Of each direction, 50 in the paper. */
  readonly poolSize: number;
  optimizer(trainable: readonly NamedVariable[]): Optimizer;
}

export interface Cycle {
  readonly model: Model;
  readonly generatorAB: Network;
  readonly generatorBA: Network;
}

interface Domains<Of> {
  readonly a: Of;
  readonly b: Of;
}

interface Players {
  readonly tf: TensorFlow;
  readonly plan: CyclePlan;
  /** By the domain that they make images of. */
  readonly generators: Domains<Network>;
  /** By the domain that they judge. */
  readonly discriminators: Domains<Network>;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  readonly pools: Domains<ImagePool>;
  /** Of the step that is being taken; empty between two steps. */
  readonly memory: { fakes?: Domains<TF.Tensor> };
}

type Scalars = Record<string, TF.Scalar>;
const TRAINING = { training: true } as const;
const leastSquares = findLoss('least-squares');

export function buildCycle(tf: TensorFlow, plan: CyclePlan, random: RandomSource): Cycle {
  const build = (network: NetworkPlan) => buildNetwork(tf, network, random);
  const [ab, ba] = [build(plan.generatorAB), build(plan.generatorBA)];
  const [judgeA, judgeB] = [build(plan.discriminatorA), build(plan.discriminatorB)];
  const generatorOptimizer = plan.optimizer([...ab.trainable, ...ba.trainable]);
  const discriminatorOptimizer = plan.optimizer([...judgeA.trainable, ...judgeB.trainable]);
  const poolOf = (name: string) => createPool(tf, name, plan.poolSize, plan.generatorAB.input, random);
  const players: Players = {
    ...{ tf, plan, generatorOptimizer, discriminatorOptimizer, memory: {} },
    generators: { a: ba, b: ab },
    discriminators: { a: judgeA, b: judgeB },
    pools: { a: poolOf('pool/a'), b: poolOf('pool/b') },
  };
  return { model: modelOf(players, [ab, ba, judgeA, judgeB]), generatorAB: ab, generatorBA: ba };
}

function modelOf(players: Players, networks: readonly Network[]): Model {
  const { tf, generatorOptimizer, discriminatorOptimizer, pools } = players;
  const variables = networks.flatMap((network) => network.variables);
  const slots = [...generatorOptimizer.slots, ...discriminatorOptimizer.slots, pools.a.slot, pools.b.slot];
  const turns = [
    { network: 'generator', take: (batch: StepBatch) => improve(players, batch) },
    { network: 'discriminator', take: (batch: StepBatch) => teach(players, batch) },
  ];
  return {
    variables,
    slots,
    counters: () => ({
      'updates/generator': generatorOptimizer.updates(),
      'updates/discriminator': discriminatorOptimizer.updates(),
      'pool/a': pools.a.filled(),
      'pool/b': pools.b.filled(),
    }),
    restoreCounters: (counters) => {
      generatorOptimizer.restoreUpdates(counters['updates/generator'] ?? 0);
      discriminatorOptimizer.restoreUpdates(counters['updates/discriminator'] ?? 0);
      pools.a.restore(counters['pool/a'] ?? 0);
      pools.b.restore(counters['pool/b'] ?? 0);
    },
    latents: () => new Float32Array(0),
    turns,
    form: () => '',
    step: (batch) => joinReports(turns.map((turn) => turn.take(batch))),
    sample: () => {
      throw new TypeError('images are made of images here, not of latents');
    },
    dispose: () => {
      forget(players);
      tf.dispose([...variables, ...slots].map(({ variable }: NamedVariable) => variable));
    },
  };
}

/** The generators' update; the discriminators stay as they are. The fakes stay for the discriminators' turn. */
function improve(players: Players, { images: a, second }: StepBatch): StepReport {
  const { tf, generators, discriminators, generatorOptimizer: optimizer } = players;
  const b = secondOf(second);
  return tf.tidy(() => {
    const parts: Scalars = {};
    const lossOf = () => {
      const [fakeB, sameB] = translate(players, generators.b, a, b);
      const [fakeA, sameA] = translate(players, generators.a, b, a);
      remember(players, { a: fakeA, b: fakeB });
      const judge = (network: Network, fake: TF.Tensor) => leastSquares.generator(tf, network.forward(fake, TRAINING));
      Object.assign(parts, {
        'loss/g_ab': judge(discriminators.b, fakeB),
        'loss/g_ba': judge(discriminators.a, fakeA),
        'loss/cycle_a': cycleLoss(players, generators.a, fakeB, a),
        'loss/cycle_b': cycleLoss(players, generators.b, fakeA, b),
        ...(sameA && { 'loss/identity_a': distance(tf, sameA, a, players.plan.identityWeight) }),
        ...(sameB && { 'loss/identity_b': distance(tf, sameB, b, players.plan.identityWeight) }),
      });
      for (const part of Object.values(parts)) tf.keep(part);
      return tf.addN(Object.values(parts)) as TF.Scalar;
    };
    const { loss, norm, rate } = update(players, [generators.b, generators.a], optimizer, lossOf);
    return { scalars: { 'loss/g': loss, ...parts, 'grad/g_norm': norm, 'lr/g': rate } };
  });
}

/** The images in the network's domain, and what it makes of images that are of that domain already. */
function translate(
  { tf, plan }: Players,
  network: Network,
  from: TF.Tensor,
  own: TF.Tensor,
): readonly [TF.Tensor, TF.Tensor?] {
  if (plan.identityWeight === 0) return [network.forward(from, TRAINING)];
  const n = from.shape[0]!;
  return tf.split(network.forward(tf.concat([from, own]), TRAINING), [n, own.shape[0]!]) as [TF.Tensor, TF.Tensor];
}

const cycleLoss = ({ tf, plan }: Players, back: Network, fake: TF.Tensor, image: TF.Tensor): TF.Scalar =>
  distance(tf, back.forward(fake, TRAINING), image, plan.cycleWeight);

/** weight x mean |x - y|. */
const distance = (tf: TensorFlow, x: TF.Tensor, y: TF.Tensor, weight: number): TF.Scalar =>
  tf.mul(tf.mean(tf.abs(tf.sub(x, y))), weight);

/** The discriminators' update: real images beside fakes of this step or of an earlier one, half of the loss each. */
function teach(players: Players, { images: a, second }: StepBatch): StepReport {
  const { tf, discriminators, pools, discriminatorOptimizer: optimizer } = players;
  const b = secondOf(second);
  return tf.tidy(() => {
    const fakes = players.memory.fakes ?? translateBoth(players, a, b);
    const [fakeA, fakeB] = [pools.a.exchange(fakes.a), pools.b.exchange(fakes.b)];
    forget(players);
    const parts: Scalars = {};
    const lossOf = () => {
      parts['loss/d_a'] = tf.keep(lossOn(tf, discriminators.a, a, fakeA.images));
      parts['loss/d_b'] = tf.keep(lossOn(tf, discriminators.b, b, fakeB.images));
      return tf.add(parts['loss/d_a'], parts['loss/d_b']) as TF.Scalar;
    };
    const { loss, norm, rate } = update(players, [discriminators.a, discriminators.b], optimizer, lossOf);
    const count = a.shape[0] + b.shape[0];
    const old = feedScalar(tf, () => (fakeA.old() + fakeB.old()) / count);
    return { scalars: { 'loss/d': loss, ...parts, 'grad/d_norm': norm, 'lr/d': rate, 'pool/old_fraction': old } };
  });
}

function lossOn(tf: TensorFlow, judge: Network, real: TF.Tensor, fake: TF.Tensor): TF.Scalar {
  const [onReal, onFake] = tf.split(judge.forward(tf.concat([real, fake]), TRAINING), [
    real.shape[0]!,
    fake.shape[0]!,
  ]) as [TF.Tensor, TF.Tensor];
  return tf.add(leastSquares.real(tf, onReal, 1), leastSquares.fake(tf, onFake));
}

/** For a turn that is taken alone. */
const translateBoth = ({ generators }: Players, a: TF.Tensor, b: TF.Tensor): Domains<TF.Tensor> => ({
  a: generators.a.forward(b, TRAINING),
  b: generators.b.forward(a, TRAINING),
});

function update({ tf }: Players, networks: readonly Network[], optimizer: Optimizer, lossOf: () => TF.Scalar) {
  const rate = feedScalar(tf, () => optimizer.learningRate());
  const variables = networks.flatMap(({ trainable }) => trainable.map(({ variable }) => variable));
  const { value, grads } = tf.variableGrads(lossOf, variables);
  const norm = optimizer.apply(variables.map((variable) => grads[variable.name]!));
  return { loss: value, norm, rate };
}

function remember(players: Players, { a, b }: Domains<TF.Tensor>): void {
  forget(players);
  players.memory.fakes = { a: players.tf.keep(a), b: players.tf.keep(b) };
}

function forget({ tf, memory }: Players): void {
  if (memory.fakes) tf.dispose([memory.fakes.a, memory.fakes.b]);
  delete memory.fakes;
}

function secondOf(second: TF.Tensor4D | undefined): TF.Tensor4D {
  if (!second) throw new TypeError('a step between two domains needs images of both');
  return second;
}
