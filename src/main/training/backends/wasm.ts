// WebAssembly: the last resort before plain JavaScript, about ten times slower than TensorFlow. Some of its kernels
// are missing, slow or wrong; wasm-kernels.ts puts that right before the backend starts.

import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, sep } from 'node:path';
import type { Backend } from './backend.ts';
import { prepareCore } from './core.ts';
import { readMemory, useBackend } from './open-engine.ts';
import { registerWasmKernels } from './wasm-kernels.ts';

export const wasm: Backend = {
  id: 'wasm',
  async open() {
    const tf = prepareCore();
    const { setWasmPaths, version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
    const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm');
    setWasmPaths(dirname(file) + sep);
    registerWasmKernels(tf);
    await useBackend(tf, 'wasm', 'Its files come with the packages of Saddle; to get them again: npm install');
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    const device = `${cpus()[0]?.model.trim() ?? 'CPU'}, WebAssembly${simd ? ' with SIMD' : ''}`;
    // The package keeps its threads to browsers.
    return { id: 'wasm', tf, version, device, threads: 1, memory: () => readMemory(tf) };
  },
};
