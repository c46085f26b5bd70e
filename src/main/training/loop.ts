// The one loop: batch, step, report, sample, checkpoint, stop. It knows nothing of any recipe.

import type * as TF from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import type { RunWriter } from '../store/store.ts';
import type { Batch } from './batches.ts';
import { describeAccident, findFirst } from './black-box.ts';
import { NonFiniteError, sumOfAll, type NonFinite } from './finite.ts';
import { createObedience } from './obedience.ts';
import { createPatience, type Patience } from './patience.ts';
import { disposeBatch, stepBatch, type Prepared } from './prepare.ts';
import { createRecorder, type Recorder } from './recording.ts';
import { createSaver, type Saver } from './saving.ts';
import { createSpeedometer, type Speedometer } from './speed.ts';
import type { StartPoint } from './start-point.ts';
import { restoreState } from './state.ts';

export interface Outcome {
  readonly phase: 'finished' | 'stopped' | 'failed';
  readonly step: Step;
  readonly message?: string;
}

export interface Circumstances {
  readonly writer: RunWriter;
  readonly folder: string;
  /** Asks for a checkpoint and a stop; its reason, when that is text, goes into the event. */
  readonly signal: AbortSignal;
  /** Gets bugs, with their stacks, and what the run file has no room for. */
  report(problem: unknown): void;
  /** Step 0 when absent. */
  readonly start?: StartPoint;
  /** Of the programs that train, for the header of checkpoints. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface Loop {
  readonly prepared: Prepared;
  readonly writer: RunWriter;
  readonly recorder: Recorder;
  readonly saver: Saver;
  readonly patience: Patience;
  readonly speed: Speedometer;
  readonly signal: AbortSignal;
  readonly report: (problem: unknown) => void;
  /** Completed steps, or the one being taken. */
  step: Step;
  /** By the user. */
  isPaused: boolean;
  /** Scalars of the last step. */
  values: ReadonlyMap<string, number>;
  batch: Batch | null;
}

/**
 * Trains to the last step, to a stop or to a failure, and writes the phase it ended in; never rejects for a failed
 * run.
 */
export async function train(prepared: Prepared, circumstances: Circumstances): Promise<Outcome> {
  const { report, start } = circumstances;
  const loop = createLoop(prepared, circumstances);
  try {
    if (start?.content) restoreState(prepared, start.content);
    await begin(loop, start?.isResume ?? false);
    return await trainSteps(loop);
  } catch (problem) {
    if (problem instanceof NonFiniteError) return alert(loop, problem.first);
    if (!(problem instanceof UserError)) report(problem);
    return fail(loop, problem instanceof Error ? problem.message : String(problem));
  }
}

function createLoop(prepared: Prepared, { writer, folder, signal, report, start, versions }: Circumstances): Loop {
  const patience = createPatience({
    ...{ writer, signal, tell: report },
    step: () => loop.step,
    isPaused: () => loop.isPaused,
  });
  const recorder = createRecorder(prepared, writer, patience);
  const before = () => recorder.settled();
  const saver = createSaver(prepared, { writer, folder, patience, versions: versions ?? {}, before });
  const speed = createSpeedometer();
  const loop: Loop = {
    ...{ prepared, writer, recorder, saver, patience, speed, signal, report },
    step: start?.step ?? 0,
    isPaused: false,
    values: new Map(),
    batch: null,
  };
  return loop;
}

/** What belongs to the step before the first one. */
async function begin(loop: Loop, isResume: boolean): Promise<void> {
  const { recorder, patience, writer, step, prepared } = loop;
  const { parent } = prepared.spec;
  if (!isResume) await recorder.samples(step);
  await patience.persist(() => writer.phase('running', step));
  // A copy of its own, so that the fork lives on without its parent.
  if (!isResume && parent) await loop.saver.save(step, `forked from ${parent.runId}`, {});
}

