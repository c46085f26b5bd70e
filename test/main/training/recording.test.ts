// What a run draws and measures beside its scalars: pictures as the recipe names them, the same real data at every step,
// random samples that disturb nothing, distributions, and alerts. On a real run file, with a real model underneath.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveParameters, type ParameterValues } from '../../../src/shared/parameters.ts';
import type { ImageRow, RunId, RunSpec } from '../../../src/shared/run.ts';
import { findDataSet } from '../../../src/main/datasets/list.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { train } from '../../../src/main/training/loop.ts';
import { fixedReals } from '../../../src/main/training/pictures.ts';
import { prepare, type Prepared } from '../../../src/main/training/prepare.ts';
import { findRecipe } from '../../../src/main/training/recipes/list.ts';
import type { Model, PictureInput, TensorFlow } from '../../../src/main/training/recipes/recipe.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

let home: string;
let writer: RunWriter;
let reader: RunReader;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle-recording-'));
});
afterEach(() => {
  reader.close();
  writer.close();
  rmSync(home, { recursive: true, force: true });
});

async function openRun(recipeId: string, data: string, steps: number, changes: ParameterValues): Promise<Prepared> {
  const recipe = findRecipe(recipeId);
  const parameters = resolveParameters(recipe.parameters, recipe.presets, 'app', { sampleEvery: 2, ...changes });
  const spec: RunSpec = { recipe: recipeId, preset: 'app', parameters, data, seed: 5, steps, backend: 'auto' };
  const id = '20261121-084630-k3x9' as RunId;
  createRun(join(home, id), { id, name: id, spec, referenceLines: [], networks: [], createdMs: Date.now() });
  writer = openRunWriter(join(home, id));
  reader = openRunReader(join(home, id));
  const dataSet = findDataSet(data);
  return prepare(tf, spec, await dataSet.open(''), dataSet);
}

async function trainWith(prepared: Prepared, changes: Partial<Model> = {}): Promise<void> {
  const bugs: unknown[] = [];
  const { signal } = new AbortController();
  const around = { writer, folder: join(home, writer.id), signal, report: (bug: unknown) => void bugs.push(bug) };
  const outcome = await train({ ...prepared, model: { ...prepared.model, ...changes } }, around);
  prepared.model.dispose();
  expect(bugs).toEqual([]);
  expect(outcome.phase).toBe('finished');
}

const small = { batchSize: 8 };
const stepsOf = (tag: string) => reader.images(tag).map(({ step }) => step);
const pixelsOf = ({ id }: ImageRow) => [...decode(reader.imageBytes(id)!.png).data];
const valuesOf = (tag: string) => {
  const series = reader.series(tag, {}, 4000);
  if (series.kind !== 'points') throw new Error('expected points');
  return [...series.steps].map((step, at) => [step, series.values[at]]);
};

describe('pictures', () => {
  it('of a recipe are drawn in its order, drawings as they are, and what it measures is a scalar of the step', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 4, small);
    const seen: PictureInput['batch'][] = [];
    let measured = 0;
    await trainWith(prepared, {
      pictures: [
        {
          tag: 'plot',
          columns: 1,
          followsLatents: false,
          draw: () =>
            Promise.resolve({
              ...{ columns: 2, cellWidth: 3, cellHeight: 2, channels: 3 as const },
              pixels: Uint8Array.from({ length: 36 }, (_, at) => at),
            }),
        },
        {
          tag: 'samples/made',
          columns: 16,
          followsLatents: true,
          draw: ({ latents, batch }) => {
            seen.push({ ...batch, images: batch.images.clone() });
            return prepared.model.sample(latents);
          },
        },
      ],
      measure: () => Promise.resolve({ 'toy/measured': ++measured }),
    });
    expect(reader.detail().imageTags).toEqual(['plot', 'samples/made', 'data/real', 'samples/random']);
    expect(stepsOf('plot')).toEqual([0, 2, 4]);
    const [plot] = reader.images('plot');
    expect(plot).toMatchObject({ rows: 1, columns: 2, cellWidth: 3, cellHeight: 2, channels: 3, latents: '' });
    // Two cells of 3 x 2 side by side: the first row of each, then the second.
    const line = (from: number) => Array.from({ length: 9 }, (_, at) => from + at);
    expect(pixelsOf(plot!)).toEqual([...line(0), ...line(18), ...line(9), ...line(27)]);
    expect(reader.images('samples/made')).toMatchObject([4, 4, 4].map((rows) => ({ rows, columns: 16 })));
    expect(valuesOf('toy/measured')).toEqual([[0, 1], [2, 2], [4, 3]]); // prettier-ignore
    // The very same real data each time, in order and with its labels.
    expect(seen.map(({ images }) => images.shape)).toEqual([1, 2, 3].map(() => [8, 28, 28, 1]));
    const floats = seen.map(({ images }) => [...images.dataSync()]);
    expect(floats[1]).toEqual(floats[0]);
    expect(floats[2]).toEqual(floats[0]);
    expect(seen[0]!.labels?.length).toBe(8);
    tf.dispose(seen.map(({ images }) => images));
  });

  it('get the same real data in runs of other seeds', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 1, small);
    const other = { ...prepared, spec: { ...prepared.spec, seed: 99 } };
    expect(fixedReals(other)).toEqual(fixedReals(prepared));
    prepared.model.dispose();
  });

  it('of points are the recipe’s alone, with as many latents as it asks for', async () => {
    const prepared = await openRun('toy', 'normal2d', 2, { batchSize: 32 });
    expect(prepared.fixedCount).toBe(200);
    await trainWith(prepared);
    const { imageTags, scalarTags } = reader.detail();
    expect(imageTags.filter((tag) => /^(data\/real|samples\/(fixed|random))$/.test(tag))).toEqual([]);
    expect(imageTags.length).toBe(prepared.model.pictures!.length);
    expect(stepsOf(imageTags[0]!)).toEqual([0, 2]);
    expect(scalarTags.filter((tag) => tag.startsWith('toy/')).length).toBeGreaterThan(2);
    expect(scalarTags.filter((tag) => tag.startsWith('grid/'))).toEqual(['grid/trace_ratio']);
  });

  it('of a model without latents are its own, and nothing is sampled at random', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 2, small);
    const shapes: (readonly number[])[] = [];
    await trainWith(
      { ...prepared, fixedLatents: new Float32Array(0) },
      {
        sample: () => {
          throw new Error('there is nothing to sample from');
        },
        pictures: [
          {
            tag: 'real_A',
            columns: 4,
            followsLatents: false,
            draw: ({ latents, batch }) => (shapes.push(latents.shape), batch.images.clone()),
          },
        ],
      },
    );
    expect(reader.detail().imageTags).toEqual(['real_A', 'data/real']);
    expect(shapes).toEqual([[64, 0], [64, 0]]); // prettier-ignore
  });
});

