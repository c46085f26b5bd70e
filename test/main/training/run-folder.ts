// A run's folder made, trained in and read back, without a process of its own.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DataSetFacts } from '../../../src/shared/contract.ts';
import type { RunId, RunSpec } from '../../../src/shared/run.ts';
import type { OpenDataSet } from '../../../src/main/datasets/dataset.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import { train, type Outcome } from '../../../src/main/training/loop.ts';
import { prepare } from '../../../src/main/training/prepare.ts';
import type { Recipe, TensorFlow } from '../../../src/main/training/recipes/recipe.ts';
import { findStart } from '../../../src/main/training/start-point.ts';

let made = 0;

/** The folder of a new run in the library. */
export function createFolder(library: string, spec: RunSpec): string {
  const id = `20261121-100000-${String(made++).padStart(4, '0')}` as RunId;
  const folder = join(library, id);
  createRun(folder, { id, name: id, spec, referenceLines: [], networks: [], createdMs: Date.now() });
  return folder;
}

const MACHINE = {
  backend: 'cpu',
  backendVersion: '',
  device: '',
  threads: 1,
  host: '',
  platform: '',
  node: '',
  saddle: '',
} as const;

export interface Training {
  readonly tf: TensorFlow;
  readonly data: OpenDataSet;
  readonly facts: DataSetFacts;
  readonly startedBefore: boolean;
  /** Of the list when absent. */
  readonly recipe?: Recipe;
  /** Steps until the run is stopped; to its end when absent. */
  readonly steps?: number;
}

/** As a training process does: from where the run stands, to its end or until `steps` more were taken. */
export async function trainFolder(folder: string, training: Training): Promise<Outcome> {
  const { tf, data, facts, recipe, startedBefore, steps = Infinity } = training;
  const writer = openRunWriter(folder);
  const stop = new AbortController();
  const start = await findStart(folder, writer, startedBefore);
  writer.start(MACHINE);
  const prepared = prepare(tf, writer.spec, data, facts, recipe);
  let taken = 0;
  const next = () => {
    if (++taken >= steps) stop.abort('enough');
    return prepared.batches.next();
  };
  const batches = { ...prepared.batches, next };
  const report = (problem: unknown) => {
    throw problem;
  };
  const outcome = await train({ ...prepared, batches }, { writer, folder, signal: stop.signal, report, start });
  prepared.model.dispose();
  writer.close();
  return outcome;
}

const digest = ({ buffer }: Float32Array | Uint32Array) =>
  createHash('sha256').update(new Uint8Array(buffer)).digest('hex');

/** Everything that must be equal: scalars, grids as bytes, and the newest checkpoint's tensors and numbers. */
export async function readFolder(folder: string) {
  const reader = openRunReader(folder);
  const { scalarTags, imageTags, histogramTags, health, checkpoints, events } = reader.detail();
  const timeless = scalarTags.filter((tag) => !/^(time|mem)\//.test(tag)).toSorted();
  const scalars = timeless.map((tag) => [
    tag,
    ...[...reader.allPoints(tag)].map(({ steps, values }) => [[...steps], [...values]]),
  ]);
  const images = imageTags.flatMap((tag) =>
    reader.images(tag).map(({ id, step }) => [tag, step, Buffer.from(reader.imageBytes(id)!.png).toString('base64')]),
  );
  const histograms = histogramTags.map(({ tag }) => reader.histograms(tag, {}, 500));
  const newest = checkpoints.at(-1)!;
  const { weights, others, metadata } = await readCheckpoint(join(folder, newest.file));
  const tensors = [...weights, ...others].map(({ name, values }) => [name, digest(values)]);
  reader.close();
  return {
    equal: { scalars, images, histograms, health, tensors, state: metadata['state'], sha256: newest.sha256 },
    checkpoints,
    events,
  };
}
