// The probe on the backends that are here, and on one that computes wrongly.

import { afterEach, describe, expect, it } from 'vitest';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { isGpu, probe } from '../../../src/main/training/probe.ts';
import { UserError } from '../../../src/shared/contract.ts';

/** What the backend of the package has besides. */
interface WasmMemory {
  typedArrayFromHeap(tensor: unknown): Float32Array;
}

describe('probe', () => {
  afterEach(async () => {
    const { tf } = await openBackend('wasm');
    expect(tf.memory().numTensors).toBe(0);
  });

  it('compares WebAssembly with plain JavaScript, times it, and leaves no tensor behind', async () => {
    const found = await probe('wasm');
    expect(found).toMatchObject({ backend: 'wasm', threads: 1, isGpu: false });
    expect(found.largestError).toBeLessThan(1e-4);
    expect(found.largestError).toBeGreaterThan(0);
    expect(found.ms).toBeGreaterThan(0);
  });

  it.each([
    [
      'too great by a fifth',
      (value: number) => 1.2 * value,
      /differ by [\d.]+ % from plain JavaScript's; 2\.0 % is allowed/,
    ],
    ['no numbers', () => NaN, /differ by values that are no numbers/],
  ])('refuses a backend whose convolutions are %s', async (_what, spoil, message) => {
    const { tf } = await openBackend('wasm');
    const kernel = tf.getKernel('Conv2D', 'wasm');
    tf.unregisterKernel('Conv2D', 'wasm');
    tf.registerKernel({
      ...kernel,
      kernelFunc: (args) => {
        const output = kernel.kernelFunc(args);
        const values = (args.backend as WasmMemory).typedArrayFromHeap(output);
        values.set(values.map(spoil));
        return output;
      },
    });
    const refused = probe('wasm');
    await expect(refused).rejects.toBeInstanceOf(UserError);
    await expect(refused).rejects.toThrow(message);
    tf.unregisterKernel('Conv2D', 'wasm');
    tf.registerKernel(kernel);
  });
});

it('counts a software driver as no graphics card', () => {
  expect(isGpu({ id: 'webgpu', device: 'llvmpipe (LLVM 15), WebGPU over Vulkan' })).toBe(false);
  expect(isGpu({ id: 'webgpu', device: 'NVIDIA RTX 4090, WebGPU over Vulkan' })).toBe(true);
  expect(isGpu({ id: 'tensorflow', device: 'AMD EPYC' })).toBe(false);
  expect(isGpu({ id: 'tensorflow', device: 'GPU' })).toBe(true);
});
