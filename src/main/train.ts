// The training entry: a plain Node process that trains one run and exits. It only wires rooms together.
//   train.ts run FOLDER       train the run in this folder
//   train.ts estimate         a specification on standard input, one JSON line with its cost on standard output
//   train.ts probe BACKEND    one JSON line with what the backend is
// Exit code 0, or 1 when the run failed or could not be begun.

import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import packageFile from '../../package.json' with { type: 'json' };
import { UserError } from '../shared/contract.ts';
import type { BackendChoice, RunMachine, RunSpec } from '../shared/run.ts';
import type { TrainingOrder } from '../shared/training.ts';
import { findDataSet } from './datasets/list.ts';
import { dataFolder } from './home.ts';
import type { RunWriter } from './store/store.ts';
import { openRunWriter } from './store/writer.ts';
import type { OpenedBackend } from './training/backends/backend.ts';
import { openBackend } from './training/backends/list.ts';
import { estimate } from './training/estimate.ts';
import { train, type Outcome } from './training/loop.ts';
import { linePort, parentPort } from './training/port.ts';
import { prepare, type Prepared } from './training/prepare.ts';

/** Standard error is the run's log. */
function reportBug(problem: unknown): void {
  process.stderr.write(`${inspect(problem)}\n`);
}

async function readOrder([verb, argument]: readonly string[]): Promise<TrainingOrder> {
  const dataHome = dataFolder();
  if (verb === 'run' && argument) return { verb, folder: argument, dataHome };
  if (verb === 'estimate') return { verb, spec: JSON.parse(await text(process.stdin)) as RunSpec, dataHome };
  if (verb === 'probe' && argument) return { verb, backend: argument as BackendChoice };
  throw new UserError('usage: train run FOLDER | train estimate < SPECIFICATION | train probe BACKEND');
}

async function openPrepared(backend: OpenedBackend, spec: RunSpec, dataHome: string): Promise<Prepared> {
  const dataSet = findDataSet(spec.data);
  const data = await dataSet.open(dataHome);
  return prepare(backend.tf, spec, data, dataSet.classes.length);
}

/** Trains; what goes wrong ends in the run file. */
async function run(folder: string, dataHome: string): Promise<Outcome> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  // A lost parent means checkpoint and stop; a detached run has no channel to lose.
  process.on('disconnect', () => stop.abort());
  const port = parentPort(process.send && ((report, done) => void process.send!(report, done)));
  const writer = openRunWriter(folder);
  try {
    await port.report({ type: 'started', runId: writer.id, pid: process.pid });
    const outcome = await trainOrFail(writer, folder, dataHome, stop.signal);
    await port.report({ type: 'ended', runId: writer.id, ...outcome });
    return outcome;
  } finally {
    writer.close();
  }
}

async function trainOrFail(writer: RunWriter, folder: string, dataHome: string, signal: AbortSignal): Promise<Outcome> {
  let prepared: Prepared;
  try {
    const backend = await openBackend(writer.spec.backend);
    writer.start(describeMachine(backend));
    prepared = await openPrepared(backend, writer.spec, dataHome);
  } catch (problem) {
    // Text for people goes to the run as it is; anything else is a bug and keeps its stack in the log.
    if (!(problem instanceof UserError)) reportBug(problem);
    const message = problem instanceof Error ? problem.message : String(problem);
    writer.phase('failed', 0, message);
    return { phase: 'failed', step: 0, message };
  }
  return train(prepared, writer, folder, signal, reportBug);
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
    case 'run':
      return (await run(order.folder, order.dataHome)).phase === 'failed' ? 1 : 0;
    case 'estimate': {
      const backend = await openBackend(order.spec.backend);
      const prepared = await openPrepared(backend, order.spec, order.dataHome);
      const measures = { nowMs: () => performance.now(), peakBytes: () => process.resourceUsage().maxRSS * 1024 };
      await port.report({ type: 'estimate', estimate: await estimate(prepared, backend.id, measures) });
      return 0;
    }
    case 'probe': {
      const { id, version, device, threads } = await openBackend(order.backend);
      await port.report({ type: 'probe', probe: { backend: id, version, device, threads } });
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
