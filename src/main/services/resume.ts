// Resume: a paused process goes on; a run whose process is gone is started again, as the same run, from its newest
// checkpoint, or from where it began when there is none yet. What was asked for stays: changed settings are a fork.

import { UserError } from '../../shared/contract.ts';
import { isActive, type RunId, type RunSummary } from '../../shared/run.ts';
import type { Library } from '../library/library.ts';
import type { TrainingProgram } from '../runs/program.ts';
import { startDetached, type StartedTraining } from '../runs/start.ts';

/** Resolves when the run is active again. Throws UserError with a sentence when it cannot be. */
export async function resumeRun(library: Library, program: TrainingProgram, id: RunId): Promise<void> {
  const summary = library.reader(id).summary();
  if (summary.state.phase === 'paused') return library.command(id, 'resume');
  refuseUnlessEnded(summary);
  await untilActive(library, id, startDetached(program, library.runFolder(id)));
}

/** Throws UserError that says why there is nothing to resume. */
function refuseUnlessEnded({ state, name, id }: RunSummary): void {
  const called = `Run ${name || id}`;
  if (isActive(state) || state.phase === 'queued') {
    throw new UserError(`${called} is ${state.phase}: there is nothing to resume.`);
  }
  if (state.phase === 'finished') {
    throw new UserError(`${called} is finished. To train it further, fork it with a greater number of steps.`);
  }
  if (state.phase === 'unreadable') throw new UserError(`${called} cannot be read: ${state.message}`);
}

const LOOK_MS = 100;

/** Until the process has opened the run, or is gone without: then with its last words. */
async function untilActive(library: Library, id: RunId, { ended }: StartedTraining): Promise<void> {
  let end: Awaited<StartedTraining['ended']> | null = null;
  void ended.then((found) => (end = found));
  const before = library.reader(id).summary().cursor;
  for (;;) {
    const { state, cursor } = library.reader(id).summary();
    // One with few steps left may have ended between two looks: then it has written.
    if (isActive(state) || cursor > before) return;
    if (end) throw new UserError(`The run could not be resumed: ${(end as { log: string }).log}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
