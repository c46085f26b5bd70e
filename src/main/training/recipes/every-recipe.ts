// Rows that stand in more than one recipe's table: those of every recipe, and those of every generator and
// discriminator pair. A recipe gives its own defaults; name, range and sentence are the same everywhere.

import type { ChoiceParameter, NumberParameter, Parameter } from '../../../shared/parameters.ts';
import { adversarialLosses, type AdversarialLoss } from '../losses.ts';
import { choice, number, whole } from './rows.ts';

interface Defaults {
  readonly batchSize: number;
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
  /** Scalars of the recipe's own that the best checkpoint may be chosen by, with their labels. */
  readonly best?: Readonly<Record<string, string>>;
}

const anyBest = { none: 'None', 'loss/d': 'Lowest loss/d', 'loss/g': 'Lowest loss/g' };

/** The rows that every recipe has; they come first in its table. */
export function everyRecipe({ batchSize, sampleEvery, checkpointEvery, best }: Defaults): readonly Parameter[] {
  const real = 'Real images, and as many made ones, in each update.';
  const grid = 'How often samples of the same latents are drawn and kept.';
  const histogram = "How often the distributions of D's answers and of the latents are kept.";
  const kept = 'How often the weights are written to disk; they are also written at a pause and at the end.';
  const last = 'How many of the newest checkpoints stay; starred ones stay as well.';
  const lowest = 'A checkpoint that stays besides: the one at which this scalar was lowest.';
  const steps = { unit: 'steps', scale: 'log' } as const;
  return [
    whole('training', 'batchSize', 'Batch size', batchSize, [2, 4096], real, { unit: 'images' }),
    whole('recording', 'sampleEvery', 'Sample grid every', sampleEvery, [1, 1_000_000], grid, steps),
    whole('recording', 'histogramEvery', 'Histograms every', 50, [1, 1_000_000], histogram, steps),
    whole('recording', 'checkpointEvery', 'Checkpoint every', checkpointEvery, [1, 1_000_000], kept, steps),
    whole('recording', 'checkpointKeep', 'Checkpoints to keep', 3, [1, 1_000_000], last),
    choice('recording', 'checkpointBestBy', 'Keep the best by', 'none', { ...anyBest, ...best }, lowest),
  ];
}

/** Of recipes without the rows of the gradient penalty. */
export function lossRow(value: string): ChoiceParameter {
  return lossChoice(
    value,
    adversarialLosses.filter(({ wantsPenalty }) => !wantsPenalty),
  );
}

/** Every loss, and what the one with a gradient penalty needs besides. */
export function lossRows(value: string): readonly Parameter[] {
  const weight =
    'Of the gradient penalty in the loss of the discriminator; of the Wasserstein loss only. 10 in its paper.';
  const updates = 'Updates of the discriminator before each of the generator, each with real data of its own.';
  return [
    lossChoice(value, adversarialLosses),
    number('training', 'gradientPenalty', 'Gradient penalty', 10, [0, 1000], weight),
    whole('training', 'discriminatorUpdates', 'Discriminator updates', 1, [1, 100], updates, { unit: 'a step' }),
  ];
}

function lossChoice(value: string, losses: readonly AdversarialLoss[]): ChoiceParameter {
  const choices = Object.fromEntries(losses.map(({ id, label }) => [id, label]));
  const help = 'What both networks minimise; all are computed from logits, so none can become infinite.';
  return choice('training', 'loss', 'Loss', value, choices, help);
}

export function smoothingRow(value: number): NumberParameter {
  const help = 'Real images get the target 1 minus this; the reference lines of the charts move with it.';
  return number('training', 'labelSmoothing', 'One-sided label smoothing', value, [0, 0.5], help);
}

export function priorRow(value: string): ChoiceParameter {
  const choices = { uniform: 'uniform', normal: 'normal' };
  const help = 'Latents are uniform between minus the limit and the limit, or standard normal numbers.';
  return choice('generator', 'prior', 'Latents are', value, choices, help);
}

export function latentLimitRow(value: number): NumberParameter {
  const help = 'Uniform latents lie between minus this and this.';
  return number('generator', 'latentLimit', 'Latent limit', value, [0.01, 10], help);
}

type Player = 'generator' | 'discriminator';

export function learningRateRow(player: Player, value: number): NumberParameter {
  const help = `Size of the ${player}'s updates.`;
  return number(player, `${player}LearningRate`, 'Learning rate', value, [1e-7, 1], help, { scale: 'log' });
}

export function beta1Row(player: Player, value: number): NumberParameter {
  const help = `How much of the ${player}'s last direction each update keeps; 0.5 is the DCGAN paper's advice.`;
  return number(player, `${player}Beta1`, 'Adam beta 1', value, [0, 0.999], help);
}

export function beta2Row(value: number): NumberParameter {
  const help = "How much of the mean of squared gradients each update keeps; 0.999 in Adam's paper.";
  return number('training', 'adamBeta2', 'Adam beta 2', value, [0, 0.99999], help);
}

export function l2Row(value: number): NumberParameter {
  const help = 'This times each weight is added to its gradient before Adam; 0 is none.';
  return number('training', 'l2', 'Weight decay', value, [0, 0.1], help);
}

export function epsilonRow(value: number): NumberParameter {
  const help = "Added to the root of Adam's second moment; 1e-8 in the papers and their code.";
  return number('training', 'adamEpsilon', 'Adam epsilon', value, [1e-12, 1e-2], help, { scale: 'log' });
}

export function imageRangeRow(value: string): ChoiceParameter {
  const choices = { '-1..1': '-1 to 1', '0..1': '0 to 1' };
  const help = "Range that pixels are scaled to; it should be that of the generator's output.";
  return choice('data', 'imageRange', 'Range of images', value, choices, help);
}

export function outputRow(value: string): ChoiceParameter {
  const help = "The generator's last activation: tanh gives -1 to 1, sigmoid 0 to 1.";
  return choice('generator', 'output', 'Output', value, { tanh: 'tanh', sigmoid: 'sigmoid' }, help);
}

export function latentSizeRow(value: number): NumberParameter {
  const help = 'How many random numbers an image is made from.';
  return whole('generator', 'latentSize', 'Latent size', value, [1, 1000], help);
}
