// Rows that stand in more than one recipe's table: those of every recipe, and those of every generator and
// discriminator pair. A recipe gives its own defaults; name, range and sentence are the same everywhere.

import type { ChoiceParameter, NumberParameter, Parameter } from '../../../shared/parameters.ts';
import { adversarialLosses } from '../losses.ts';
import { choice, number, whole } from './rows.ts';

interface Defaults {
  readonly batchSize: number;
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
}

const best = { none: 'None', 'loss/d': 'Lowest loss/d', 'loss/g': 'Lowest loss/g' };

/** The rows that every recipe has; they come first in its table. */
export function everyRecipe({ batchSize, sampleEvery, checkpointEvery }: Defaults): readonly Parameter[] {
  const real = 'Real images, and as many made ones, in each update.';
  const grid = 'How often a grid of the same 64 latents is drawn and kept.';
  const kept = 'How often the weights are written to disk; they are also written at a pause and at the end.';
  const last = 'How many of the newest checkpoints stay; starred ones stay as well.';
  const lowest = 'A checkpoint that stays besides: the one at which this scalar was lowest.';
  const steps = { unit: 'steps', scale: 'log' } as const;
  return [
    whole('training', 'batchSize', 'Batch size', batchSize, [2, 4096], real, { unit: 'images' }),
    whole('recording', 'sampleEvery', 'Sample grid every', sampleEvery, [1, 1_000_000], grid, steps),
    whole('recording', 'checkpointEvery', 'Checkpoint every', checkpointEvery, [1, 1_000_000], kept, steps),
    whole('recording', 'checkpointKeep', 'Checkpoints to keep', 3, [1, 1_000_000], last),
    choice('recording', 'checkpointBestBy', 'Keep the best by', 'none', best, lowest),
  ];
}

export function lossRow(value: string): ChoiceParameter {
  const choices = Object.fromEntries(adversarialLosses.map(({ id, label }) => [id, label]));
  const help = 'What both networks minimise; all are computed from logits, so none can become infinite.';
  return choice('training', 'loss', 'Loss', value, choices, help);
}

export function smoothingRow(value: number): NumberParameter {
  const help = 'Real images get the target 1 minus this; the reference lines of the charts move with it.';
  return number('training', 'labelSmoothing', 'One-sided label smoothing', value, [0, 0.5], help);
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
