// Real allocations that no machine can make, on each backend, and what is said of them.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { freeMemory } from '../../../src/main/training/free-memory.ts';
import { describeShortage } from '../../../src/main/training/shortage.ts';
import type { BackendId } from '../../../src/shared/run.ts';
import { OUT_OF_MEMORY } from '../../../src/shared/training.ts';
import { describeNative } from './backends/native.ts';

const spec = {
  ...{ recipe: 'dcgan28', preset: 'app', parameters: { batchSize: 4096 }, data: 'glyphs', seed: 1, steps: 10 },
  backend: 'auto',
} as const;

/** What is said when a tensor of 360 GB is asked for. */
async function ask(id: BackendId): Promise<string | null> {
  const { tf } = await openBackend(id);
  try {
    const sum = tf.tidy(() => tf.sum(tf.fill([300_000, 300_000], 1)));
    await sum.data();
  } catch (problem) {
    return describeShortage(problem, { tf, spec }, 3);
  }
  throw new Error(`${id} has 360 GB`);
}

const HOW_MUCH = /(\d+ MB|[\d.]+ GB) are free and (\d+ MB|[\d.]+ GB) are taken by tensors\. Choose a smaller batch/;

describeNative('a shortage on native TensorFlow', () => {
  it('names what was asked for, what is free, and the batch', async () => {
    const said = await ask('tensorflow');
    expect(said).toMatch(
      /^Out of memory at step 3 with a batch of 4096: 360\.0 GB were asked for, for a tensor of 300000 x 300000; /,
    );
    expect(said).toMatch(HOW_MUCH);
  });
});

describe('a shortage', () => {
  it('on plain JavaScript is told as well', async () => {
    const said = await ask('cpu');
    expect(said?.startsWith(OUT_OF_MEMORY)).toBe(true);
    expect(said).toMatch(/^Out of memory at step 3 with a batch of 4096: more was asked for than could be had/);
    expect(said).toMatch(HOW_MUCH);
  });

  it('on WebAssembly names its limit', async () => {
    const { tf } = await openBackend('wasm');
    // What DCGAN-28 with a batch of 4,096 ends with, 40 seconds and 4.3 GB after its start.
    const problem = new WebAssembly.RuntimeError('Aborted(). Build with -sASSERTIONS for more info.');
    expect(describeShortage(problem, { tf, spec }, 1)).toMatch(
      /more was asked for than the 4 GB that WebAssembly can hold; .*Choose a smaller batch/,
    );
  });

  it('on a card says what its driver has left, and nothing where that cannot be asked', async () => {
    const { tf } = await openBackend('cpu');
    const where = 'on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc';
    const problem = new Error(`OOM when allocating tensor with shape[4096,64,64,128] and type float ${where}`);
    expect(describeShortage(problem, { tf, spec }, 1, () => 1.5e9)).toMatch(
      /: 8\.6 GB were asked for, for a tensor of 4096 x 64 x 64 x 128; 1\.5 GB are free and /,
    );
    expect(describeShortage(problem, { tf, spec }, 1)).toMatch(/x 128; \d+ MB are taken by tensors/);
    const lost = new Error(
      'The graphics device is out of memory: buffer of 3 GB. Choose a smaller batch or smaller networks.',
    );
    expect(describeShortage(lost, { tf, spec }, 1)).toMatch(
      /^Out of memory at step 1 with a batch of 4096: The graphics device is out of memory: buffer of 3 GB; /,
    );
  });

  it('is no other problem', async () => {
    const { tf } = await openBackend('cpu');
    expect(describeShortage(new Error('Shapes do not match: [3] and [4]'), { tf, spec }, 3)).toBeNull();
  });
});

describe('freeMemory', () => {
  it('is no more than the system has', () => {
    expect(freeMemory()).toBeGreaterThan(0);
    expect(freeMemory()).toBeLessThanOrEqual(process.availableMemory() * 1.2);
  });

  it.runIf(process.platform === 'linux')('is no more than the limit of the process leaves', () => {
    const file = new URL('../../../src/main/training/free-memory.ts', import.meta.url).href;
    const program = `console.log((await import(${JSON.stringify(file)})).freeMemory())`;
    const args = ['-c', 'ulimit -v 16000000; exec "$@"', '--', process.execPath, '--input-type=module', '-e', program];
    const { stdout } = spawnSync('bash', args, { encoding: 'utf8' });
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(16_000_000 * 1024);
  });
});
