// The training entry: a plain Node process that trains one run and exits. It only wires rooms together.
//   train.ts run FOLDER [--max-minutes N]
//                             train the run in this folder, from its newest checkpoint when it was started before
//   train.ts estimate         a specification on standard input, one JSON line with its cost on standard output
//   train.ts probe BACKEND    one JSON line with what the backend is, whether it is right and how fast
// Exit code 0, or 1 when the run failed or could not be begun; DEVICE_LOST_EXIT when another process is to go on with it.

import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import packageFile from '../../package.json' with { type: 'json' };
import { UserError } from '../shared/contract.ts';
import type { BackendChoice, RunMachine, RunSpec } from '../shared/run.ts';
import { DEVICE_LOST_EXIT, type TrainingOrder } from '../shared/training.ts';
import { findDataSet } from './datasets/list.ts';
import { dataFolder } from './home.ts';
import type { RunWriter } from './store/store.ts';
import { readRunSummary } from './store/summary.ts';
import { openRunWriter } from './store/writer.ts';
import { readCards, usedOnCards } from './runtime/cards.ts';
import { machineKey } from './runtime/machine-key.ts';
import { preferredBackends, readProbes } from './runtime/probes.ts';
import type { OpenedBackend } from './training/backends/backend.ts';
import { openBackend } from './training/backends/list.ts';
import { estimate } from './training/estimate.ts';
import { refuseTooLarge } from './training/largest-tensor.ts';
import { train, type Outcome } from './training/loop.ts';
import { createPatience, waitForRoom } from './training/patience.ts';
import { linePort, parentPort } from './training/port.ts';
import { prepare, type Prepared } from './training/prepare.ts';
import { isGpu, probe } from './training/probe.ts';
import { findRecipe } from './training/recipes/list.ts';
import { shapeFor, viewOf } from './training/recipes/shape.ts';
import { findStart } from './training/start-point.ts';

/** Standard error is the run's log. */
function reportBug(problem: unknown): void {
  process.stderr.write(`${typeof problem === 'string' ? problem : inspect(problem)}\n`);
}

async function readOrder([verb, argument, option, value]: readonly string[]): Promise<TrainingOrder> {
  const dataHome = dataFolder();
  if (verb === 'run' && argument) {
    const maxMinutes = option === '--max-minutes' ? Number(value) : undefined;
    return { verb, folder: argument, dataHome, maxMinutes };
  }
  if (verb === 'estimate') return { verb, spec: JSON.parse(await text(process.stdin)) as RunSpec, dataHome };
  if (verb === 'probe' && argument) return { verb, backend: argument as BackendChoice };
  throw new UserError(
    'usage: train run FOLDER [--max-minutes N] | train estimate < SPECIFICATION | train probe BACKEND',
  );
}

/** `auto` takes the fastest that a probe found right on this machine. */
function openChosen(choice: BackendChoice): Promise<OpenedBackend> {
  return openBackend(choice, preferredBackends(readProbes(machineKey())));
}

async function openPrepared(backend: OpenedBackend, spec: RunSpec, dataHome: string): Promise<Prepared> {
  const dataSet = findDataSet(spec.data, dataHome);
  const recipe = findRecipe(spec.recipe);
  const networks = recipe.describe(spec.parameters, shapeFor(recipe, spec.parameters, dataSet));
  refuseTooLarge(backend, networks, Number(spec.parameters['batchSize']));
  const data = await dataSet.open(dataHome, viewOf(recipe, spec.parameters, dataSet));
  return prepare(backend.tf, spec, data, dataSet);
}

/** As nvidia-smi says; of the one card that this process was shown. */
function freeOnCard(): number | null {
  const { list } = readCards();
  const card = list.find(({ index }) => String(index) === process.env['CUDA_VISIBLE_DEVICES']) ?? list[0];
  return card === undefined ? null : card.freeMb * 2 ** 20;
}

type RunOrder = Extract<TrainingOrder, { verb: 'run' }>;

