// Where a training process begins: at step 0, at the newest checkpoint of a run that was started before, or at a
// checkpoint of the parent of a fork. What a resume goes behind is taken back first, so that nothing stands twice.

import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { RunSpec, Step } from '../../shared/run.ts';
import { openRunReader } from '../store/reader.ts';
import type { RunWriter } from '../store/store.ts';
import { readCheckpoint, type CheckpointContent } from './checkpoint.ts';
import { fileOf } from './saving.ts';

export interface StartPoint {
  readonly step: Step;
  /** Null at step 0. */
  readonly content: CheckpointContent | null;
  /** True for a run's own checkpoint: what belongs to its step is recorded already. */
  readonly isResume: boolean;
}

/**
 * To be called before `writer.start`. `startedBefore`: some process has trained this run. Throws UserError when there are checkpoints
 * and none can be read, or the parent's is gone.
 */
export async function findStart(folder: string, writer: RunWriter, startedBefore: boolean): Promise<StartPoint> {
  const { content, step, damaged } = await findOwn(folder, writer);
  const start: StartPoint = content ? { step, content, isResume: true } : await findFirst(folder, writer.spec);
  if (startedBefore) {
    const { checkpoints } = writer.rollback(start.step);
    for (const { file } of checkpoints) await rm(join(folder, file), { force: true });
    await removeStrays(folder, writer);
  }
  if (damaged.length > 0) {
    writer.event('note', start.step, `Went on from step ${start.step}, the newest that is whole. ${damaged.join(' ')}`);
  }
  return start;
}

interface Own {
  readonly step: Step;
  readonly content: CheckpointContent | null;
  /** Why newer ones were passed over. */
  readonly damaged: readonly string[];
}

async function findOwn(folder: string, writer: RunWriter): Promise<Own> {
  const damaged: string[] = [];
  for (const { step, file, sha256 } of writer.checkpoints().reverse()) {
    try {
      const content = await readCheckpoint(join(folder, file));
      if (content.metadata['weightsSha256'] === sha256) return { step, content, damaged };
      damaged.push(`${file} holds other weights than were written.`);
    } catch (problem) {
      if (!(problem instanceof UserError)) throw problem;
      damaged.push(`${problem.message}.`);
    }
  }
  if (damaged.length === 0) return { step: 0, content: null, damaged };
  throw new UserError(
    `This run cannot go on: none of its checkpoints can be read. ${damaged.join(' ')} Start a new run with the same settings.`,
  );
}

/** Of a run without a checkpoint of its own. */
async function findFirst(folder: string, { parent }: RunSpec): Promise<StartPoint> {
  if (!parent) return { step: 0, content: null, isResume: false };
  const { runId, step } = parent;
  // As a rule it is here already: the parent may have removed its own by now.
  const taken = join(folder, fileOf(step));
  if (existsSync(taken)) return { step, content: await readCheckpoint(taken), isResume: false };
  const parentFolder = join(folder, '..', runId);
  const reader = openRunReader(parentFolder);
  try {
    const rows = reader.detail().checkpoints;
    const row = rows.find((candidate) => candidate.step === step);
    if (row) return { step, content: await readCheckpoint(join(parentFolder, row.file)), isResume: false };
    const there = rows.map((candidate) => candidate.step).join(', ') || 'none';
    throw new UserError(`Run ${runId} has no checkpoint at step ${step} to fork from; it has ${there}.`);
  } finally {
    reader.close();
  }
}

const OURS = /^step-\d+\.safetensors(\.part)?$/;

/** Files whose row never came: of a process that was killed in between. What a fork starts from has none. */
async function removeStrays(folder: string, writer: RunWriter): Promise<void> {
  const known = new Set(writer.checkpoints().map(({ file }) => file));
  if (writer.spec.parent) known.add(fileOf(writer.spec.parent.step));
  const names = await readdir(join(folder, 'checkpoints')).catch(() => []);
  for (const name of names) {
    const file = `checkpoints/${name}`;
    if (OURS.test(name) && !known.has(file)) await rm(join(folder, file), { force: true });
  }
}
