// A generator and a discriminator that take turns: what every recipe with this pair shares. The recipe says the
// networks, the loss, the prior, the order and the optimizers; `turns.ts` says what one turn is and what it reports.

import type * as TF from '@tensorflow/tfjs-core';
import type { Model, NamedVariable, RandomSource, StepBatch, StepReport, TensorFlow, Turn } from '../recipes/recipe.ts';
import { buildNetwork, type Network } from './build.ts';
import { drawLatents, passFor, type Players, type TwoPlayers } from './players.ts';
import { forget, improve, teach } from './turns.ts';

export type { Order, TwoPlayers } from './players.ts';

/** The model, and the networks for what else a recipe draws or measures with them. */
export interface Pair {
  readonly model: Model;
  readonly generator: Network;
  readonly discriminator: Network;
}

export function buildTwoPlayers(tf: TensorFlow, plan: TwoPlayers, random: RandomSource): Model {
  return buildPair(tf, plan, random).model;
}

export function buildPair(tf: TensorFlow, plan: TwoPlayers, random: RandomSource): Pair {
  const generator = buildNetwork(tf, plan.generator, random);
  const discriminator = buildNetwork(tf, plan.discriminator, random);
  const generatorOptimizer = plan.optimizer(generator);
  const discriminatorOptimizer = plan.optimizer(discriminator);
  const players: Players = {
    ...{ tf, random, plan, generator, discriminator, generatorOptimizer, discriminatorOptimizer },
    memory: {},
  };
  const slots = [...generatorOptimizer.slots, ...discriminatorOptimizer.slots];
  const variables = [...generator.variables, ...discriminator.variables];
  const turns = turnsOf(players);
  const model: Model = {
    variables,
    slots,
    counters: () => ({
      'updates/generator': generatorOptimizer.updates(),
      'updates/discriminator': discriminatorOptimizer.updates(),
    }),
    restoreCounters: (counters) => {
      generatorOptimizer.restoreUpdates(counters['updates/generator'] ?? 0);
      discriminatorOptimizer.restoreUpdates(counters['updates/discriminator'] ?? 0);
    },
    turns,
    form: () => '',
    latents: (n, source = random) => drawLatents(plan, n, source, (at) => at % plan.classes),
    step: (batch) => joinReports(turns.map((turn) => turn.take(batch))),
    sample: (latents) =>
      tf.tidy(() => generator.forward(latents, passFor(players, latents, { training: false })) as TF.Tensor4D),
    dispose: () => {
      forget(players);
      tf.dispose([...variables, ...slots].map(({ variable }: NamedVariable) => variable));
    },
  };
  return { model, generator, discriminator };
}

function turnsOf(players: Players): readonly Turn[] {
  const { order, generatorUpdates = 1, discriminatorUpdates = 1 } = players.plan;
  const lessons = Array.from({ length: discriminatorUpdates }, (_, at) => ({
    network: 'discriminator',
    take: (batch: StepBatch) => withPart(players, batch, at, (own) => teach(players, own)),
  }));
  const improvements = Array.from({ length: generatorUpdates }, () => ({
    network: 'generator',
    take: (batch: StepBatch) => withPart(players, batch, 0, (own) => improve(players, own)),
  }));
  const isDiscriminatorFirst = (order ?? 'discriminator-first') === 'discriminator-first';
  const turns = isDiscriminatorFirst ? [...lessons, ...improvements] : [...improvements, ...lessons];
  return turns.map(({ network, take }, at) => ({
    network,
    take(batch) {
      if (at === 0) forget(players);
      const report = take(batch);
      if (at === turns.length - 1) forget(players);
      return report;
    },
  }));
}

/** Gives a turn its own images among those of the step. */
function withPart(
  { tf, plan }: Players,
  batch: StepBatch,
  at: number,
  take: (own: StepBatch) => StepReport,
): StepReport {
  const { discriminatorUpdates = 1 } = plan;
  if (discriminatorUpdates === 1) return take(batch);
  const { images, labels } = batch;
  const n = images.shape[0] / discriminatorUpdates;
  if (!Number.isInteger(n)) throw new TypeError(`${images.shape[0]} images for ${discriminatorUpdates} updates`);
  const own = tf.slice(images, [at * n, 0, 0, 0], [n, ...images.shape.slice(1)] as typeof images.shape);
  const report = take({ images: own, ...(labels && { labels: labels.subarray(at * n, (at + 1) * n) }) });
  own.dispose();
  return report;
}

/** What several turns report, as one: of a tag that more than one reports, the last. */
export function joinReports(reports: readonly StepReport[]): StepReport {
  return {
    scalars: joined(reports.map(({ scalars }) => scalars)),
    histograms: joined(reports.map(({ histograms = {} }) => histograms)),
  };
}

function joined<T extends TF.Tensor>(records: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  const result: Record<string, T> = {};
  for (const [tag, tensor] of records.flatMap((record) => Object.entries(record))) {
    result[tag]?.dispose();
    result[tag] = tensor;
  }
  return result;
}
