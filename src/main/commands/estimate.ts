// `estimate`: what a run would cost here, measured by training a few steps of it; with `--each` on every backend that
// works, with the word which is faster and by how much.

import type { Command } from 'commander';
import { UserError, type NewRun } from '../../shared/contract.ts';
import type { BackendChoice, BackendId } from '../../shared/run.ts';
import type { Estimate, RuntimeStatus } from '../../shared/training.ts';
import type { Context } from './context.ts';
import { printJson, printLine, printTable, warn } from './output.ts';
import { newRunFrom } from './train.ts';
import { assignment, wholeNumber } from './usage.ts';

interface Options {
  readonly recipe: string;
  readonly data: string;
  readonly preset: string;
  readonly set: readonly [string, string][];
  readonly steps?: number;
  readonly backend: BackendChoice;
  readonly each?: boolean;
  readonly json?: boolean;
}

export function addEstimateCommand(program: Command, context: () => Context): void {
  program
    .command('estimate')
    .description('what a run would cost here: time and memory, measured over a few steps')
    .requiredOption('--recipe <id>', 'which GAN: see `saddle recipes`')
    .requiredOption('--data <id>', 'which data set: see `saddle data list`')
    .option('--preset <id>', 'where the settings come from', 'app')
    .option('--set <name=value>', 'change one setting; may be given several times', assignment, [])
    .option('--steps <n>', "number of steps; the recipe's own when left out", wholeNumber('--steps', 1, 100_000_000))
    .option('--backend <id>', 'auto, tensorflow, webgpu, wasm or cpu', 'auto')
    .option('--each', 'on each backend that works here')
    .option('--json', 'print an array of what was measured')
    .action(async ({ each = false, json = false, ...options }: Options) => {
      const newRun = newRunFrom({ ...options, seed: 1, name: '' }, context().dataHome);
      const estimates = each ? await measureEach(context(), newRun) : [await context().services().estimateRun(newRun)];
      if (json) return printJson(estimates);
      print(estimates);
    });
}

/** The fastest first. Throws UserError when it could be measured on none. */
async function measureEach(context: Context, newRun: NewRun): Promise<Estimate[]> {
  const services = context.services();
  const found: Estimate[] = [];
  for (const backend of usable(await services.runtimeStatus({}))) {
    try {
      found.push(await services.estimateRun({ ...newRun, backend }));
    } catch (problem) {
      if (!(problem instanceof UserError)) throw problem;
      warn(`${backend}: ${problem.message}`);
    }
  }
  if (found.length === 0) throw new UserError('No backend could train these settings.');
  return found.toSorted((one, other) => one.stepMs - other.stepMs);
}

/** One that the probe found so much slower than the best is not worth the wait. */
const HOPELESS = 20;

function usable({ backends }: RuntimeStatus): BackendId[] {
  const working = backends.filter(({ state }) => state === 'in use' || state === 'available');
  const best = Math.min(...working.map(({ ms }) => ms ?? Infinity));
  const [worth, hopeless] = [true, false].map((isWorth) =>
    working.filter(({ ms }) => (ms ?? best) <= HOPELESS * best === isWorth),
  );
  for (const { id } of hopeless!)
    warn(`${id}: left out, in the probe it was over ${HOPELESS} times slower than the best`);
  return worth!.map(({ id }) => id);
}

function print(estimates: readonly Estimate[]): void {
  const mega = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  printTable(estimates, [
    { title: 'BACKEND', value: (row) => row.backend },
    { title: 'A STEP', value: (row) => `${row.stepMs.toFixed(1)} ms`, right: true },
    { title: 'THE RUN', value: (row) => `${Math.round(row.totalMs / 1000)} s`, right: true },
    { title: 'MEMORY', value: (row) => mega(row.memoryBytes), right: true },
    { title: 'TENSORS AT MOST', value: (row) => mega(row.deviceBytes ?? row.tensorBytes), right: true },
  ]);
  const [fastest, second] = estimates;
  if (!fastest || !second) return;
  const times = second.stepMs / fastest.stepMs;
  printLine(
    `${fastest.backend} takes this step ${times.toFixed(times < 10 ? 1 : 0)} times as fast as ${second.backend}.`,
  );
}
