// The parts of bench/gpu.ts. Each asks processes of their own within a time limit and gives what it found as JSON; what
// failed is a sentence in its place.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { estimate, probe } from '../../src/main/runs/ask.ts';
import type { TrainingProgram } from '../../src/main/runs/program.ts';
import { lastWords, runCommand } from '../../src/main/runtime/run-command.ts';
import { recipes } from '../../src/main/training/recipes/list.ts';
import { resolveParameters } from '../../src/shared/parameters.ts';
import { BACKEND_IDS, type BackendId, type RunSpec } from '../../src/shared/run.ts';

export interface Manner {
  readonly program: TrainingProgram;
  readonly python: string;
  /** Of one question. */
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

export type Failure = { readonly problem: string };
export type Answer = Readonly<Record<string, unknown>> | Failure;
export type Part = (manner: Manner) => Promise<Readonly<Record<string, Answer>>>;

/** Hundreds of times slower than the others: probed, but not measured. */
const TOO_SLOW: readonly BackendId[] = ['cpu'];

export const parts: Readonly<Record<string, Part>> = { devices, probes, gradients, steps, pytorch };

async function devices({ program, limitMs, say }: Manner): Promise<Record<string, Answer>> {
  const query = ['--query-gpu=name,compute_cap,memory.total,memory.free,driver_version', '--format=csv'];
  const found = {
    nvidia: await attempt(async () => ({ rows: (await runOrThrow('nvidia-smi', query, limitMs)).trim().split('\n') })),
    vulkan: await attempt(async () => ({ summary: await runOrThrow('vulkaninfo', ['--summary'], limitMs) })),
    webgpu: await attempt(() => ask(program, ['adapters'], limitMs)),
  };
  for (const [name, answer] of Object.entries(found)) say(`  ${name.padEnd(12)} ${brief(answer)}`);
  return found;
}

async function probes({ program, limitMs, say }: Manner): Promise<Record<string, Answer>> {
  return each(
    BACKEND_IDS,
    async (id) => ({ ...(await probe(program, id, limitMs)) }),
    say,
    (found) => {
      const { device, ms, largestError } = found as { device: string; ms: number; largestError: number };
      return `${ms.toFixed(1)} ms, largest error ${largestError.toExponential(1)}, ${device}`;
    },
  );
}

async function gradients({ program, limitMs, say }: Manner): Promise<Record<string, Answer>> {
  const measured = BACKEND_IDS.filter((id) => !TOO_SLOW.includes(id));
  return each(
    measured,
    (id) => ask(program, ['gradients', id], limitMs),
    say,
    (found) => {
      const { cases, worst, wrong } = found as { cases: number; worst: number; wrong: object };
      const names = Object.keys(wrong);
      const verdict = names.length === 0 ? 'all right' : `${names.length} WRONG: ${names.join('; ')}`;
      return `${cases} operations with first and second derivatives: ${verdict} (largest error ${worst.toExponential(1)})`;
    },
  );
}

async function steps({ program, limitMs, say }: Manner): Promise<Record<string, Answer>> {
  const measured = BACKEND_IDS.filter((id) => !TOO_SLOW.includes(id));
  const names = ['dcgan28', 'dcgan64'].flatMap((recipe) => measured.map((id) => `${recipe} ${id}`));
  const measure = async (name: string): Promise<Answer> => {
    const [recipe, backend] = name.split(' ') as [string, BackendId];
    if (backend === 'webgpu') await refuseSoftware(program, limitMs);
    return { ...(await estimate(program, specOf(recipe, backend), undefined, limitMs)) };
  };
  return each(names, measure, say, (found) => {
    const { stepMs, memoryBytes, tensorBytes } = found as Record<'stepMs' | 'memoryBytes' | 'tensorBytes', number>;
    return `${stepMs.toFixed(1)} ms a step, ${mega(memoryBytes)} MB resident, tensors at most ${mega(tensorBytes)} MB`;
  });
}

/** A step takes minutes there, and says nothing of a card. */
async function refuseSoftware(program: TrainingProgram, limitMs: number): Promise<void> {
  const { isGpu, device } = await probe(program, 'webgpu', limitMs);
  if (!isGpu) throw new Error(`left out: ${device} computes on the processor`);
}

async function pytorch({ python, limitMs, say }: Manner): Promise<Record<string, Answer>> {
  const file = join(import.meta.dirname, 'dcgan_pytorch.py');
  const measure = async (side: string): Promise<Answer> => {
    const said = await runOrThrow(python, [file, side, String(availableParallelism())], limitMs);
    const { times, ...facts } = lastJson(said) as { times: number[] };
    // The first ones choose algorithms.
    return { ...facts, stepMs: median(times.slice(10)), measuredSteps: times.length - 10 };
  };
  const found = await each(['28', '64'], measure, say, (answer) => {
    const { stepMs, torch, device } = answer as { stepMs: number; torch: string; device: string };
    return `${stepMs.toFixed(1)} ms a step, PyTorch ${torch} on ${device}`;
  });
  return Object.fromEntries(Object.entries(found).map(([side, answer]) => [`dcgan${side}`, answer]));
}

function specOf(id: string, backend: BackendId): RunSpec {
  const recipe = recipes.find((candidate) => candidate.id === id)!;
  const parameters = resolveParameters(recipe.parameters, recipe.presets, 'app', {});
  return { recipe: id, preset: 'app', parameters, data: 'glyphs', seed: 1, steps: 1000, backend };
}

async function each<Name extends string>(
  names: readonly Name[],
  work: (name: Name) => Promise<Answer>,
  say: Manner['say'],
  describe: (answer: Answer) => string,
): Promise<Record<string, Answer>> {
  const found: Record<string, Answer> = {};
  for (const name of names) {
    const answer = (found[name] = await attempt(() => work(name)));
    say(`  ${name.padEnd(20)} ${'problem' in answer ? brief(answer) : describe(answer)}`);
  }
  return found;
}

async function attempt(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (problem) {
    return { problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** NVIDIA's rounding of factors to 10 bits is switched off: the suite compares with double precision. */
async function ask(program: TrainingProgram, question: readonly string[], limitMs: number): Promise<Answer> {
  const env = { ...program.environment(), NVIDIA_TF32_OVERRIDE: '0' };
  const file = join(import.meta.dirname, 'answer.ts');
  return lastJson(await runOrThrow(program.node, [file, ...question], limitMs, env)) as Answer;
}

async function runOrThrow(
  program: string,
  args: readonly string[],
  limitMs: number,
  env?: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const signal = AbortSignal.timeout(limitMs);
  const result = await runCommand(program, args, { signal, ...(env && { env: { ...env } }) }).catch(
    (problem: unknown) => {
      throw signal.aborted ? new Error(`no answer in ${limitMs / 1000} s`) : problem;
    },
  );
  if (result.code !== 0) throw new Error(lastWords(result));
  return result.stdout;
}

/** Libraries print on standard output too. */
function lastJson(said: string): unknown {
  const line = said.trim().split('\n').findLast((text) => text.startsWith('{')); // prettier-ignore
  if (line === undefined) throw new Error('no answer');
  return JSON.parse(line) as unknown;
}

function brief(answer: Answer): string {
  if ('problem' in answer) return `not: ${String(answer.problem).trim().split('\n').at(-1)}`;
  return JSON.stringify(answer).slice(0, 200);
}

const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
