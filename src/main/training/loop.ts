// The one loop: batch, step, report, sample, checkpoint, stop. It knows nothing of any recipe.

import type * as TF from '@tensorflow/tfjs-core';
import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import type { RunWriter } from '../store/store.ts';
import type { Batch } from './batches.ts';
import { imageTensor, type Prepared } from './prepare.ts';
import { createRecorder, type Recorder } from './recording.ts';
import { createSpeedometer, type Speedometer } from './speed.ts';

/** How often commands are looked for, while running and while paused. */
const COMMANDS_EVERY_MS = 200;

export interface Outcome {
  readonly phase: 'finished' | 'stopped' | 'failed';
  readonly step: Step;
  readonly message?: string;
}

interface Loop {
  readonly prepared: Prepared;
  readonly writer: RunWriter;
  readonly recorder: Recorder;
  readonly speed: Speedometer;
  /** Asks for a checkpoint and a stop: SIGTERM, SIGINT, a lost parent. */
  readonly signal: AbortSignal;
  /** Completed steps, or the one being taken. */
  step: Step;
}

/**
 * Trains to the last step, to a stop or to a failure, and writes the phase it ended in; never rejects for a failed
 * run. `report` gets what is a bug, with its stack.
 */
export async function train(
  prepared: Prepared,
  writer: RunWriter,
  folder: string,
  signal: AbortSignal,
  report: (bug: unknown) => void,
): Promise<Outcome> {
  const recorder = createRecorder(prepared, writer, folder);
  const loop: Loop = { prepared, writer, recorder, speed: createSpeedometer(), signal, step: 0 };
  try {
    return await trainSteps(loop);
  } catch (problem) {
    if (!(problem instanceof UserError)) report(problem);
    return fail(loop, problem instanceof Error ? problem.message : String(problem));
  }
}

async function trainSteps(loop: Loop): Promise<Outcome> {
  const { prepared, writer, recorder } = loop;
  const { steps, parameters } = prepared.spec;
  const sampleEvery = Number(parameters['sampleEvery']);
  const checkpointEvery = Number(parameters['checkpointEvery']);
  const obey = createObedience(loop);

  let batch = prepared.batches.next();
  recorder.realImages(batch);
  await recorder.samples(0);
  writer.phase('running', 0);

  while (loop.step < steps) {
    if ((await obey()) === 'stop') return end(loop, 'stopped');
    loop.step += 1;
    const problem = await takeStep(loop, batch);
    if (problem) return alert(loop, problem);
    const isLast = loop.step === steps;
    if (loop.step % sampleEvery === 0 || isLast) await recorder.samples(loop.step);
    if (loop.step % checkpointEvery === 0 && !isLast)
      await recorder.checkpoint(loop.step, `every ${checkpointEvery} steps`);
    if (!isLast) batch = prepared.batches.next();
    // Signals and messages get their turn; costs microseconds.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return end(loop, 'finished');
}

/** One step and its report. Returns what is wrong when a value is not finite. */
async function takeStep({ prepared, writer, speed, step }: Loop, batch: Batch): Promise<string | null> {
  const { tf, model } = prepared;
  const startMs = performance.now();
  const images = imageTensor(prepared, batch.images);
  const scalars = model.step(images, batch.labels);
  images.dispose();
  const values = await readScalars(tf, scalars);
  const endMs = performance.now();
  speed.count(endMs);

  const bad = [...values].filter(([, value]) => !Number.isFinite(value));
  for (const [tag, value] of values) writer.scalar(tag, step, value);
  writer.scalar('time/step_ms', step, endMs - startMs);
  writer.scalar('mem/tensors', step, tf.memory().numTensors);
  writer.scalar('nan/count', step, bad.length);
  writer.progress(step, speed.stepsPerSecond());
  return bad[0] ? `${bad[0][0]} became ${bad[0][1]} at step ${step}` : null;
}

/** Reads all scalars at once and disposes them. */
async function readScalars(
  tf: Prepared['tf'],
  scalars: Readonly<Record<string, TF.Scalar>>,
): Promise<Map<string, number>> {
  const tensors = Object.values(scalars);
  const stacked = tf.stack(tensors);
  tf.dispose(tensors);
  // This read is the wait for the device: everything before only queues work.
  const values = await stacked.data();
  stacked.dispose();
  return new Map(Object.keys(scalars).map((tag, at) => [tag, values[at]!]));
}

/** Looks for commands now and then; stays inside while the run is paused. */
function createObedience(loop: Loop): () => Promise<'go on' | 'stop'> {
  const { writer, recorder, speed, signal } = loop;
  let lookedMs = -Infinity;
  return async () => {
    const { step } = loop;
    if (signal.aborted) return 'stop';
    if (performance.now() - lookedMs < COMMANDS_EVERY_MS) return 'go on';
    lookedMs = performance.now();
    let isPaused = false;
    for (;;) {
      for (const command of writer.takeCommands()) {
        if (command === 'stop') return 'stop';
        if (command === 'pause' && !isPaused) {
          await recorder.checkpoint(step, 'paused');
          writer.phase('paused', step);
        } else if (command === 'resume' && isPaused) {
          speed.restart();
          writer.phase('running', step);
        }
        isPaused = command === 'pause';
      }
      if (!isPaused) return 'go on';
      await waitFor(COMMANDS_EVERY_MS, signal);
      if (signal.aborted) return 'stop';
      writer.progress(step, null);
    }
  };
}

async function end({ writer, recorder, step }: Loop, phase: 'finished' | 'stopped'): Promise<Outcome> {
  await recorder.checkpoint(step, phase);
  writer.phase(phase, step);
  return { phase, step };
}

function alert(loop: Loop, problem: string): Outcome {
  const kept = loop.recorder.lastCheckpoint();
  const message = `${problem}; ${kept ? `the last weights before it are in ${kept}` : 'there was no checkpoint yet'}`;
  loop.writer.event('alert', loop.step, message);
  return fail(loop, message);
}

function fail({ writer, step }: Loop, message: string): Outcome {
  writer.phase('failed', step, message);
  return { phase: 'failed', step, message };
}

function waitFor(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
