// What can be done with a run that ended: where a resume would go on, and whether smaller learning rates are the cure.

import type { Parameter, ParameterValues } from '../../shared/parameters.ts';
import { isActive, type CheckpointRow, type RunSummary, type Step, type Verdict } from '../../shared/run.ts';

export interface ResumePoint {
  readonly step: Step;
  /** Recorded steps after the checkpoint: a resume rolls them back and trains them again. */
  readonly lost: number;
}

export function newestCheckpoint(checkpoints: readonly CheckpointRow[]): CheckpointRow | null {
  return checkpoints.reduce<CheckpointRow | null>((best, row) => (best && best.step > row.step ? best : row), null);
}

/** Where it began when it has no checkpoint yet; null for a run that trains, is finished or cannot be read. */
export function resumePoint(
  { state, step, parent }: Pick<RunSummary, 'state' | 'step' | 'parent'>,
  checkpoints: readonly CheckpointRow[],
): ResumePoint | null {
  if (isActive(state) || !['stopped', 'failed', 'interrupted'].includes(state.phase)) return null;
  const from = newestCheckpoint(checkpoints)?.step ?? parent?.step ?? 0;
  return { step: from, lost: Math.max(0, step - from) };
}

/** True when the message of a failed run names a value that was not finite. */
export function isNonFiniteFailure(state: RunSummary['state']): boolean {
  return state.phase === 'failed' && /\b(NaN|Infinity|infinite|non-?finite|not finite)\b/i.test(state.message);
}

/** Half of every learning rate, held inside the table's ranges; nothing else. */
export function halvedLearningRates(values: ParameterValues, table: readonly Parameter[]): ParameterValues {
  const rates = table.flatMap((row) => {
    const value = values[row.name];
    if (row.kind !== 'number' || !/learningRate$/i.test(row.name) || typeof value !== 'number') return [];
    return [[row.name, Math.max(row.min, value / 2)] as const];
  });
  return Object.fromEntries(rates);
}

/** What the newest verdict of a rule would change, held inside the table's ranges. */
export function remedySettings(
  verdicts: readonly Verdict[],
  rule: string,
  table: readonly Parameter[],
): ParameterValues {
  const settings = verdicts.findLast((verdict) => verdict.rule === rule)?.settings ?? {};
  const known = table.flatMap((row) => {
    const value = settings[row.name];
    if (value === undefined) return [];
    if (row.kind !== 'number') return [[row.name, value] as const];
    return [[row.name, Math.min(row.max, Math.max(row.min, Number(value)))] as const];
  });
  return Object.fromEntries(known);
}
