// `train`: starts a training process as a child, follows its run file, and stops it cleanly on Ctrl-C.

import type { Command } from 'commander';
import { type NewRun, UserError } from '../../shared/contract.ts';
import { ParameterError, parseParameter, resolveParameters } from '../../shared/parameters.ts';
import type { BackendChoice, RunId, RunSummary } from '../../shared/run.ts';
import type { RunReader } from '../store/store.ts';
import { findDataSet } from '../datasets/list.ts';
import { prepareRun, recordOf } from '../services/new-run.ts';
import { findRecipe } from '../training/recipes/list.ts';
import type { Context } from './context.ts';
import { formatDuration, formatValue } from './numbers.ts';
import { printJsonLine, printLine, warn } from './output.ts';
import { assignment, UsageError, wholeNumber } from './usage.ts';

interface Options {
  readonly recipe: string;
  readonly data: string;
  readonly preset: string;
  readonly set: readonly [string, string][];
  readonly steps?: number;
  readonly seed: number;
  readonly name: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

/** How often the run file is asked for news; far below a person's patience, far above the cost of one indexed read. */
const FOLLOW_MS = 250;

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
    .option('--seed <n>', 'seed of all randomness', wholeNumber('--seed', 0, 4_294_967_295), 1)
    .option('--name <text>', 'name of the run', '')
    .option('--backend <id>', 'auto, tensorflow, wasm or cpu', 'auto')
    .option('--json', 'print JSON lines; the last one says how it ended')
    .action(async (options: Options) => {
      await train(context(), options);
    });
}

/** Reads the settings as typed, each by its row of the recipe's table. Throws UsageError. */
export function newRunFrom(options: Omit<Options, 'json'>): NewRun {
  try {
    const recipe = findRecipe(options.recipe);
    const parameters = Object.fromEntries(
      options.set.map(([name, text]) => {
        const row = recipe.parameters.find((candidate) => candidate.name === name);
        if (!row) {
          const known = recipe.parameters.map((candidate) => candidate.name).join(', ');
          throw new UsageError(`--set ${name}: recipe ${recipe.id} has no such parameter; it has ${known}`);
        }
        return [name, parseParameter(row, text)];
      }),
    );
    resolveParameters(recipe.parameters, recipe.presets, options.preset, parameters);
    findDataSet(options.data);
    if (!['auto', 'tensorflow', 'wasm', 'cpu'].includes(options.backend)) {
      throw new UsageError(`--backend: expected auto, tensorflow, wasm or cpu, found ${options.backend}`);
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

/** An unknown id or a value out of range is wrong usage. */
export function asUsageError(problem: unknown): unknown {
  if (problem instanceof UsageError) return problem;
  if (problem instanceof ParameterError || problem instanceof UserError)
    return new UsageError(problem.message, { cause: problem });
  return problem;
}

async function train(context: Context, options: Options): Promise<void> {
  const prepared = prepareRun(newRunFrom(options), context.dataHome);
  const { spec, name } = prepared;
  const library = context.library();
  const { id, folder } = library.create(recordOf(prepared));
  const training = context.startAttached(folder);
  const stop = (): void => training.stop();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (options.json) printJsonLine({ type: 'created', runId: id, name, steps: spec.steps });
  else printLine(`Run ${id}: ${name}, ${spec.steps} steps`);

  let over = false;
  const ended = training.ended.then((result) => {
    over = true;
    return result;
  });
  const show = progressPrinter(id, options.json ?? false);
  const reader = library.reader(id);
  let cursor = -1;
  while (!over) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, FOLLOW_MS))]);
    const now = reader.cursor();
    if (now === cursor) continue;
    cursor = now;
    show(reader.summary());
  }
  const { log } = await ended;
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  report(id, reader, options.json ?? false, log);
}

function report(id: RunId, reader: RunReader, json: boolean, log: string): void {
  const { state, step, steps } = reader.summary();
  const message = 'message' in state ? state.message : log;
  if (state.phase === 'finished' || state.phase === 'stopped') {
    if (json) printJsonLine({ type: state.phase, runId: id, step });
    else
      printLine(
        state.phase === 'finished'
          ? `Finished at step ${step}.`
          : `Stopped at step ${step} of ${steps}, with a checkpoint.`,
      );
    return;
  }
  if (json) printJsonLine({ type: 'failed', runId: id, step, state: state.phase, message });
  throw new UserError(
    `Run ${id} ${state.phase === 'failed' ? 'failed' : 'was interrupted'} at step ${step}: ${message || 'no reason was recorded'}`,
  );
}

/** On a terminal one line that is redrawn; elsewhere a line every ten seconds; with --json a document for each change. */
function progressPrinter(id: RunId, json: boolean): (summary: RunSummary) => void {
  let lastLine = 0;
  return (summary) => {
    if (json) {
      const { step, steps, stepsPerSecond, remainingMs, state } = summary;
      printJsonLine({
        type: 'progress',
        runId: id,
        state: state.phase,
        step,
        steps,
        stepsPerSecond,
        remainingMs,
        scalars: summary.lastValues,
      });
    } else if (process.stderr.isTTY) {
      process.stderr.write(
        `\r\x1b[K${progressLine(summary, process.stderr.columns || 80)}${summary.state.phase === 'running' ? '' : '\n'}`,
      );
    } else if (Date.now() - lastLine > 10_000) {
      lastLine = Date.now();
      warn(progressLine(summary, 100));
    }
  };
}

export function progressLine(summary: RunSummary, width: number): string {
  const { step, steps, stepsPerSecond, remainingMs, lastValues, state } = summary;
  const parts = [
    state.phase === 'running' ? `${Math.floor((100 * step) / steps)}%` : state.phase,
    `${step}/${steps}`,
    stepsPerSecond === null ? '' : `${formatValue(Number(stepsPerSecond.toPrecision(3)))} steps/s`,
    remainingMs === null ? '' : `${formatDuration(remainingMs)} left`,
    ...['loss/d', 'loss/g'].map((tag) => (lastValues[tag] === undefined ? '' : `${tag} ${lastValues[tag].toFixed(3)}`)),
  ].filter((part) => part !== '');
  const text = parts.join('  ');
  const room = Math.min(40, width - text.length - 4);
  if (room < 10) return text.slice(0, width);
  const filled = Math.round((room * step) / steps);
  return `[${'='.repeat(filled)}${' '.repeat(room - filled)}] ${text}`;
}
