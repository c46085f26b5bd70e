// The main job on real input: 300 steps of DCGAN28-S on MNIST. SADDLE_GRID names a file to write the last grid to.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveParameters } from '../../../src/shared/parameters.ts';
import type { RunId, RunSpec } from '../../../src/shared/run.ts';
import { mnist } from '../../../src/main/datasets/mnist.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { train } from '../../../src/main/training/loop.ts';
import { prepare } from '../../../src/main/training/prepare.ts';
import { dcgan28 } from '../../../src/main/training/recipes/dcgan28.ts';

const files = fileURLToPath(new URL('../../../../shared/data/mnist', import.meta.url));
const isThere = existsSync(files);
if (!isThere) process.stderr.write('mnist.test.ts is skipped: ../shared/data/mnist is not there\n');

const STEPS = 300;
const ID = '20261121-000000-mnst' as RunId;
const home = mkdtempSync(join(tmpdir(), 'saddle-mnist-'));
const folder = join(home, ID);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(!isThere)('DCGAN28-S on MNIST', () => {
  it(`makes digit-like images in ${STEPS} steps`, { timeout: 900_000 }, async () => {
    await mnist.import(home, files);
    const data = await mnist.open(home);
    // In CI native TensorFlow must be there; elsewhere the next best is only slower.
    const choice = process.env['CI'] ? 'tensorflow' : 'auto';
    const backend = await openBackend(choice);
    const parameters = resolveParameters(dcgan28.parameters, dcgan28.presets, 'small', {});
    const spec: RunSpec = {
      recipe: 'dcgan28',
      preset: 'small',
      parameters,
      data: 'mnist',
      seed: 2,
      steps: STEPS,
      backend: choice,
    };
    createRun(folder, { id: ID, name: 'mnist', spec, referenceLines: [], networks: [], createdMs: Date.now() });
    const writer = openRunWriter(folder);
    const startMs = performance.now();
    const outcome = await train(prepare(backend.tf, spec, data, mnist), {
      writer,
      folder,
      signal: new AbortController().signal,
      report: rethrow,
    });
    const seconds = (performance.now() - startMs) / 1000;
    writer.close();
    expect(outcome).toEqual({ phase: 'finished', step: STEPS });

    const reader = openRunReader(folder);
    for (const tag of ['loss/d', 'loss/g']) {
      const series = reader.series(tag, {}, 4000);
      expect(series.kind === 'points' && series.values.length).toBe(STEPS);
      expect(series.kind === 'points' && series.values.every(Number.isFinite)).toBe(true);
    }
    const grids = reader.images('samples/fixed');
    expect(grids.map((grid) => grid.step)).toEqual([0, 100, 200, 300]);
    const { png } = reader.imageBytes(grids.at(-1)!.id)!;
    reader.close();
    if (process.env['SADDLE_GRID']) writeFileSync(process.env['SADDLE_GRID'], png);

    const made = momentsOf(decode(png).data as Uint8Array);
    const real = momentsOf(data.read(Uint32Array.from({ length: 5000 }, (_, index) => index * 12)));
    const speed = `${(STEPS / seconds).toFixed(1)} steps/s on ${backend.id}, ${backend.device}`;
    process.stderr.write(`${speed}; pixels made ${JSON.stringify(made)}, real ${JSON.stringify(real)}\n`);
    expect(Math.abs(made.mean - real.mean)).toBeLessThan(15);
    expect(made.spread / real.spread).toBeGreaterThan(0.8);
    expect(made.spread / real.spread).toBeLessThan(1.2);
  });
});

function rethrow(bug: unknown): never {
  throw bug;
}

/** Of bytes from 0 to 255. */
function momentsOf(pixels: Uint8Array): { mean: number; spread: number } {
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
  const variance = pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / pixels.length;
  return { mean, spread: Math.sqrt(variance) };
}
