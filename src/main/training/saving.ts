// The checkpoints of a run: taken between two steps, written while training goes on, and thrown away again by the
// policy of the run's settings. One that holds a number that is not finite is never written.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParameterValues } from '../../shared/parameters.ts';
import type { CheckpointRow, Step } from '../../shared/run.ts';
import type { RunWriter } from '../store/store.ts';
import { createBackground } from './background.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { findNonFinite, NonFiniteError } from './finite.ts';
import type { Patience } from './patience.ts';
import type { Prepared } from './prepare.ts';
import { captureState } from './state.ts';

export interface Saver {
  /**
   * Takes the state and has it written beside training; waits only for the device and for the checkpoint before. Does
   * nothing when this step has one. Throws NonFiniteError, and writes nothing, when some tensor is not finite.
   */
  save(step: Step, reason: string, measures: Readonly<Record<string, number>>): Promise<void>;
  /** What was begun is on the disk, with its row. */
  settled(): Promise<void>;
  /** The newest that is written; null before the first. */
  newest(): { readonly step: Step; readonly file: string } | null;
}

interface Place {
  readonly writer: RunWriter;
  readonly folder: string;
  readonly patience: Patience;
  readonly versions: Readonly<Record<string, string>>;
  /** What must be in the run before a checkpoint may say that everything up to its step is. */
  before(): Promise<void>;
}

export function createSaver(prepared: Prepared, place: Place): Saver {
  const { writer, folder, patience, versions, before } = place;
  const { tf, model, spec } = prepared;
  const background = createBackground(1);
  const policy = policyOf(spec.parameters);
  const periodic = periodicReason(Number(spec.parameters['checkpointEvery']));
  let newest = writer.checkpoints().at(-1) ?? null;
  let begun = newest?.step ?? null;

  return {
    async save(step, reason, measures) {
      if (begun === step) return;
      const nonFinite = await findNonFinite(tf, [...model.variables, ...model.slots]);
      if (nonFinite) throw new NonFiniteError(nonFinite);
      // One at a time: two would hold the weights in memory twice.
      await background.settled();
      const content = await captureState(prepared, step, versions);
      const wallMs = Date.now();
      begun = step;
      await background.add(async () => {
        const file = fileOf(step);
        const written = await patience.persist(() => writeCheckpoint(join(folder, file), content));
        await before();
        // The row goes in after the file is there for good.
        const row: CheckpointRow = { step, file, ...written, wallMs, reason, starred: false, measures };
        const news = reason === periodic ? undefined : `${reason}: ${file}`;
        await patience.persist(() => writer.checkpoint(row, news));
        newest = row;
        await applyPolicy(policy, place);
      });
    },
    settled: () => background.settled(),
    newest: () => newest,
  };
}

/** Of the checkpoints that come by themselves. There are thousands: unlike the others they are no event of their own. */
export function periodicReason(every: number): string {
  return `every ${every} steps`;
}

/** Relative to the run's folder. */
export function fileOf(step: Step): string {
  return `checkpoints/step-${String(step).padStart(8, '0')}.safetensors`;
}

export interface Policy {
  /** How many of the newest stay. */
  readonly keep: number;
  /** The scalar whose lowest value makes a checkpoint the best, which stays; empty for none. */
  readonly bestBy: string;
}

/** Runs made before there was a policy keep everything. */
function policyOf(parameters: ParameterValues): Policy {
  const bestBy = String(parameters['checkpointBestBy'] ?? 'none');
  return { keep: Number(parameters['checkpointKeep'] ?? Infinity), bestBy: bestBy === 'none' ? '' : bestBy };
}

async function applyPolicy(policy: Policy, { writer, folder, patience }: Place): Promise<void> {
  for (const { step, file } of dispensable(writer.checkpoints(), policy)) {
    await patience.persist(() => writer.dropCheckpoint(step));
    await rm(join(folder, file), { force: true });
  }
}

/** Those that are neither among the newest, nor starred, nor the best, nor kept for a reason. `rows` by step. */
export function dispensable(rows: readonly CheckpointRow[], { keep, bestBy }: Policy): CheckpointRow[] {
  const measured = rows.filter(({ measures }) => Number.isFinite(measures[bestBy]));
  const best = measured.toSorted((one, other) => one.measures[bestBy]! - other.measures[bestBy]!)[0];
  return rows
    .slice(0, Math.max(0, rows.length - keep))
    .filter((row) => !row.starred && row !== best && !row.keptBecause);
}
