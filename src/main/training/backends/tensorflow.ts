// Native TensorFlow over TensorFlow.js's own addon and kernels, loaded from a runtime pack by this file instead of
// by their package: no install script, no search for prebuilt binaries, and it runs on Node 24.

import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { DataStorage, KernelBackend } from '@tensorflow/tfjs-core';
import { UserError } from '../../../shared/contract.ts';
import { trainingEnvironment } from '../../runtime/environment.ts';
import { findRuntime, type RuntimePack } from '../../runtime/pack.ts';
import { whyNotInstallable } from '../../runtime/why-not.ts';
import type { Backend, TensorFlow } from './backend.ts';
import { prepareCore } from './core.ts';
import { captureSteps, type CapturingAddon } from './captured-steps.ts';
import { readMemory, useBackend } from './open-engine.ts';
import type { Addon } from './tensorflow-addon.ts';
import { registerTensorFlowKernels } from './tensorflow-kernels.ts';
import { registerTensorFlowRandom } from './tensorflow-random.ts';

type NativeBackend = KernelBackend & { readonly tensorMap: DataStorage<unknown> };
type NativeBackendClass = new (addon: CapturingAddon, packageName: string) => NativeBackend;

const REBUILD = 'To fetch and build it again: npm run runtime';

export const tensorflow: Backend = {
  id: 'tensorflow',
  async open() {
    const pack = findRuntime();
    if (pack === null) throw new UserError(absence());
    const tf = prepareCore();
    const addon = load(tf, pack);
    await useBackend(tf, 'tensorflow', REBUILD);
    return {
      id: 'tensorflow',
      tf,
      version: addon.TF_Version,
      device: addon.isUsingGpuDevice() ? nameOfCard() : (cpus()[0]?.model.trim() ?? 'CPU'),
      threads: Number(process.env['TF_NUM_INTRAOP_THREADS']) || availableParallelism(),
      memory: () => readMemory(tf),
    };
  },
};

/** Begins with GPU, which the probe looks for. */
function nameOfCard(): string {
  return ['GPU', process.env['SADDLE_CUDA_DEVICE']].filter(Boolean).join(', ');
}

function absence(): string {
  return `Native TensorFlow is not installed. ${whyNotInstallable() ?? 'To fetch and build it: npm run runtime'}`;
}

let loaded: CapturingAddon | null = null;

/** The library cannot be loaded twice in a process, nor unloaded. */
function load(tf: TensorFlow, pack: RuntimePack): CapturingAddon {
  if (loaded !== null) return loaded;
  prepareProcess(tf);
  const require = createRequire(import.meta.url);
  let addon: CapturingAddon;
  try {
    addon = captureSteps(require(pack.binding) as Addon);
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    throw new UserError(`TensorFlow's library in ${pack.folder} does not load: ${why}. ${REBUILD}`);
  }
  require(join(pack.kernels, 'register_all_kernels.js'));
  registerTensorFlowKernels(tf, addon.isUsingGpuDevice());
  registerTensorFlowRandom(tf, addon);
  const kernels = require(join(pack.kernels, 'nodejs_kernel_backend.js')) as {
    NodeJSKernelBackend: NativeBackendClass;
  };
  // The name only says which package's advice to print.
  tf.registerBackend('tensorflow', () =>
    Object.assign(new kernels.NodeJSKernelBackend(addon, '@tensorflow/tfjs-node'), { steps: addon }),
  );
  return (loaded = addon);
}

function prepareProcess(tf: TensorFlow): void {
  // For a training process started by hand; where it was spawned these are there already.
  for (const [name, value] of Object.entries(trainingEnvironment())) process.env[name] ??= value;
  // The stand-ins for @tensorflow/tfjs in the pack read this symbol.
  Object.assign(globalThis, { [Symbol.for('saddle.tensorflow')]: tf });
  // The kernels call two functions of old: one is gone since Node 23, the other warns.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}