describe('random samples', () => {
  it('come at every tenth sample step and at the last, each time others, and change nothing', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 43, small);
    const states: unknown[] = [];
    const { model, random } = prepared;
    const latents: Model['latents'] = (n, source) => {
      const before = random.state();
      const drawn = model.latents(n, source);
      if (source) states.push([before, random.state()]);
      return drawn;
    };
    await trainWith(prepared, { latents });
    expect(stepsOf('samples/random')).toEqual([20, 40, 43]);
    const [one, other] = reader.images('samples/random').map(pixelsOf);
    expect(one).not.toEqual(other);
    expect(states.length).toBe(3);
    for (const [before, after] of states as [unknown, unknown][]) expect(after).toEqual(before);
  });
});

describe('distributions', () => {
  it('of the first, every n-th and the last step are kept, of every value', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 7, { ...small, histogramEvery: 3 });
    await trainWith(prepared);
    const tags = reader.histogramTags();
    expect(tags.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['hist/d_fake_logit', 'hist/d_real_logit']));
    const { steps, min, max, counts } = reader.histograms('hist/d_real_logit', {}, 100);
    expect([...steps]).toEqual([1, 3, 6, 7]);
    // Eight logits a step.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4 * 8);
    min.forEach((least, at) => expect(least).toBeLessThanOrEqual(max[at]!));
    expect(new Set(valuesOf('mem/tensors').map(([, value]) => value)).size).toBe(1);
  });
});

describe('health', () => {
  it('says at the start that the images do not fit the range of G, and how to put it right', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 2, { ...small, imageRange: '0..1' });
    await trainWith(prepared);
    expect(reader.detail().health).toMatchObject([
      { rule: 'range-mismatch', since: 0, over: null, settings: { imageRange: '-1..1' } },
    ]);
    expect(reader.detail().events.filter(({ kind }) => kind === 'alert')).toMatchObject([{ step: 0 }]);
  });

  it('tells an alert once, while training goes on', async () => {
    const prepared = await openRun('gan-mlp', 'glyphs', 260, { ...small, sampleEvery: 1000 });
    const { step } = prepared.model;
    // A loss of D and a belief that a far too strong D would have.
    await trainWith(prepared, {
      step: (batch) => {
        const { scalars, ...report } = step(batch);
        tf.dispose([scalars['loss/d']!, scalars['prob/d_fake']!, scalars['loss/g']!]);
        const [d, fake, g] = [tf.scalar(0.01), tf.scalar(0.001), tf.scalar(7)];
        return { ...report, scalars: { ...scalars, 'loss/d': d, 'prob/d_fake': fake, 'loss/g': g } };
      },
    });
    expect(reader.verdicts()).toMatchObject([
      { rule: 'd-too-strong', since: 200, over: null, settings: { discriminatorLearningRate: 0.0001 } },
    ]);
    expect(reader.detail().events.filter(({ kind }) => kind === 'alert')).toMatchObject([
      { step: 200, message: expect.stringMatching(/^D is too strong: .* Halve D's learning rate/) },
    ]);
    expect(reader.summary()).toMatchObject({ step: 260, state: { phase: 'finished' } });
  });
});