/** Trains; what goes wrong ends in the run file. */
async function run({ folder, dataHome, maxMinutes }: RunOrder): Promise<Outcome> {
  const signal = listenForStop(maxMinutes);
  const port = parentPort(process.send && ((report, done) => void process.send!(report, done)));
  const open = () => ({ startedBefore: readRunSummary(folder).startedMs !== null, writer: openRunWriter(folder) });
  const { startedBefore, writer } = await waitForRoom(folder, open, { signal, tell: reportBug });
  try {
    await port.report({ type: 'started', runId: writer.id, pid: process.pid });
    const outcome = await trainOrFail(writer, { folder, dataHome, signal, startedBefore });
    const { phase } = outcome;
    // A lost run has not ended: whoever started this process starts another.
    if (phase !== 'lost') await port.report({ type: 'ended', runId: writer.id, ...outcome, phase });
    return outcome;
  } finally {
    writer.close();
  }
}

/** Everything that asks for a checkpoint and an end, with the reason that the run's event gives. */
function listenForStop(maxMinutes?: number): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort(`asked for by ${signal}`));
  // A detached run has no channel to lose.
  process.on('disconnect', () => stop.abort('the process that started it is gone'));
  if (maxMinutes !== undefined) {
    const reason = `the time was over: ${maxMinutes} ${maxMinutes === 1 ? 'minute' : 'minutes'}, as --max-minutes says`;
    setTimeout(() => stop.abort(reason), maxMinutes * 60_000).unref();
  }
  return stop.signal;
}

interface Situation {
  readonly folder: string;
  readonly dataHome: string;
  readonly signal: AbortSignal;
  readonly startedBefore: boolean;
}

async function trainOrFail(writer: RunWriter, situation: Situation): Promise<Outcome> {
  const { folder, dataHome, signal, startedBefore } = situation;
  let step = 0;
  const patience = createPatience({ writer, signal, step: () => step, isPaused: () => false, tell: reportBug });
  try {
    const start = await patience.persist(() => findStart(folder, writer, startedBefore));
    step = start.step;
    const backend = await openChosen(writer.spec.backend);
    const machine = describeMachine(backend);
    await patience.persist(() => writer.start(machine));
    const prepared = await openPrepared(backend, writer.spec, dataHome);
    const versions = { saddle: machine.saddle, node: machine.node, [machine.backend]: machine.backendVersion };
    return await train(prepared, { writer, folder, signal, report: reportBug, start, versions, freeOnCard });
  } catch (problem) {
    // Text for people goes to the run as it is; anything else is a bug and keeps its stack in the log.
    if (!(problem instanceof UserError)) reportBug(problem);
    const message = problem instanceof Error ? problem.message : String(problem);
    await patience.persist(() => writer.phase('failed', step, message));
    return { phase: 'failed', step, message };
  }
}

function describeMachine({ id, version, device, threads }: OpenedBackend): RunMachine {
  return {
    backend: id,
    backendVersion: version,
    device,
    threads,
    host: hostname(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    saddle: packageFile.version,
  };
}

async function obey(order: TrainingOrder): Promise<number> {
  const port = linePort((line, done) => process.stdout.write(line, done));
  switch (order.verb) {
    case 'run': {
      const { phase } = await run(order);
      return phase === 'lost' ? DEVICE_LOST_EXIT : phase === 'failed' ? 1 : 0;
    }
    case 'estimate': {
      // Refused before anything native is loaded.
      findRecipe(order.spec.recipe);
      findDataSet(order.spec.data, order.dataHome);
      const backend = await openChosen(order.spec.backend);
      const prepared = await openPrepared(backend, order.spec, order.dataHome);
      const measures = {
        nowMs: () => performance.now(),
        peakBytes: () => process.resourceUsage().maxRSS * 1024,
        deviceBytes: () => backend.memory().deviceBytes ?? (isGpu(backend) ? usedOnCards(process.pid) : null),
      };
      await port.report({ type: 'estimate', estimate: await estimate(prepared, backend.id, measures) });
      return 0;
    }
    case 'probe': {
      await port.report({ type: 'probe', probe: await probe(order.backend) });
      return 0;
    }
  }
}

try {
  // Exits by force: only the end of the process surely gives the device's memory back.
  process.exit(await obey(await readOrder(process.argv.slice(2))));
} catch (problem) {
  const message = problem instanceof Error ? problem.message : String(problem);
  if (!(problem instanceof UserError)) reportBug(problem);
  await linePort((line, done) => process.stdout.write(line, done)).report({ type: 'error', message });
  process.exit(1);
}
