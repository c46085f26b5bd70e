// What the DCGAN recipes share: the rows that say who moves when and how batches are normalised, and how their values
// become a pair of players. The networks are each recipe's own.

import type { Parameter } from '../../../shared/parameters.ts';
import type { ReferenceLine } from '../../../shared/run.ts';
import { findLoss, lossReferenceLines } from '../losses.ts';
import type { BatchNorm, NetworkPlan } from '../networks/layers.ts';
import { createAdam, type Schedule } from '../networks/optimizers.ts';
import type { Order, TwoPlayers } from '../networks/two-players.ts';
import * as shared from './every-recipe.ts';
import type { TensorFlow } from './recipe.ts';
import { choice, number, toggle, whole } from './rows.ts';

/** As the checked values arrive. */
export interface DcganValues {
  readonly loss: string;
  readonly labelSmoothing: number;
  readonly order: Order;
  readonly generatorUpdates: number;
  readonly sameLatents: boolean;
  readonly adamEpsilon: number;
  readonly l2: number;
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly latentSize: number;
  readonly prior: 'uniform' | 'normal';
  readonly normStatistics: 'running' | 'batch';
  readonly normEpsilon: number;
  readonly slope: number;
}

export interface Plans {
  readonly generator: NetworkPlan;
  readonly discriminator: NetworkPlan;
}

const orders: Readonly<Record<Order, string>> = {
  'discriminator-first': 'Discriminator, then generator',
  'generator-first': 'Generator, then discriminator',
  'one-pass': 'Generator, then discriminator on the same images',
};
const normStatistics = { running: 'running averages', batch: 'its batch' };

export function trainingRows(order: Order): readonly Parameter[] {
  const first = 'Who is updated first in a step; the two either make images of their own or share those of one pass.';
  const updates = 'Updates of the generator in a step; two keep up with a strong discriminator.';
  const same = 'All updates of a step use the same random numbers instead of fresh ones.';
  return [
    shared.lossRow('non-saturating'),
    shared.smoothingRow(0),
    choice('training', 'order', 'Order of updates', order, orders, first),
    whole('training', 'generatorUpdates', 'Generator updates', 1, [1, 10], updates, { unit: 'a step' }),
    toggle('training', 'sameLatents', 'Same latents in a step', false, same),
    shared.epsilonRow(1e-8),
    shared.l2Row(0),
  ];
}

export function generatorRows(prior: DcganValues['prior']): readonly Parameter[] {
  const priors = { uniform: 'uniform from -1 to 1', normal: 'normal' };
  const drawn = 'Distribution that the random numbers of an image are drawn from.';
  return [
    shared.learningRateRow('generator', 2e-4),
    shared.beta1Row('generator', 0.5),
    shared.latentSizeRow(100),
    choice('generator', 'prior', 'Latents are', prior, priors, drawn),
  ];
}

export function normRows(epsilon: number): readonly Parameter[] {
  const sampling = 'Sample grids use averages kept during training, or the statistics of the very grid.';
  const added = 'Added to the variance before its root is taken.';
  return [
    choice('generator', 'normStatistics', 'Batch norm samples with', 'running', normStatistics, sampling),
    number('generator', 'normEpsilon', 'Batch norm epsilon', epsilon, [1e-12, 1e-2], added, { scale: 'log' }),
  ];
}

export function discriminatorRows(slopeHelp = "Slope below zero; the paper's is 0.2."): readonly Parameter[] {
  return [
    shared.learningRateRow('discriminator', 2e-4),
    shared.beta1Row('discriminator', 0.5),
    number('discriminator', 'slope', 'Leaky ReLU slope', 0.2, [0, 1], slopeHelp),
  ];
}

/** The pair of a step; `schedule` makes a learning rate one that changes. */
export function playersOf(
  tf: TensorFlow,
  values: DcganValues,
  plans: Plans,
  classes = 0,
  schedule: (rate: number) => Schedule = (rate) => () => rate,
): TwoPlayers {
  const { loss, labelSmoothing, order, generatorUpdates, sameLatents, latentSize, prior } = values;
  return {
    ...plans,
    ...{ order, generatorUpdates, sameLatents, latentSize, prior, classes },
    latentLimit: 1,
    loss: findLoss(loss),
    target: 1 - labelSmoothing,
    optimizer: ({ plan, trainable }) => {
      const isGenerator = plan.name === 'generator';
      return createAdam(tf, trainable, {
        learningRate: schedule(isGenerator ? values.generatorLearningRate : values.discriminatorLearningRate),
        beta1: isGenerator ? values.generatorBeta1 : values.discriminatorBeta1,
        beta2: 0.999,
        epsilon: values.adamEpsilon,
        l2: values.l2,
      });
    },
  };
}

export function referenceLinesOf({ loss, labelSmoothing }: DcganValues): readonly ReferenceLine[] {
  return lossReferenceLines(findLoss(loss), 1 - labelSmoothing);
}

/** Batch norm as the papers' code has it, but for what it learns: momentum 0.9, not the library's 0.99 (H3). */
export function normOf(
  { normStatistics, normEpsilon }: DcganValues,
  name: string,
  learns: Pick<BatchNorm, 'scale' | 'offset' | 'scaleDeviation'>,
): BatchNorm {
  return { kind: 'batch-norm', name, momentum: 0.9, epsilon: normEpsilon, statistics: normStatistics, ...learns };
}
