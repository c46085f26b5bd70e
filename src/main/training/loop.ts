// The one loop: batch, step, report, sample, checkpoint, stop. It knows nothing of any recipe.

import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import { openRunReader } from '../store/reader.ts';
import type { RunWriter } from '../store/store.ts';
import { DeviceLostError } from './backends/device-lost.ts';
import { readMemory } from './backends/open-engine.ts';
import type { Batch } from './batches.ts';
import { describeAccident, findFirst } from './black-box.ts';
import { NonFiniteError, type NonFinite } from './finite.ts';
import { createHealth, type Health } from './health/health.ts';
import { histogramOf } from './histogram.ts';
import { createObedience } from './obedience.ts';
import { createPatience, type Patience } from './patience.ts';
import type { Prepared } from './prepare.ts';
import { createRecorder, type Measures, type Recorder } from './recording.ts';
import { createSaver, periodicReason, type Saver } from './saving.ts';
import { describeShortage } from './shortage.ts';
import { createSpeedometer, type Speedometer } from './speed.ts';
import type { StartPoint } from './start-point.ts';
import { restoreState } from './state.ts';
import { createSteps, type Steps } from './steps.ts';

export interface Outcome {
  /** `lost`: with the device; the run goes on in another process. */
  readonly phase: 'finished' | 'stopped' | 'failed' | 'lost';
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
  /** Bytes that the driver of the card has left, where it can be asked. */
  readonly freeOnCard?: () => number | null;
  /** Of the programs that train, for the header of checkpoints. */
  readonly versions?: Readonly<Record<string, string>>;
}

