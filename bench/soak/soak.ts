// A real training in this process and what it holds after every so many steps; and the rule by which that is flat.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { findDataSet } from '../../src/main/datasets/list.ts';
import { createRun } from '../../src/main/store/create.ts';
import { openRunWriter } from '../../src/main/store/writer.ts';
import type { OpenedBackend, TensorFlow } from '../../src/main/training/backends/backend.ts';
import { openBackend } from '../../src/main/training/backends/list.ts';
import { train } from '../../src/main/training/loop.ts';
import { prepare } from '../../src/main/training/prepare.ts';
import { findRecipe } from '../../src/main/training/recipes/list.ts';
import { viewOf } from '../../src/main/training/recipes/shape.ts';
import { resolveParameters } from '../../src/shared/parameters.ts';
import type { BackendChoice, RunId, RunSpec } from '../../src/shared/run.ts';

export interface Soak {
  readonly recipe: string;
  readonly preset: string;
  readonly steps: number;
  readonly backend: BackendChoice;
}

export interface Sample {
  readonly backend: string;
  readonly step: number;
  readonly tensors: number;
  /** As native TensorFlow counts them; null on the other backends. */
  readonly libraryTensors: number | null;
  /** After a collection where Node was started with --expose-gc. */
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly residentBytes: number;
}

const SAMPLES = 100;
/** Allowed rise of a line over the second half, relative to its middle. */
const RISE = 0.05;

/** Throws when the run does not reach its last step. */
export async function soak({ recipe: id, preset, steps, backend: choice }: Soak): Promise<Sample[]> {
  const recipe = findRecipe(id);
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, {});
  const data = recipe.takes === 'points' ? 'ring' : 'glyphs';
  const spec: RunSpec = { recipe: id, preset, parameters, data, seed: 1, steps, backend: choice };
  const backend = await openBackend(choice);
  const dataSet = findDataSet(data);
  const opened = await dataSet.open('', viewOf(recipe, parameters, dataSet));
  const prepared = prepare(backend.tf, spec, opened, dataSet);
  const samples: Sample[] = [];
  const every = Math.max(1, Math.floor(steps / SAMPLES));
  let step = 0;
  const batches: typeof prepared.batches = {
    ...prepared.batches,
    // Between two steps the same tensors live, whatever the loop does besides.
    next() {
      if (step % every === 0 && step > 0) samples.push(look(backend, step));
      step += 1;
      return prepared.batches.next();
    },
  };
  await inFolder(spec, async (folder) => {
    const writer = openRunWriter(folder);
    const signal = new AbortController().signal;
    const problems: unknown[] = [];
    const report = (problem: unknown) => void problems.push(problem);
    const outcome = await train({ ...prepared, batches }, { writer, folder, signal, report });
    writer.close();
    if (outcome.phase !== 'finished') throw new Error(`${outcome.phase}: ${outcome.message}`, { cause: problems[0] });
  });
  return samples;
}

async function inFolder(spec: RunSpec, work: (folder: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'saddle-soak-'));
  try {
    const id = '20261121-000000-soak' as RunId;
    const folder = join(home, id);
    createRun(folder, { id, name: id, spec, referenceLines: [], networks: [], createdMs: Date.now() });
    await work(folder);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function look(backend: OpenedBackend, step: number): Sample {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    ...{ backend: backend.id, step, tensors: backend.memory().tensors, libraryTensors: libraryTensors(backend.tf) },
    ...{ heapBytes: heapUsed, externalBytes: external, residentBytes: rss },
  };
}

/** The binding of native TensorFlow. */
interface Binding {
  getNumOfTensors(): number;
}

function libraryTensors(tf: TensorFlow): number | null {
  const { binding } = tf.backend() as KernelBackend & { readonly binding?: Binding };
  return binding?.getNumOfTensors() ?? null;
}

export interface Verdict {
  readonly what: string;
  readonly rise: string;
  readonly isFlat: boolean;
}

export function judge(samples: readonly Sample[]): Verdict[] {
  const half = samples.slice(Math.floor(samples.length / 2));
  const steps = half.map(({ step }) => step);
  const count = (what: string, values: readonly (number | null)[]): Verdict => {
    const numbers = values.filter((value) => value !== null);
    const rise = Math.max(...numbers) - Math.min(...numbers);
    return { what, rise: `${rise} more at most than at least`, isFlat: rise === 0 };
  };
  const line = (what: string, values: readonly number[]): Verdict => {
    const rise = riseOf(steps, values);
    return { what, rise: `a rise of ${(100 * rise).toFixed(2)} %`, isFlat: rise < RISE };
  };
  const library = half.map(({ libraryTensors }) => libraryTensors);
  return [
    count('tensors', half.map(({ tensors }) => tensors)), // prettier-ignore
    ...(library.includes(null) ? [] : [count("the library's tensors", library)]),
    line('heap', half.map(({ heapBytes }) => heapBytes)), // prettier-ignore
    line('resident size', half.map(({ residentBytes }) => residentBytes)), // prettier-ignore
  ];
}

/** From the first step to the last on the line of least squares, relative to the mean. */
export function riseOf(steps: readonly number[], values: readonly number[]): number {
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [middle, level] = [mean(steps), mean(values)];
  const slope =
    steps.reduce((sum, step, at) => sum + (step - middle) * (values[at]! - level), 0) /
    steps.reduce((sum, step) => sum + (step - middle) ** 2, 0);
  return (slope * (steps.at(-1)! - steps[0]!)) / level;
}
