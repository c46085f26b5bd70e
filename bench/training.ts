// What the benches of training share: a prepared run of a recipe's preset on Glyphs, in a folder of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDataSet } from '../src/main/datasets/dataset.ts';
import { findDataSet } from '../src/main/datasets/list.ts';
import { createRun } from '../src/main/store/create.ts';
import type { RunWriter } from '../src/main/store/store.ts';
import { openRunWriter } from '../src/main/store/writer.ts';
import type { OpenedBackend } from '../src/main/training/backends/backend.ts';
import { openBackend } from '../src/main/training/backends/list.ts';
import { prepare, type Prepared } from '../src/main/training/prepare.ts';
import { findRecipe } from '../src/main/training/recipes/list.ts';
import type { Recipe } from '../src/main/training/recipes/recipe.ts';
import { shapeFor } from '../src/main/training/recipes/shape.ts';
import { createSteps, type Steps } from '../src/main/training/steps.ts';
import { resolveParameters, type ParameterValues } from '../src/shared/parameters.ts';
import type { BackendChoice, RunId } from '../src/shared/run.ts';

const home = mkdtempSync(join(tmpdir(), 'saddle-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** SADDLE_BENCH_BACKEND: another backend than the best. */
const choice = (process.env['SADDLE_BENCH_BACKEND'] ?? 'auto') as BackendChoice;
export const backend: OpenedBackend = await openBackend(choice);
let made = 0;

export interface BenchRun {
  readonly prepared: Prepared;
  readonly steps: Steps;
  readonly folder: string;
  readonly writer: RunWriter;
}

/** A preset of the 28 x 28 DCGAN, or of another recipe, which need not be in the list. */
export async function benchRun(
  preset: string,
  steps: number,
  changes: ParameterValues = {},
  recipe: Recipe = findRecipe('dcgan28'),
): Promise<BenchRun> {
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, changes);
  const spec = { recipe: recipe.id, preset, parameters, data: 'glyphs', seed: 1, steps, backend: 'auto' } as const;
  const id = `20261121-000000-${String(made++).padStart(4, '0')}` as RunId;
  const folder = join(home, id);
  createRun(folder, { id, name: id, spec, referenceLines: [], networks: [], createdMs: Date.now() });
  const glyphs = findDataSet('glyphs');
  const facts = { ...glyphs, kind: recipe.takes };
  const data = recipe.id === 'dcgan28' ? await glyphs.open('') : noiseFor(recipe, shapeFor(recipe, parameters, facts));
  const prepared = prepare(backend.tf, spec, data, facts, recipe);
  return { prepared, steps: createSteps(prepared), folder, writer: openRunWriter(folder) };
}

const noiseFor = (recipe: Recipe, shape: Pick<OpenDataSet, 'height' | 'width' | 'channels'>): OpenDataSet =>
  recipe.takes === 'pairs' ? { ...noise(shape), second: noise(shape) } : noise(shape);

/** Images in the shape that a recipe's view would make, without the time that making them takes. */
function noise({ height, width, channels }: Pick<OpenDataSet, 'height' | 'width' | 'channels'>): OpenDataSet {
  const [count, size] = [64, height * width * channels];
  const pixels = Uint8Array.from({ length: count * size }, (_, at) => (at * 2654435761) >>> 24);
  return {
    ...{ count, height, width, channels, labels: new Uint8Array(count) },
    read: (indices) =>
      Uint8Array.from(Array.from(indices).flatMap((at) => [...pixels.subarray(at * size, (at + 1) * size)])),
    close() {},
  };
}

/** One step as the loop takes it; milliseconds. */
export async function timeStep({ prepared: { model, batches }, steps }: BenchRun): Promise<number> {
  const values = batches.next();
  const startMs = performance.now();
  const reading = await steps.take(values, false);
  model.follow?.(reading.values);
  return performance.now() - startMs;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function printMachine(): void {
  console.log(
    `${backend.id} ${backend.version}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} threads, Node ${process.version}`,
  );
}
