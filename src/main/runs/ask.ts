// Questions to a training process that is no run: how long a step takes (`estimate`), what a backend is worth (`probe`).
// One process a question, so that a crash of native code costs an answer and nothing else.

import { UserError } from '../../shared/contract.ts';
import type { BackendChoice, RunSpec } from '../../shared/run.ts';
import type { Estimate, Probe, TrainingReport } from '../../shared/training.ts';
import type { TrainingProgram } from './program.ts';

const ESTIMATE_MS = 120_000;
/** The first start on a new graphics card may compile its kernels. */
const PROBE_MS = 180_000;
const LAST_LINES = 8;

/** Measures a few steps of this specification. Rejects with UserError when they cannot be run. */
export async function estimate(
  program: TrainingProgram,
  spec: RunSpec,
  signal?: AbortSignal,
  timeoutMs = ESTIMATE_MS,
): Promise<Estimate> {
  const report = await ask(program, ['estimate'], JSON.stringify(spec), { timeoutMs, signal });
  if (report.type !== 'estimate') throw new Error(`asked for an estimate, was answered ${report.type}`);
  return report.estimate;
}

/** Tries a backend. Rejects with UserError when it does not load, computes wrongly, crashes or hangs. */
export async function probe(program: TrainingProgram, backend: BackendChoice, timeoutMs = PROBE_MS): Promise<Probe> {
  const report = await ask(program, ['probe', backend], '', { timeoutMs });
  if (report.type !== 'probe') throw new Error(`asked for a probe, was answered ${report.type}`);
  return report.probe;
}

interface Patience {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

async function ask(
  program: TrainingProgram,
  order: readonly string[],
  input: string,
  patience: Patience,
): Promise<TrainingReport> {
  const timeout = AbortSignal.timeout(patience.timeoutMs);
  const child = program.spawn(program.node, [program.entry, ...order], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...program.environment() },
    signal: patience.signal ? AbortSignal.any([patience.signal, timeout]) : timeout,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    // It has answered: nothing is left to wait for, least of all the end of its native threads.
    if (output.endsWith('\n') && findReport(output)) child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-8192)));
  child.stdin.on('error', () => {}); // A process that died does not read; its exit tells more.
  child.stdin.end(input);
  const end = await new Promise<{ code: number | null; signal: string | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const verb = order.join(' ');
  if (patience.signal?.aborted) throw new UserError(`the ${verb} was cancelled`);
  if (timeout.aborted) throw new UserError(`the ${verb} gave no answer in ${patience.timeoutMs / 1000} s`);
  const report = findReport(output);
  if (report?.type === 'error') throw new UserError(report.message);
  if (report) return report;
  const how = end.error ? end.error.message : end.signal ? `ended by ${end.signal}` : `exit code ${end.code}`;
  const words = errors.trim().split(/\r?\n/).slice(-LAST_LINES).join('\n');
  throw new UserError(`the ${verb} failed (${how})${words ? `:\n${words}` : ''}`);
}

/** The last line that is a report; libraries print on standard output too. */
function findReport(output: string): TrainingReport | null {
  for (const line of output.trimEnd().split('\n').reverse()) {
    if (!line.startsWith('{"type":')) continue;
    try {
      return JSON.parse(line) as TrainingReport;
    } catch {
      continue; // A line cut short by a crash.
    }
  }
  return null;
}