async function trainSteps(loop: Loop): Promise<Outcome> {
  const { prepared, recorder, patience } = loop;
  const { steps, parameters } = prepared.spec;
  const sampleEvery = Number(parameters['sampleEvery']);
  const checkpointEvery = Number(parameters['checkpointEvery']);
  const firstStep = prepared.spec.parent?.step ?? 0;
  const obey = createObedience(loop, (reason) => checkpoint(loop, reason));

  while (loop.step < steps) {
    await patience.room();
    const stop = await obey();
    if (stop) return end(loop, 'stopped', stop.reason);
    // Drawn after a pause, never before: a checkpoint between two steps holds no batch.
    loop.batch = prepared.batches.next();
    if (loop.step === firstStep) await recorder.realImages(firstStep, loop.batch);
    loop.step += 1;
    await takeStep(loop, loop.batch);
    const isLast = loop.step === steps;
    if (loop.step % sampleEvery === 0 || isLast) await recorder.samples(loop.step);
    if (loop.step % checkpointEvery === 0 && !isLast) await checkpoint(loop, `every ${checkpointEvery} steps`);
    // Signals, messages and what goes on beside training get their turn; costs microseconds.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return end(loop, 'finished');
}

/** One step and its report. Throws NonFiniteError when a scalar or a weight is not finite after it. */
async function takeStep(loop: Loop, batch: Batch): Promise<void> {
  const { prepared, writer, speed, patience, step } = loop;
  const { tf, model } = prepared;
  const startMs = performance.now();
  const tensors = stepBatch(prepared, batch);
  const { scalars, histograms = {} } = model.step(tensors);
  disposeBatch(prepared, tensors);
  prepared.tf.dispose(Object.values(histograms));
  const { values, weightSum } = await readScalars(prepared, scalars);
  const endMs = performance.now();
  speed.count(endMs);
  loop.values = values;

  const bad = [...values].filter(([, value]) => !Number.isFinite(value)).map(([name, value]) => ({ name, value }));
  // These wait in memory while there is no room; `progress` says so.
  for (const [tag, value] of values) writer.scalar(tag, step, value);
  writer.scalar('time/step_ms', step, endMs - startMs);
  writer.scalar('mem/tensors', step, tf.memory().numTensors);
  writer.scalar('nan/count', step, bad.length);
  await patience.persist(() => writer.progress(step, speed.stepsPerSecond()));
  if (bad.length === 0 && Number.isFinite(weightSum)) return;
  const first = await findFirst(prepared, bad);
  // A sum may overflow where no weight has.
  if (first) throw new NonFiniteError(first);
}

/** Reads all scalars, and the sum of all weights, at once and disposes them. */
async function readScalars({ tf, model }: Prepared, scalars: Readonly<Record<string, TF.Scalar>>) {
  const tensors = [...Object.values(scalars), sumOfAll(tf, model.variables)];
  const stacked = tf.stack(tensors);
  tf.dispose(tensors);
  // This read is the wait for the device: everything before only queues work.
  const numbers = await stacked.data();
  stacked.dispose();
  const values = new Map(Object.keys(scalars).map((tag, at) => [tag, numbers[at]!]));
  return { values, weightSum: numbers[tensors.length - 1]! };
}

function checkpoint({ saver, step, values }: Loop, reason: string): Promise<void> {
  return saver.save(step, reason, Object.fromEntries(values));
}

async function end(loop: Loop, phase: 'finished' | 'stopped', reason?: string): Promise<Outcome> {
  const { saver, recorder, patience, writer, step } = loop;
  await checkpoint(loop, phase);
  await recorder.settled();
  await saver.settled();
  await patience.persist(() => writer.phase(phase, step, reason));
  return { phase, step };
}

/** The weights after an accident are worth nothing: those of the newest checkpoint stay the newest. */
async function alert(loop: Loop, first: NonFinite): Promise<Outcome> {
  const { prepared, writer, saver, patience, step, batch } = loop;
  try {
    await saver.settled();
    const kept = saver.newest();
    const message = describeAccident({ runId: writer.id, spec: prepared.spec, step, first, batch, kept });
    await patience.persist(() => writer.event('alert', step, message));
    return await fail(loop, message);
  } catch (problem) {
    return fail(loop, problem instanceof Error ? problem.message : String(problem));
  }
}

async function fail({ writer, recorder, saver, patience, report, step }: Loop, message: string): Promise<Outcome> {
  await Promise.allSettled([recorder.settled(), saver.settled()]);
  try {
    await patience.persist(() => writer.phase('failed', step, message));
  } catch (problem) {
    // The run will read interrupted, which is as true.
    report(problem);
  }
  return { phase: 'failed', step, message };
}
