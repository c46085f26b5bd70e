// WebGPU through Dawn in a plain Node process, for graphics cards of every maker. WebGPU tells of mistakes aside and
// late, and computes on with zeros; so here every read fails that comes after one.

import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import type { DataId, KernelBackend } from '@tensorflow/tfjs-core';
import type * as Dawn from 'webgpu';
import { UserError } from '../../../shared/contract.ts';
import { OUT_OF_MEMORY } from '../../../shared/training.ts';
import { megabytes } from '../largest-tensor.ts';
import type { Backend } from './backend.ts';
import { prepareCore } from './core.ts';
import { DeviceLostError } from './device-lost.ts';
import { readMemory, useBackend } from './open-engine.ts';
import { chooseAdapter, type ChosenAdapter } from './webgpu-adapters.ts';
import { registerWebgpuKernels } from './webgpu-kernels.ts';

/** The parts of the package's backend that are watched here. */
interface DeviceBackend extends KernelBackend {
  readonly bufferManager: { acquireBuffer(size: number, ...rest: unknown[]): GPUBuffer };
}

interface OpenDevice extends ChosenAdapter {
  readonly device: GPUDevice;
  readonly version: string;
}

const ELSEWHERE = 'To train on the processor choose another backend.';

/** Operations that are sent to the device together; the package has 15, for the few of an inference. */
const OPERATIONS_TOGETHER = 64;

const LOSS_IS_TOLD_MS = 2000;

/** Dawn lives as long as something holds it. */
let open: OpenDevice | null = null;

export const webgpu: Backend = {
  id: 'webgpu',
  async open() {
    const tf = prepareCore();
    open ??= await openDevice();
    const { adapter, device, version } = open;
    await useBackend(tf, 'webgpu', ELSEWHERE);
    return {
      id: 'webgpu',
      tf,
      version,
      device: nameOf(adapter.info),
      threads: 1,
      largestTensorBytes: device.limits.maxStorageBufferBindingSize,
      memory: () => readMemory(tf),
    };
  },
};

async function openDevice(): Promise<OpenDevice> {
  refuseBesideTensorFlow();
  const tf = prepareCore();
  // While there is no `navigator.gpu`: then the package leaves the choice of the device to this file.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const { create, globals } = await loadDawn();
  const { gpu, adapter } = await chooseAdapter(create, process.env['SADDLE_WEBGPU_DEVICE']);
  const device = await adapter.requestDevice({ requiredLimits: limitsOf(adapter) });
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu });
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', OPERATIONS_TOGETHER);
  // The processor rounds otherwise than the device: where a small tensor happens to be must not change a number.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  registerWebgpuKernels(tf, device.limits.maxStorageBuffersPerShaderStage);
  tf.registerBackend('webgpu', () =>
    watch(new WebGPUBackend(device, adapter.info) as unknown as DeviceBackend, device),
  );
  const packageFile = createRequire(import.meta.url)('@tensorflow/tfjs-backend-webgpu/package.json') as {
    version: string;
  };
  return { gpu, adapter, device, version: packageFile.version };
}

/** Both bring symbols of one compiler library, of different versions. */
function refuseBesideTensorFlow(): void {
  if (!Object.hasOwn(globalThis, Symbol.for('saddle.tensorflow'))) return;
  throw new UserError(
    'WebGPU does not open in a process that has loaded TensorFlow. Choose it by name: --backend webgpu',
  );
}

async function loadDawn(): Promise<typeof Dawn> {
  try {
    return await import('webgpu');
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    throw new UserError(`WebGPU's library does not load here: ${why}. ${ELSEWHERE}`);
  }
}

/** All that the device has, instead of what every device has. */
function limitsOf({ limits }: GPUAdapter): Record<string, number> {
  return {
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
  };
}

const SYSTEMS: Readonly<Record<string, string>> = { win32: 'Direct3D', darwin: 'Metal' };

function nameOf({ description, vendor, architecture, isFallbackAdapter }: GPUAdapterInfo): string {
  const name = description || [vendor, architecture].join(' ').trim() || 'graphics device';
  return `${name}, WebGPU over ${SYSTEMS[process.platform] ?? 'Vulkan'}${isFallbackAdapter ? ' (software)' : ''}`;
}

/** Adds to the package's backend: no tensor that the device cannot hold, no number after a mistake. */
function watch(backend: DeviceBackend, device: GPUDevice): DeviceBackend {
  let trouble: Error | null = null;
  device.addEventListener('uncapturederror', ({ error }) => (trouble ??= explain(error)));
  const lost = device.lost.then(({ message }) => {
    trouble = new DeviceLostError(`The graphics device was lost (${message.trim() || 'its driver does not say why'}).`);
  });
  const read = backend.read.bind(backend);
  backend.read = async (dataId: DataId) => {
    try {
      const values = await read(dataId);
      if (!trouble) return values;
    } catch (problem) {
      if (!isAbort(problem)) throw trouble ?? problem;
      // A read of a device that is lost fails before its loss is told; some drivers never tell.
      await Promise.race([lost, setTimeout(LOSS_IS_TOLD_MS)]);
      trouble ??= new DeviceLostError('The graphics device was lost (it no longer answers).');
    }
    throw trouble;
  };
  backend.readSync = () => {
    throw new UserError(`This reads numbers in the middle of a step, which WebGPU cannot. ${ELSEWHERE}`);
  };
  refuseTooLarge(backend, device.limits.maxStorageBufferBindingSize);
  return backend;
}

/** For what no list of layers tells, such as two batches joined: WebGPU itself would compute on with zeros. */
function refuseTooLarge({ bufferManager }: DeviceBackend, largest: number): void {
  const acquire = bufferManager.acquireBuffer.bind(bufferManager);
  bufferManager.acquireBuffer = (size, ...rest) => {
    if (size <= largest) return acquire(size, ...rest);
    throw new UserError(
      `A tensor of ${megabytes(size)} is needed; this graphics device holds at most ${megabytes(largest)} in one. ` +
        `A batch of ${Math.floor((100 * largest) / size)} % of the size fits.`,
    );
  };
}

function isAbort(problem: unknown): boolean {
  return (problem as Error | null)?.name === 'AbortError';
}

function explain(error: GPUError): Error {
  if (!(error instanceof GPUOutOfMemoryError)) return new Error(`WebGPU: ${error.message}`);
  const said = error.message.trim().split('\n')[0]!;
  return new UserError(
    `${OUT_OF_MEMORY} on the graphics device, whose driver says: ${said} Choose a smaller batch or smaller networks.`,
  );
}
