// `resume`, `fork`, `checkpoints`: going on from what a run has kept.

import type { Command } from 'commander';
import { UserError } from '../../shared/contract.ts';
import { isActive, type RunDetail, type RunId } from '../../shared/run.ts';
import { prepareFork } from '../services/fork.ts';
import { recordOf } from '../services/new-run.ts';
import { findRecipe } from '../training/recipes/list.ts';
import type { Context } from './context.ts';
import { follow } from './follow.ts';
import { formatBytes } from './numbers.ts';
import { printJson, printJsonLine, printLine, printTable } from './output.ts';
import { asUsageError, parseSettings } from './train.ts';
import { assignment, minutes, UsageError, wholeNumber } from './usage.ts';

const RUN = 'id, unique beginning of an id, or unique name';

interface Options {
  readonly maxMinutes?: number;
  readonly json?: boolean;
}

interface ForkOptions extends Options {
  readonly step: number;
  readonly set: readonly [string, string][];
  readonly steps?: number;
  readonly seed?: number;
  readonly name: string;
}

export function addBranchCommands(program: Command, context: () => Context): void {
  program
    .command('resume')
    .argument('<run>', RUN)
    .description('go on with a run that was stopped, killed or failed, from its newest checkpoint')
    .option('--max-minutes <n>', 'write a checkpoint and stop after so many minutes', minutes)
    .option('--json', 'print JSON lines, as train does')
    .action((text: string, options: Options) => resume(context(), text, options));

  program
    .command('fork')
    .argument('<run>', RUN)
    .description('start a new run from a checkpoint of another, with settings changed')
    .requiredOption('--step <n>', 'the checkpoint: see `saddle checkpoints`', wholeNumber('--step', 0, 100_000_000))
    .option('--set <name=value>', 'change one setting; may be given several times', assignment, [])
    .option('--steps <n>', "last step, counted from the parent's first", wholeNumber('--steps', 1, 100_000_000))
    .option('--seed <n>', "the parent's when left out", wholeNumber('--seed', 0, 4_294_967_295))
    .option('--name <text>', 'name of the new run', '')
    .option('--max-minutes <n>', 'write a checkpoint and stop after so many minutes', minutes)
    .option('--json', 'print JSON lines, as train does')
    .action((text: string, options: ForkOptions) => fork(context(), text, options));

  program
    .command('checkpoints')
    .argument('<run>', RUN)
    .description('step, file, size and SHA-256 of the weights of every checkpoint')
    .option('--json', 'print an array')
    .action((text: string, options: Options) => listCheckpoints(context(), text, options));
}

async function resume(context: Context, text: string, { json = false, maxMinutes }: Options): Promise<void> {
  const library = context.library();
  const id = library.resolve(text);
  const { summary, checkpoints } = library.reader(id).detail();
  refuseResume(id, summary);
  const { name, steps } = summary;
  const step = checkpoints.at(-1)?.step ?? summary.parent?.step ?? 0;
  if (json) printJsonLine({ type: 'resumed', runId: id, name, step, steps });
  else printLine(`Run ${id}: ${name}, on from step ${step} of ${steps}`);
  await follow(context, id, { json, maxMinutes });
}

function refuseResume(id: RunId, { state, step, name }: RunDetail['summary']): void {
  const called = name || id;
  if (state.phase === 'finished') {
    throw new UserError(
      `${called} is finished at step ${step}. To train it further, fork it: saddle fork ${id} --step ${step} --steps N`,
    );
  }
  if (isActive(state) && 'pid' in state) {
    throw new UserError(
      `${called} is ${state.phase} in process ${state.pid}: there is nothing to resume here. A paused run goes on with the button of its page.`,
    );
  }
}

async function fork(context: Context, text: string, options: ForkOptions): Promise<void> {
  const { json = false, maxMinutes } = options;
  const library = context.library();
  const parent = library.reader(library.resolve(text)).detail();
  const prepared = prepareFork(parent, wishes(parent, options), context.dataHome);
  const { id } = library.create(recordOf(prepared));
  const { name, spec } = prepared;
  if (json) printJsonLine({ type: 'created', runId: id, name, steps: spec.steps, parent: spec.parent });
  else printLine(`Run ${id}: ${name}, from step ${options.step} to ${spec.steps}`);
  await follow(context, id, { json, maxMinutes });
}

/** Throws UsageError for settings the recipe refuses, and where the last step has to be said. */
function wishes({ summary, spec }: RunDetail, { step, set, steps, seed, name }: ForkOptions) {
  if (steps === undefined && spec.steps <= step) {
    throw new UsageError(`--steps: step ${step} is the last one of ${summary.name || summary.id}; say how far to go`);
  }
  try {
    const parameters = parseSettings(findRecipe(spec.recipe), set);
    return { runId: summary.id, step, parameters, steps: steps ?? spec.steps, seed, name };
  } catch (problem) {
    throw asUsageError(problem);
  }
}

function listCheckpoints(context: Context, text: string, { json }: Options): void {
  const library = context.library();
  const { checkpoints } = library.reader(library.resolve(text)).detail();
  if (json) return printJson(checkpoints);
  if (checkpoints.length === 0) return printLine('No checkpoints yet.');
  printTable(checkpoints, [
    { title: 'STEP', value: (row) => String(row.step), right: true },
    { title: 'FILE', value: (row) => row.file },
    { title: 'SIZE', value: (row) => formatBytes(row.bytes), right: true },
    { title: 'STAR', value: (row) => (row.starred ? '*' : '') },
    { title: 'WHY', value: (row) => row.reason },
    { title: 'SHA-256 OF THE WEIGHTS', value: (row) => row.sha256 },
  ]);
}
