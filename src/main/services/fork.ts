// A fork: a new run that starts from a checkpoint of another one with some settings changed. The parent stays as it
// is; the layers stay too, or its weights would not fit. The window's form and the command line both come through here.

import { UserError, type NewFork } from '../../shared/contract.ts';
import type { NetworkSummary, RunDetail } from '../../shared/run.ts';
import type { DataHome } from '../datasets/dataset.ts';
import { prepareRun, recordOf, type PreparedRun } from './new-run.ts';

/**
 * Throws UserError: no checkpoint at that step, a last step that is not after it, a value that the recipe's table
 * refuses, settings that change the layers, data that is gone.
 */
export function prepareFork(parent: RunDetail, fork: NewFork, dataHome: DataHome): PreparedRun {
  const { summary, spec } = parent;
  const called = summary.name || summary.id;
  checkStep(parent, called, fork);
  const { recipe, preset, data, backend } = spec;
  const prepared = prepareRun(
    {
      recipe,
      preset,
      data,
      backend,
      parameters: { ...spec.parameters, ...fork.parameters },
      seed: fork.seed ?? spec.seed,
      steps: fork.steps,
      name: fork.name || `${called}, from step ${fork.step}`,
    },
    dataHome,
  );
  checkLayers(called, parent.networks, recordOf(prepared).networks);
  return { ...prepared, spec: { ...prepared.spec, parent: { runId: summary.id, step: fork.step } } };
}

function checkStep({ checkpoints }: RunDetail, called: string, { step, steps }: NewFork): void {
  if (!checkpoints.some((checkpoint) => checkpoint.step === step)) {
    const there = checkpoints.map((checkpoint) => checkpoint.step).join(', ');
    throw new UserError(
      `step: ${called} has no checkpoint at step ${step}. ${there ? `It has one at: ${there}.` : 'It has none yet.'}`,
    );
  }
  if (steps <= step) {
    throw new UserError(
      `steps: expected more than ${step}, the step the fork starts from, found ${steps}. Steps count from the parent's first.`,
    );
  }
}

function checkLayers(called: string, had: readonly NetworkSummary[], has: readonly NetworkSummary[]): void {
  for (const network of has) {
    const before = had.find(({ name }) => name === network.name);
    if (before && shapeOf(before) === shapeOf(network)) continue;
    throw new UserError(
      `${network.name}: these settings make other layers (${network.trainable} parameters) than the checkpoint of ` +
        `${called} holds (${before?.trainable ?? 0}). Keep the layers, or start a new run instead of a fork.`,
    );
  }
}

function shapeOf({ layers }: NetworkSummary): string {
  return JSON.stringify(layers.map(({ output, parameters }) => [output, parameters]));
}
