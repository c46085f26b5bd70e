// The command line as a whole: the list of commands, and what each way of ending means to a script:
// 0 done, 1 failed, 2 wrong usage.

import { Command, CommanderError } from 'commander';
import { UserError } from '../../shared/contract.ts';
import { addBranchCommands } from './branch.ts';
import type { Context } from './context.ts';
import { addDataCommands } from './data.ts';
import { addEstimateCommand } from './estimate.ts';
import { addExportCommand } from './export.ts';
import { addHistogramsCommand } from './histograms.ts';
import { addInspectCommands } from './inspect.ts';
import { warn } from './output.ts';
import { addQueueCommands } from './queue.ts';
import { addRecipesCommand } from './recipes.ts';
import { addRuntimeCommand } from './runtime.ts';
import { addServeCommand } from './serve.ts';
import { addTrainCommand } from './train.ts';
import { UsageError } from './usage.ts';

export interface GlobalOptions {
  readonly library?: string;
}

/** Runs one command line (without `node` and the script). Returns the exit code; never throws. */
export async function runProgram(
  args: readonly string[],
  version: string,
  open: (options: GlobalOptions) => Context,
): Promise<number> {
  const program = new Command('saddle')
    .description('Trains GANs on your own GPU and shows what happens while it happens.')
    .version(version)
    .showHelpAfterError('Add --help to see how it is used.');
  let opened: Context | undefined;
  const context = (): Context => (opened ??= open(program.opts<GlobalOptions>()));
  addTrainCommand(program, context);
  addBranchCommands(program, context);
  addEstimateCommand(program, context);
  addQueueCommands(program, context);
  addInspectCommands(program, context);
  addHistogramsCommand(program, context);
  addExportCommand(program, context);
  addDataCommands(program, context);
  addRecipesCommand(program, context);
  addRuntimeCommand(program, context);
  addServeCommand(program, context);
  acceptEverywhere(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (problem) {
    return exitCodeOf(problem);
  }
}

/** `--library` may stand before or after the command; errors are thrown, so that the exit codes are ours. */
function acceptEverywhere(program: Command): void {
  const visit = (command: Command): void => {
    command.exitOverride();
    if (command.commands.length === 0 && command !== program) {
      command.option('--library <dir>', 'folder of runs', (folder: string) => {
        program.setOptionValue('library', folder);
        return folder;
      });
      command.showHelpAfterError('Add --help to see how it is used.');
    }
    command.commands.forEach(visit);
  };
  program.option('--library <dir>', 'folder of runs; the default lies under SADDLE_HOME');
  visit(program);
}

function exitCodeOf(problem: unknown): number {
  // Commander has printed its own message: help and version end with 0, the rest is wrong usage.
  if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : 2;
  if (problem instanceof UsageError) {
    warn(problem.message);
    return 2;
  }
  if (problem instanceof UserError) {
    warn(problem.message);
    return 1;
  }
  warn(problem instanceof Error ? (problem.stack ?? problem.message) : String(problem));
  return 1;
}
