// What the benches of training share: a prepared run of a recipe's preset on Glyphs, in a folder of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scalar } from '@tensorflow/tfjs-core';
import { findDataSet } from '../src/main/datasets/list.ts';
import { createRun } from '../src/main/store/create.ts';
import type { RunWriter } from '../src/main/store/store.ts';
import { openRunWriter } from '../src/main/store/writer.ts';
import type { OpenedBackend } from '../src/main/training/backends/backend.ts';
import { openBackend } from '../src/main/training/backends/list.ts';
import { disposeBatch, prepare, stepBatch, type Prepared } from '../src/main/training/prepare.ts';
import { findRecipe } from '../src/main/training/recipes/list.ts';
import { resolveParameters } from '../src/shared/parameters.ts';
import type { RunId } from '../src/shared/run.ts';

const home = mkdtempSync(join(tmpdir(), 'saddle-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

export const backend: OpenedBackend = await openBackend('auto');
let made = 0;

export interface BenchRun {
  readonly prepared: Prepared;
  readonly folder: string;
  readonly writer: RunWriter;
}

export async function benchRun(preset: string, steps: number, changes: Record<string, number> = {}): Promise<BenchRun> {
  const recipe = findRecipe('dcgan28');
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, changes);
  const spec = { recipe: recipe.id, preset, parameters, data: 'glyphs', seed: 1, steps, backend: 'auto' } as const;
  const id = `20261121-000000-${String(made++).padStart(4, '0')}` as RunId;
  const folder = join(home, id);
  createRun(folder, { id, name: id, spec, referenceLines: [], networks: [], createdMs: Date.now() });
  const glyphs = findDataSet('glyphs');
  const data = await glyphs.open('');
  return { prepared: prepare(backend.tf, spec, data, glyphs), folder, writer: openRunWriter(folder) };
}

/** One step as the loop takes it, with what `besides` gives to read; milliseconds. */
export async function timeStep(
  prepared: Prepared,
  besides: () => readonly [] | readonly [Scalar] = () => [],
): Promise<number> {
  const { tf, model, batches } = prepared;
  const values = batches.next();
  const startMs = performance.now();
  const batch = stepBatch(prepared, values);
  const { scalars: named, histograms = {} } = model.step(batch);
  const scalars = [...Object.values(named), ...besides()];
  const stacked = tf.stack(scalars);
  await stacked.data();
  tf.dispose([stacked, ...scalars, ...Object.values(histograms)]);
  disposeBatch(prepared, batch);
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
