// When each waiting run is expected to start and to end, from the step times of runs that cost the same. What is not
// known is null, never a guess: everything behind a run of unknown length is unknown too.

import type { Parameter } from '../../shared/parameters.ts';
import type { Queue, QueueEntry } from '../../shared/queue.ts';
import { isActive, type RunSpec, type RunSummary } from '../../shared/run.ts';

export interface Turn {
  readonly startMs: number | null;
  readonly endMs: number | null;
}

/** Milliseconds of one step; null when nothing like it was measured. */
export type StepTime = (spec: RunSpec) => number | null;
type TableOf = (recipe: string) => readonly Parameter[];

/** Runs that have a training process, or will have one in a moment, oldest first; the queue counts paused ones too. */
export function jobsOf(runs: readonly RunSummary[]): readonly RunSummary[] {
  return runs
    .filter((run) => isActive(run.state) || run.state.phase === 'queued')
    .sort((one, other) => one.createdMs - other.createdMs);
}

/** From the newest run of each cost; `runs` newest first. */
export function stepTimes(runs: readonly RunSummary[], tableOf: TableOf): StepTime {
  const measured = new Map<string, number>();
  for (const run of runs) {
    const key = costKey(run, tableOf(run.recipe));
    if (run.stepsPerSecond && !measured.has(key)) measured.set(key, 1000 / run.stepsPerSecond);
  }
  return (spec) => measured.get(costKey(spec, tableOf(spec.recipe))) ?? null;
}

/**
 * What decides how long a step takes: recipe, data, and every setting that is a count or a choice. Rates and weights are
 * numbers in the same sums, and what is recorded costs next to nothing.
 */
function costKey(run: Pick<RunSpec, 'recipe' | 'data' | 'parameters'>, table: readonly Parameter[]): string {
  const costly = table.filter((row) => row.group !== 'recording' && (row.kind !== 'number' || row.integer === true));
  return JSON.stringify([run.recipe, run.data, ...costly.map((row) => run.parameters[row.name] ?? null)]);
}

/** Steps that a run trains itself: a fork begins where its parent was. */
export function stepsOf({ steps, parent }: RunSpec): number {
  return steps - (parent?.step ?? 0);
}

/** The turn of every entry by its id; of those with a problem, and while the queue is paused, nothing is known. */
export function planQueue(
  queue: Queue,
  jobs: readonly RunSummary[],
  stepTime: StepTime,
  nowMs: number,
): ReadonlyMap<number, Turn> {
  const unknown: Turn = { startMs: null, endMs: null };
  if (queue.paused) return new Map(queue.entries.map(({ id }) => [id, unknown]));
  // When each place is free again; a job of unknown length keeps its place for ever.
  const ends = jobs.map((job) => (job.remainingMs === null ? Infinity : nowMs + job.remainingMs));
  let latest = nowMs;
  const turnOf = (entry: QueueEntry): Turn => {
    if (entry.problem !== null) return unknown;
    while (ends.length >= queue.atOnce) {
      const soonest = ends.indexOf(Math.min(...ends));
      latest = Math.max(latest, ends.splice(soonest, 1)[0]!);
    }
    const stepMs = stepTime(entry.spec);
    const endMs = stepMs === null ? Infinity : latest + stepMs * stepsOf(entry.spec);
    ends.push(endMs);
    return { startMs: finite(latest), endMs: finite(endMs) };
  };
  return new Map(queue.entries.map((entry) => [entry.id, turnOf(entry)]));
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
