// The loop on a real run file: what it records, how it obeys, how it fails. The MLP GAN on Glyphs is quick everywhere.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { resolveParameters } from '../../../src/shared/parameters.ts';
import type { RunId, RunSpec } from '../../../src/shared/run.ts';
import { glyphs } from '../../../src/main/datasets/glyphs.ts';
import type { OpenDataSet } from '../../../src/main/datasets/dataset.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { sendCommand } from '../../../src/main/store/words.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { readCheckpoint } from '../../../src/main/training/checkpoint.ts';
import { pixelsFromFloats } from '../../../src/main/training/grid.ts';
import { train } from '../../../src/main/training/loop.ts';
import { prepare, type Prepared } from '../../../src/main/training/prepare.ts';
import { ganMlp } from '../../../src/main/training/recipes/gan-mlp.ts';
import type { Model, TensorFlow } from '../../../src/main/training/recipes/recipe.ts';

let tf: TensorFlow;
let data: OpenDataSet;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
  data = await glyphs.open('');
});

let home: string;
let folder: string;
let writer: RunWriter;
let reader: RunReader;
let stop: AbortController;
let bugs: unknown[];
const report = (bug: unknown) => void bugs.push(bug);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle-loop-'));
  stop = new AbortController();
  bugs = [];
});
afterEach(() => {
  reader?.close();
  writer?.close();
  rmSync(home, { recursive: true, force: true });
});

function specOf(steps: number, checkpointEvery = 5): RunSpec {
  const changes = { batchSize: 16, sampleEvery: 4, checkpointEvery };
  const parameters = resolveParameters(ganMlp.parameters, ganMlp.presets, 'app', changes);
  return { recipe: 'gan-mlp', preset: 'app', parameters, data: 'glyphs', seed: 3, steps, backend: 'auto' };
}

function openRun(spec: RunSpec): Prepared {
  const id = '20261121-084630-k3x9' as RunId;
  folder = join(home, id);
  createRun(folder, { id, name: 'loop', spec, referenceLines: [], networks: [], createdMs: Date.now() });
  writer = openRunWriter(folder);
  reader = openRunReader(folder);
  return prepare(tf, spec, data, glyphs);
}

const around = () => ({ writer, folder, signal: stop.signal, report });

const pointsOf = (tag: string) => {
  const series = reader.series(tag, {}, 4000);
  if (series.kind !== 'points') throw new Error('expected points');
  return { steps: [...series.steps], values: [...series.values] };
};
const waitUntil = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('a run to its last step', () => {
  it('records every scalar of every step, grids, checkpoints and the end', async () => {
    const prepared = openRun(specOf(10));
    expect(await train(prepared, around())).toEqual({ phase: 'finished', step: 10 });
    expect(reader.summary()).toMatchObject({ state: { phase: 'finished' }, step: 10 });
    expect(reader.detail().scalarTags.toSorted()).toEqual(
      [
        ...['loss/d', 'loss/d_real', 'loss/d_fake', 'loss/g', 'prob/d_real', 'prob/d_fake', 'acc/d_real', 'acc/d_fake'],
        ...['grad/d_norm', 'grad/g_norm', 'lr/d', 'lr/g', 'time/step_ms', 'time/data_ms', 'mem/tensors', 'nan/count'],
        ...[
          'grid/trace_ratio',
          'grid/ssim_fake',
          'grid/ssim_real',
          'grid/board_fake',
          'grid/board_real',
          'grid/parity',
        ],
        ...['grid/change', 'grid/class_kl', 'grid/class_change'],
      ].toSorted(),
    );
    expect(pointsOf('loss/g').steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(pointsOf('mem/tensors').values).size).toBe(1);
    expect(reader.images('samples/fixed').map(({ step }) => step)).toEqual([0, 4, 8, 10]);
    expect(new Set(reader.images('samples/fixed').map(({ latents }) => latents)).size).toBe(1);
    expect(reader.images('data/real')).toMatchObject([{ step: 0, rows: 2, columns: 8, cellWidth: 28, channels: 1 }]);
    expect(reader.detail().checkpoints.map(({ step, reason }) => [step, reason])).toEqual([
      [5, 'every 5 steps'],
      [10, 'finished'],
    ]);
    prepared.model.dispose();
  });

  it('the last checkpoint holds the very weights, under their names, and the last grid is what they make', async () => {
    const prepared = openRun(specOf(3));
    await train(prepared, around());
    const [row] = reader.detail().checkpoints;
    const { weights, metadata } = await readCheckpoint(join(folder, row!.file));
    expect(metadata).toMatchObject({ recipe: 'gan-mlp', step: '3', weightsSha256: row!.sha256 });
    expect(JSON.parse(metadata['parameters']!)).toEqual(prepared.spec.parameters);
    expect(weights.map(({ name }) => name)).toEqual(prepared.model.variables.map(({ name }) => name));
    weights.forEach(({ values }, at) => expect(values).toEqual(prepared.model.variables[at]!.variable.dataSync()));

    const grid = decode(reader.imageBytes(reader.images('samples/fixed').at(-1)!.id)!.png);
    const latents = tf.tensor2d(prepared.fixedLatents, [64, 100]);
    const cells = pixelsFromFloats(prepared.model.sample(latents).dataSync() as Float32Array, '-1..1');
    expect([...grid.data.subarray(0, 28)]).toEqual([...cells.subarray(0, 28)]);
    prepared.model.dispose();
  });

  it('gives the same numbers and grids for the same seed', async () => {
    const results = [];
    for (const at of [0, 1]) {
      home = join(home, String(at));
      const prepared = openRun(specOf(4));
      await train(prepared, around());
      const image = reader.images('samples/fixed').at(-1)!;
      results.push({ loss: pointsOf('loss/g').values, grid: reader.imageBytes(image.id)!.png });
      reader.close();
      writer.close();
      prepared.model.dispose();
    }
    expect(results[0]).toEqual(results[1]);
  });
});