export interface Loop {
  readonly prepared: Prepared;
  readonly steps: Steps;
  readonly writer: RunWriter;
  readonly recorder: Recorder;
  readonly health: Health;
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

/** Random samples are drawn at every tenth sample step, and at the last step. */
const RANDOM_EVERY = 10;
/** Steps between two looks at the size of the process. */
const MEMORY_EVERY = 50;

/**
 * Trains to the last step, to a stop or to a failure, and writes the phase it ended in; never rejects for a failed
 * run.
 */
export async function train(prepared: Prepared, circumstances: Circumstances): Promise<Outcome> {
  const { report, start } = circumstances;
  const loop = createLoop(prepared, circumstances);
  try {
    if (start?.content) restoreState(prepared, start.content);
    await begin(loop, circumstances.folder, start?.isResume ?? false);
    return await trainSteps(loop);
  } catch (problem) {
    if (problem instanceof NonFiniteError) return alert(loop, problem.first);
    if (problem instanceof DeviceLostError) return lose(loop, problem.message);
    if (!(problem instanceof UserError)) report(problem);
    const shortage = describeShortage(problem, prepared, loop.step, circumstances.freeOnCard);
    return fail(loop, shortage ?? (problem instanceof Error ? problem.message : String(problem)));
  }
}

function createLoop(prepared: Prepared, { writer, folder, signal, report, start, versions }: Circumstances): Loop {
  const patience = createPatience({
    ...{ writer, signal, tell: report },
    step: () => loop.step,
    isPaused: () => loop.isPaused,
  });
  const recorder = createRecorder(prepared, writer, patience);
  const health = createHealth(prepared, writer, patience);
  const before = () => recorder.settled();
  const saver = createSaver(prepared, { writer, folder, patience, versions: versions ?? {}, before });
  const speed = createSpeedometer();
  const loop: Loop = {
    ...{ prepared, steps: createSteps(prepared), writer, recorder, health, saver, patience, speed, signal, report },
    step: start?.step ?? 0,
    isPaused: false,
    values: new Map(),
    batch: null,
  };
  return loop;
}

/** What belongs to the step before the first one; of a resume, what goes on from the run's own file. */
async function begin(loop: Loop, folder: string, isResume: boolean): Promise<void> {
  const { recorder, health, patience, writer, step, prepared, saver } = loop;
  const { parent } = prepared.spec;
  const reader = openRunReader(folder);
  try {
    if (isResume) {
      recorder.recall(reader);
      health.recall(reader, step);
    } else {
      // A process that was killed before its first checkpoint has left the numbers of this step: they are the same.
      const known = new Set(reader.detail().scalarTags);
      const measured = [...(await recorder.samples(step))].filter(([tag]) => !known.has(tag));
      recordScalars(writer, step, new Map(measured));
    }
  } finally {
    reader.close();
  }
  await patience.persist(() => writer.phase('running', step));
  // A copy of its own, so that the fork lives on without its parent.
  if (!isResume && parent) await saver.save(step, `forked from ${parent.runId}`, {});
}

async function trainSteps(loop: Loop): Promise<Outcome> {
  const { prepared, patience } = loop;
  const { steps, parameters } = prepared.spec;
  const checkpointEvery = Number(parameters['checkpointEvery']);
  const firstStep = prepared.spec.parent?.step ?? 0;
  const obey = createObedience(loop, (reason) => checkpoint(loop, reason));

  while (loop.step < steps) {
    await patience.room();
    const stop = await obey();
    if (stop) return end(loop, 'stopped', stop.reason);
    const askedMs = performance.now();
    // Drawn after a pause, never before: a checkpoint between two steps holds no batch.
    loop.batch = prepared.batches.next();
    const dataMs = performance.now() - askedMs;
    if (loop.step === firstStep) await showReals(loop, loop.batch);
    loop.step += 1;
    await takeStep(loop, loop.batch, dataMs);
    const isLast = loop.step === steps;
    if (loop.step % checkpointEvery === 0 && !isLast) await checkpoint(loop, periodicReason(checkpointEvery));
    // Signals, messages and what goes on beside training get their turn; costs microseconds.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return end(loop, 'finished');
}

/** One step and its report. Throws NonFiniteError when a scalar or a weight is not finite after it. */
async function takeStep(loop: Loop, batch: Batch, dataMs: number): Promise<void> {
  const { prepared, writer, speed, patience, step } = loop;
  const startMs = performance.now();
  const { values, weightSum, distributions } = await loop.steps.take(batch, isHistogramStep(loop));
  prepared.model.follow?.(values);
  const endMs = performance.now();
  speed.count(endMs);
  loop.values = values;

  const bad = [...values].filter(([, value]) => !Number.isFinite(value)).map(([name, value]) => ({ name, value }));
  // A sum may overflow where no weight has: then nothing is found.
  const first = bad.length === 0 && Number.isFinite(weightSum) ? null : await findFirst(prepared, bad);
  // Before the step's scalars are recorded, so that all of them become visible at once.
  const measured = first ? new Map<string, number>() : await sampleWhenDue(loop);
  const system = systemScalars(prepared, { step, dataMs, stepMs: endMs - startMs, bad: bad.length });
  const scalars = new Map([...values, ...measured, ...system]);
  recordScalars(writer, step, scalars);
  await patience.persist(() => writer.progress(step, speed.stepsPerSecond()));
  await loop.health.observe(step, scalars);
  if (distributions.size > 0) {
    const rows = new Map([...distributions].map(([tag, found]) => [tag, histogramOf(found)]));
    await patience.persist(() => writer.histograms(step, rows));
  }
  if (first) throw new NonFiniteError(first);
}

/** What the first batch shows. */
async function showReals({ recorder, health, step }: Loop, batch: Batch): Promise<void> {
  await recorder.realImages(step, batch);
  await health.start(step, batch.images);
}

/** The first and the last step are kept too. Runs made before there were histograms keep none. */
function isHistogramStep({ prepared, step }: Loop): boolean {
  const { steps, parameters, parent } = prepared.spec;
  const every = Number(parameters['histogramEvery'] ?? 0);
  return every > 0 && (step % every === 0 || step === (parent?.step ?? 0) + 1 || step === steps);
}

async function sampleWhenDue({ prepared, recorder, step }: Loop): Promise<Measures> {
  const { steps, parameters } = prepared.spec;
  const sampleEvery = Number(parameters['sampleEvery']);
  const isLast = step === steps;
  if (step % sampleEvery !== 0 && !isLast) return new Map();
  const measured = await recorder.samples(step);
  if (step % (sampleEvery * RANDOM_EVERY) === 0 || isLast) await recorder.randomSamples(step);
  return measured;
}

/** These wait in memory while there is no room on the disk; `progress` says so. */
function recordScalars(writer: RunWriter, step: Step, values: Measures): void {
  for (const [tag, value] of values) writer.scalar(tag, step, value);
}

interface StepCosts {
  readonly step: Step;
  /** Wait for the batch. */
  readonly dataMs: number;
  /** From the upload of the batch to the numbers of the step. */
  readonly stepMs: number;
  /** Scalars that are not finite. */
  readonly bad: number;
}

function systemScalars({ tf }: Prepared, { step, dataMs, stepMs, bad }: StepCosts): Measures {
  const values = new Map([
    ['time/step_ms', stepMs],
    ['time/data_ms', dataMs],
    ['mem/tensors', tf.memory().numTensors],
    ['nan/count', bad],
  ]);
  // The system is asked for it, which takes tens of microseconds.
  if (step % MEMORY_EVERY === 0) {
    values.set('mem/rss_mb', process.memoryUsage.rss() / 2 ** 20);
    const { deviceBytes } = readMemory(tf);
    if (deviceBytes !== undefined) values.set('mem/gpu_mb', deviceBytes / 2 ** 20);
  }
  return values;
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
    const { message, settings } = describeAccident({ runId: writer.id, spec: prepared.spec, step, first, batch, kept });
    const verdict = { rule: 'not-finite', since: step, over: null, message, remedy: '', settings };
    await patience.persist(() => writer.alert(step, verdict, kept?.step));
    return await fail(loop, message);
  } catch (problem) {
    return fail(loop, problem instanceof Error ? problem.message : String(problem));
  }
}

/** The phase stays: until the other process is there, this one is gone and the run reads interrupted. */
async function lose(loop: Loop, why: string): Promise<Outcome> {
  const { writer, recorder, saver, patience, step } = loop;
  await Promise.allSettled([recorder.settled(), saver.settled()]);
  const kept = saver.newest();
  const from = kept ? `from the checkpoint of step ${kept.step}` : 'from where it began, as there is no checkpoint yet';
  const message = `${why} Training goes on in a new process ${from}.`;
  await patience.persist(() => writer.event('note', step, message));
  return { phase: 'lost', step, message };
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
