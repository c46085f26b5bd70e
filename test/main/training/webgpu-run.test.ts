// Runs on WebGPU through the real training process: the losses of plain JavaScript, and a device that is lost.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAttached } from '../../../src/main/runs/start.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { dcgan28 } from '../../../src/main/training/recipes/dcgan28.ts';
import { resolveParameters } from '../../../src/shared/parameters.ts';
import type { BackendId, RunDetail, RunSpec } from '../../../src/shared/run.ts';
import { describeWebgpu, webgpuEnvironment } from './backends/vulkan.ts';
import { tinyValues } from './recipes/tiny.ts';
import { createFolder } from './run-folder.ts';

const library = mkdtempSync(join(tmpdir(), 'saddle-webgpu-runs-'));
afterAll(() => rmSync(library, { recursive: true, force: true }));

const STEPS = 4;

interface Trained {
  readonly detail: RunDetail;
  /** By tag. */
  readonly losses: Readonly<Record<string, { readonly steps: number[]; readonly values: number[] }>>;
}

async function train(backend: BackendId, changes: NodeJS.ProcessEnv = {}): Promise<Trained> {
  const values = { ...tinyValues('dcgan28'), checkpointEvery: 2, sampleEvery: 100 };
  const parameters = resolveParameters(dcgan28.parameters, dcgan28.presets, 'small', values);
  const spec: RunSpec = {
    ...{ recipe: 'dcgan28', preset: 'small', parameters, data: 'glyphs', seed: 5, steps: STEPS, backend },
  };
  const folder = createFolder(library, spec);
  const entry = resolve(import.meta.dirname, '../../../src/main/train.ts');
  const environment = () => ({ ...webgpuEnvironment()!, ...changes });
  const { code, log } = await startAttached({ node: process.execPath, entry, environment, spawn }, folder).ended;
  expect(code, log).toBe(0);
  const reader = openRunReader(folder);
  try {
    const points = (tag: string) => [...reader.allPoints(tag)];
    const losses = ['loss/d', 'loss/g'].map((tag) => [
      tag,
      {
        steps: points(tag).flatMap(({ steps }) => [...steps]),
        values: points(tag).flatMap((block) => [...block.values]),
      },
    ]);
    return { detail: reader.detail(), losses: Object.fromEntries(losses) as Trained['losses'] };
  } finally {
    reader.close();
  }
}

describeWebgpu('a run on WebGPU', () => {
  let plain: Trained;
  beforeAll(async () => void (plain = await train('webgpu')), 600_000);

  it('of a tiny DCGAN-28 has the losses that it has in plain JavaScript', async () => {
    expect(plain.detail).toMatchObject({ summary: { state: { phase: 'finished' } }, machine: { backend: 'webgpu' } });
    const expected = await train('cpu');
    for (const [tag, { values }] of Object.entries(expected.losses)) {
      expect(values).toHaveLength(STEPS);
      values.forEach((value, at) => expect(plain.losses[tag]!.values[at]).toBeCloseTo(value, 3));
    }
  }, 600_000);

  it('goes on by itself when its device is lost, from the checkpoint, and comes to the same numbers', async () => {
    const done = join(library, 'device-lost');
    const preload = pathToFileURL(resolve(import.meta.dirname, 'backends/lose-device.ts')).href;
    const { detail, losses } = await train('webgpu', { LOSE_DEVICE_ONCE: done, NODE_OPTIONS: `--import ${preload}` });
    expect(existsSync(done)).toBe(true);
    expect(detail.summary.state).toEqual({ phase: 'finished' });
    expect(detail.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['started', 'note', 'resumed', 'finished']),
    );
    expect(detail.events.find(({ kind }) => kind === 'note')!.message).toMatch(
      /^The graphics device was lost \(.+\)\. Training goes on in a new process from the checkpoint of step 2\.$/,
    );
    expect(losses).toEqual(plain.losses);
  }, 600_000);
});