describe('commands', () => {
  it('pause keeps a checkpoint and stands still, resume goes on, stop keeps a checkpoint and ends', async () => {
    const prepared = openRun(specOf(1_000_000, 1_000_000));
    const running = train(prepared, around());
    await waitUntil(() => reader.summary().step >= 5);
    sendCommand(folder, 'pause');
    await waitUntil(() => reader.summary().state.phase === 'paused');
    const at = reader.summary().step;
    expect(reader.detail().checkpoints.at(-1)).toMatchObject({ step: at, reason: 'paused' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(reader.summary().step).toBe(at);
    sendCommand(folder, 'resume');
    await waitUntil(() => reader.summary().step > at);
    sendCommand(folder, 'stop');
    const outcome = await running;
    expect(outcome.phase).toBe('stopped');
    expect(reader.summary().state).toEqual({ phase: 'stopped' });
    expect(reader.detail().checkpoints.at(-1)).toMatchObject({ step: outcome.step, reason: 'stopped' });
    expect(pointsOf('loss/d').steps).toEqual(Array.from({ length: outcome.step }, (_, index) => index + 1));
    prepared.model.dispose();
  });

  it('the reason of a stop stands in its event', async () => {
    const prepared = openRun(specOf(1_000_000, 1_000_000));
    const running = train(prepared, around());
    await waitUntil(() => reader.summary().step >= 2);
    stop.abort('the time was over');
    await running;
    expect(reader.detail().events.at(-1)).toMatchObject({ kind: 'stopped', message: 'the time was over' });
    prepared.model.dispose();
  });

  it('an abort ends a paused run too', async () => {
    const prepared = openRun(specOf(1_000_000, 1_000_000));
    sendCommand(folder, 'pause');
    const running = train(prepared, around());
    await waitUntil(() => reader.summary().state.phase === 'paused');
    stop.abort();
    expect(await running).toEqual({ phase: 'stopped', step: 0 });
    prepared.model.dispose();
  });
});

/** One that does something else from some step on must be called every time. */
const withStep = ({ model }: Prepared, step: Model['step']): Model => ({ ...model, step, form: () => null });

describe('failure', () => {
  it('the first value that is not finite stops the run, names tag and step, and keeps the last checkpoint', async () => {
    const prepared = openRun(specOf(20));
    let taken = 0;
    const step: Model['step'] = (batch) => {
      const report = prepared.model.step(batch);
      if (++taken < 7) return report;
      report.scalars['loss/d']!.dispose();
      return { scalars: { ...report.scalars, 'loss/d': tf.scalar(NaN) } };
    };
    const outcome = await train({ ...prepared, model: withStep(prepared, step) }, around());
    const message =
      'loss/d became NaN at step 7, the first tensor that is not finite. The last batch was in the range -1 to 1. ' +
      'The last weights before it are in checkpoints/step-00000005.safetensors. To go on from there with half the ' +
      `learning rate: saddle fork ${writer.id} --step 5 --set generatorLearningRate=0.0001 --set discriminatorLearningRate=0.0001`;
    expect(outcome).toEqual({ phase: 'failed', step: 7, message });
    expect(reader.summary().state).toEqual({ phase: 'failed', message });
    expect(reader.detail().events.filter(({ kind }) => kind === 'alert')).toMatchObject([{ step: 7, message }]);
    expect(pointsOf('loss/d').values.at(-1)).toBeNaN();
    expect(pointsOf('nan/count').values.at(-1)).toBe(1);
    expect(existsSync(join(folder, 'checkpoints', 'step-00000007.safetensors'))).toBe(false);
    prepared.model.dispose();
  });

  it.each([
    ['a weight', 'generator/dense2/kernel', /^generator\/dense2\/kernel became NaN at step 3,/],
    ['a gradient', 'optimizer/discriminator/dense1/kernel/m', /^gradient of discriminator\/dense1\/kernel became NaN/],
  ])('%s that is not finite is found and named, and its weights are not kept', async (_what, name, expected) => {
    const prepared = openRun(specOf(20, 2));
    const { model } = prepared;
    const broken = [...model.variables, ...model.slots].find((tensor) => tensor.name === name)!;
    let taken = 0;
    const step: Model['step'] = (batch) => {
      const report = model.step(batch);
      if (++taken < 3) return report;
      tf.tidy(() => broken.variable.assign(tf.mul(broken.variable, NaN)));
      if (!name.startsWith('optimizer')) return report;
      report.scalars['grad/d_norm']!.dispose();
      return { scalars: { ...report.scalars, 'grad/d_norm': tf.scalar(NaN) } };
    };
    const outcome = await train({ ...prepared, model: withStep(prepared, step) }, around());
    expect(outcome).toMatchObject({ phase: 'failed', step: 3, message: expect.stringMatching(expected) });
    expect(reader.detail().checkpoints.map(({ step: at }) => at)).toEqual([2]);
    expect(reader.detail().events.find(({ kind }) => kind === 'alert')).toMatchObject({ step: 3 });
    model.dispose();
  });

  it('a moment that is not finite is found when a checkpoint is due, and is not written', async () => {
    const prepared = openRun(specOf(20, 4));
    const { model } = prepared;
    let taken = 0;
    const step: Model['step'] = (batch) => {
      const report = model.step(batch);
      if (++taken < 4) return report;
      const second = model.slots.find(({ name }) => name === 'optimizer/generator/dense3/bias/v')!;
      tf.tidy(() => second.variable.assign(tf.fill(second.variable.shape, Infinity)));
      return report;
    };
    const outcome = await train({ ...prepared, model: withStep(prepared, step) }, around());
    expect(outcome).toMatchObject({
      phase: 'failed',
      step: 4,
      message: expect.stringMatching(
        /^optimizer\/generator\/dense3\/bias\/v became Infinity at step 4.*no checkpoint yet/,
      ),
    });
    expect(existsSync(join(folder, 'checkpoints', 'step-00000004.safetensors'))).toBe(false);
    model.dispose();
  });

  it('a bug ends the run as failed with its message, and is reported with its stack', async () => {
    const prepared = openRun(specOf(20));
    const bug = new TypeError('x is not a function');
    const step = () => {
      throw bug;
    };
    const outcome = await train({ ...prepared, model: withStep(prepared, step) }, around());
    expect(outcome).toEqual({ phase: 'failed', step: 1, message: 'x is not a function' });
    expect(bugs).toEqual([bug]);
    prepared.model.dispose();
  });

  it('an error meant for people ends the run as failed with its text and is no bug', async () => {
    const prepared = openRun(specOf(20));
    const step = () => {
      throw new UserError('out of memory: 3 GiB asked for');
    };
    const outcome = await train({ ...prepared, model: withStep(prepared, step) }, around());
    expect(outcome).toEqual({ phase: 'failed', step: 1, message: 'out of memory: 3 GiB asked for' });
    expect(bugs).toEqual([]);
    expect(reader.summary().state).toEqual({ phase: 'failed', message: 'out of memory: 3 GiB asked for' });
    prepared.model.dispose();
  });
});
