// WebGPU: which device it takes, what it says of it, how mistakes end, and whole steps of recipes. Its operations are in
// references.test.ts, runs in webgpu-run.test.ts.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import type { Adapter } from '../../../../src/main/training/backends/webgpu-adapters.ts';
import type { BackendMemory } from '../../../../src/main/training/backends/backend.ts';
import { OUT_OF_MEMORY } from '../../../../src/shared/training.ts';
import { describeNative } from './native.ts';
import { expectFirstSteps } from './expect-first-steps.ts';
import type { StepDistances } from './one-step.ts';
import { askWebgpu, describeWebgpu, webgpuEnvironment } from './vulkan.ts';

const cache = mkdtempSync(join(tmpdir(), 'saddle-webgpu-'));
afterAll(() => rmSync(cache, { recursive: true }));

const list = resolve(import.meta.dirname, '../../../../src/main/training/backends/list.ts');

/** What opens where native TensorFlow is not installed, or why nothing does. */
async function open(choice: string, device?: string): Promise<string> {
  const program = `
    const { openBackend } = await import(${JSON.stringify(list)});
    try { console.log((await openBackend(${JSON.stringify(choice)})).device); }
    catch (problem) { console.log(problem.name + ': ' + problem.message); }
    process.exit(0);`;
  const { SADDLE_WEBGPU_DEVICE: _, ...environment } = webgpuEnvironment()!;
  const env = { ...environment, SADDLE_CACHE: cache, ...(device && { SADDLE_WEBGPU_DEVICE: device }) };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
  return stdout.trim();
}

const isSoftware = () => webgpuEnvironment()?.['SADDLE_WEBGPU_DEVICE'] === 'software';

describeWebgpu('WebGPU', () => {
  it('says what its device is, how large a tensor may be, and what there is to choose from', async () => {
    const facts = await askWebgpu<{ adapters: Adapter[]; memory: BackendMemory }>('facts');
    expect(facts).toMatchObject({
      id: 'webgpu',
      version: '4.22.0',
      device: expect.stringContaining('WebGPU over ') as string,
      threads: 1,
    });
    // 128 MB is what every device must have.
    expect(facts).toHaveProperty(
      'largestTensorBytes',
      expect.toSatisfy((bytes: number) => bytes >= 2 ** 27),
    );
    expect(facts.memory.deviceBytes).toBeGreaterThan(0);
    expect(facts.adapters.length).toBeGreaterThan(0);
    for (const { name, backendType } of facts.adapters) {
      expect(name).not.toBe('');
      expect(['vulkan', 'metal', 'd3d11', 'd3d12', 'opengl', 'opengles']).toContain(backendType);
    }
    expect(facts.adapters.some((adapter) => adapter.isSoftware)).toBe(isSoftware());
  });

  it('takes a software driver only when asked for it, and a device by a part of its name', async ({ skip }) => {
    if (!isSoftware()) skip('a graphics card is tested');
    expect(await open('webgpu')).toMatch(/^UserError: WebGPU finds no graphics device, only .*=software$/);
    expect(await open('auto')).toMatch(/WebAssembly/);
    expect(await open('webgpu', 'software')).toMatch(/\(software\)$/);
    expect(await open('webgpu', 'swiftshader')).toMatch(/^SwiftShader .*\(software\)$/);
    expect(await open('webgpu', 'nine')).toMatch(
      /^UserError: .*called "nine"; there is: SwiftShader Device .*vulkan\)$/,
    );
  });

  it('reads no number after a mistake, and says which it was', async () => {
    const { tooLarge, synchronous, before, invalid, lost } = await askWebgpu<Record<string, string | null>>('mistakes');
    expect(tooLarge).toMatch(
      /^UserError: A tensor of \d+ MB is needed; this graphics device holds at most \d+ MB in one\./,
    );
    expect(synchronous).toMatch(/^UserError: This reads numbers in the middle of a step/);
    expect(before).toBeNull();
    expect(invalid).toMatch(/^Error: WebGPU: Buffer size \(1099511627776\) exceeds/);
    expect(lost).toMatch(/^DeviceLostError: The graphics device was lost \(/);
  });

  it('ends a step whose memory the driver could not give, in the words that make the host look for a batch that fits', async () => {
    const { refusal } = await askWebgpu<{ refusal: string }>('out of memory');
    expect(refusal).toContain(`UserError: ${OUT_OF_MEMORY} on the graphics device`);
    expect(refusal).toContain('VK_ERROR_OUT_OF_DEVICE_MEMORY. Choose a smaller batch');
  });

  it('has as many tensors and as much memory after six steps as after three', async () => {
    const { first, second } = await askWebgpu<Record<'first' | 'second', BackendMemory>>('steps');
    expect(second).toEqual(first);
  }, 600_000);

  it('takes the first step of recipes as plain JavaScript does', async () => {
    expectFirstSteps(await askWebgpu<Record<string, StepDistances>>('recipes'));
  }, 600_000);
});

describeWebgpu('WebGPU in a process of TensorFlow', () => {
  describeNative('native TensorFlow', () => {
    it('does not open', async () => {
      const { refusal } = await askWebgpu<{ refusal: string }>('beside TensorFlow');
      expect(refusal).toMatch(/^UserError: WebGPU does not open in a process that has loaded TensorFlow/);
    });
  });
});
