// `train`: starts a training process as a child, follows its run file, and stops it cleanly on Ctrl-C. With `--queue` the
// run, or one for each of several seeds, waits for its turn instead.

import type { Command } from 'commander';
import { type NewRun, UserError } from '../../shared/contract.ts';
import { ParameterError, parseParameter, resolveParameters, type ParameterValue } from '../../shared/parameters.ts';
import type { BackendChoice } from '../../shared/run.ts';
import { findDataSet } from '../datasets/list.ts';
import { prepareRun, recordOf } from '../services/new-run.ts';
import { findRecipe } from '../training/recipes/list.ts';
import type { Recipe } from '../training/recipes/recipe.ts';
import type { Context } from './context.ts';
import { follow } from './follow.ts';
import { printJsonLine, printLine } from './output.ts';
import { enqueue } from './queue.ts';
import { assignment, minutes, UsageError, wholeNumber } from './usage.ts';

const GREATEST_SEED = 4_294_967_295;

interface Options {
  readonly recipe: string;
  readonly data: string;
  readonly preset: string;
  readonly set: readonly [string, string][];
  readonly steps?: number;
  readonly seed: number;
  readonly name: string;
  readonly backend: BackendChoice;
  readonly maxMinutes?: number;
  readonly queue?: boolean;
  readonly seeds?: number;
  readonly json?: boolean;
}

export function addTrainCommand(program: Command, context: () => Context): void {
  program
    .command('train')
    .description('train a GAN here and now; Ctrl-C writes a checkpoint and stops')
    .requiredOption('--recipe <id>', 'which GAN: see `saddle recipes`')
    .requiredOption('--data <id>', 'which data set: see `saddle data list`')
    .option('--preset <id>', 'where the settings come from', 'app')
    .option('--set <name=value>', 'change one setting; may be given several times', assignment, [])
    .option(
      '--steps <n>',
      "number of steps; the recipe's own number when left out",
      wholeNumber('--steps', 1, 100_000_000),
    )
    .option('--seed <n>', 'seed of all randomness', wholeNumber('--seed', 0, GREATEST_SEED), 1)
    .option('--name <text>', 'name of the run', '')
    .option('--backend <id>', 'auto, tensorflow, webgpu, wasm or cpu', 'auto')
    .option('--max-minutes <n>', 'write a checkpoint and stop after so many minutes', minutes)
    .option('--queue', 'do not train here: put it into the queue, for the app or `saddle serve` to start')
    .option(
      '--seeds <n>',
      'with --queue: so many runs, with this seed and those after it',
      wholeNumber('--seeds', 1, 100),
    )
    .option('--json', 'print JSON lines; the last one says how it ended')
    .action(async (options: Options) => {
      if (options.queue) return queue(context(), options);
      if (options.seeds !== undefined) throw new UsageError('--seeds: several runs go into the queue; add --queue');
      await train(context(), options);
    });
}

/** Reads the settings as typed, each by its row of the recipe's table. Throws UsageError. */
export function newRunFrom(
  options: Omit<Options, 'json' | 'maxMinutes' | 'queue' | 'seeds'>,
  dataHome: string,
): NewRun {
  try {
    const recipe = findRecipe(options.recipe);
    const parameters = parseSettings(recipe, options.set);
    resolveParameters(recipe.parameters, recipe.presets, options.preset, parameters);
    findDataSet(options.data, dataHome);
    if (!['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'].includes(options.backend)) {
      throw new UsageError(`--backend: expected auto, tensorflow, webgpu, wasm or cpu, found ${options.backend}`);
    }
    return {
      recipe: recipe.id,
      preset: options.preset,
      parameters,
      data: options.data,
      seed: options.seed,
      steps: options.steps ?? recipe.defaultSteps,
      name: options.name,
      backend: options.backend,
    };
  } catch (problem) {
    throw asUsageError(problem);
  }
}

/** `--set name=value`, each read by its row of the recipe's table. Throws UsageError or ParameterError. */
export function parseSettings(recipe: Recipe, settings: readonly [string, string][]): Record<string, ParameterValue> {
  return Object.fromEntries(
    settings.map(([name, text]) => {
      const row = recipe.parameters.find((candidate) => candidate.name === name);
      if (row) return [name, parseParameter(row, text)];
      const known = recipe.parameters.map((candidate) => candidate.name).join(', ');
      throw new UsageError(`--set ${name}: recipe ${recipe.id} has no such parameter; it has ${known}`);
    }),
  );
}

/** An unknown id or a value out of range is wrong usage. */
export function asUsageError(problem: unknown): unknown {
  if (problem instanceof UsageError) return problem;
  if (problem instanceof ParameterError || problem instanceof UserError)
    return new UsageError(problem.message, { cause: problem });
  return problem;
}

async function train(context: Context, options: Options): Promise<void> {
  const { json = false, maxMinutes, ...wishes } = options;
  const prepared = prepareRun(newRunFrom(wishes, context.dataHome), context.dataHome);
  const { spec, name } = prepared;
  const { id } = context.library().create(recordOf(prepared));
  if (json) printJsonLine({ type: 'created', runId: id, name, steps: spec.steps });
  else printLine(`Run ${id}: ${name}, ${spec.steps} steps`);
  await follow(context, id, { json, maxMinutes });
}

function queue(context: Context, { seeds = 1, json, maxMinutes, ...options }: Options): void {
  if (maxMinutes !== undefined) throw new UsageError('--max-minutes: a run in the queue trains to its last step');
  const first = newRunFrom(options, context.dataHome);
  const last = first.seed + seeds - 1;
  if (last > GREATEST_SEED) throw new UsageError(`--seeds: seed ${last} would be greater than ${GREATEST_SEED}`);
  const entries = Array.from({ length: seeds }, (_, index) => {
    const seed = first.seed + index;
    const name = first.name && seeds > 1 ? `${first.name}, seed ${seed}` : first.name;
    const prepared = prepareRun({ ...first, seed, name }, context.dataHome);
    return { spec: prepared.spec, name: prepared.name, tags: first.name && seeds > 1 ? [first.name.slice(0, 50)] : [] };
  });
  const ids = enqueue(context, entries);
  entries.forEach(({ name }, index) => {
    if (json) printJsonLine({ type: 'queued', id: ids[index], name });
    else printLine(`Queued ${ids[index]}: ${name}`);
  });
}
