// Trains a run as a child of this process, follows its run file, and stops it cleanly on Ctrl-C: what `train`,
// `resume` and `fork` end with.

import { UserError } from '../../shared/contract.ts';
import type { RunId, RunSummary } from '../../shared/run.ts';
import type { TrainingEnd } from '../runs/start.ts';
import type { RunReader } from '../store/store.ts';
import type { Context } from './context.ts';
import { formatDuration, formatValue } from './numbers.ts';
import { printJsonLine, printLine, warn } from './output.ts';

/** How often the run file is asked for news; far below a person's patience, far above the cost of one indexed read. */
const FOLLOW_MS = 250;

export interface Following {
  readonly json: boolean;
  readonly maxMinutes?: number;
}

/** Resolves when the run finished or was stopped. Throws UserError when it failed. */
export async function follow(context: Context, id: RunId, { json, maxMinutes }: Following): Promise<void> {
  const library = context.library();
  const training = context.startAttached(library.runFolder(id), { maxMinutes });
  const stop = (): void => training.stop();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  let over = false;
  const ended = training.ended.then((result) => {
    over = true;
    return result;
  });
  const show = progressPrinter(id, json);
  let cursor = library.reader(id).cursor();
  while (!over) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, FOLLOW_MS))]);
    // Asked for anew each time: the library closes a reader that has not been used for a while.
    const reader = library.reader(id);
    const now = reader.cursor();
    if (now === cursor) continue;
    cursor = now;
    show(reader.summary());
  }
  // The handlers stay: a second Ctrl-C must not cut off the line that says how it ended.
  const end = await ended;
  report(id, library.reader(id), json, end);
}

function report(id: RunId, reader: RunReader, json: boolean, { code, signal, log }: TrainingEnd): void {
  const { state, step, steps } = reader.summary();
  const how = signal ? `its process was ended by ${signal}` : `its process ended with exit code ${code}`;
  const message = 'message' in state ? state.message : [how, log].filter((text) => text !== '').join('\n');
  // A resume whose process never came as far as the run leaves it as it was.
  if (code === 0 && (state.phase === 'finished' || state.phase === 'stopped')) {
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
    `Run ${id} ${state.phase === 'interrupted' ? 'was interrupted' : 'failed'} at step ${step}: ${message}`,
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
