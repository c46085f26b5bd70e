// Kernels of the WebGPU backend that its package gets wrong, composed of those that it gets right.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { replaceKernel, wrap } from './composing.ts';

/** Once a process. `storageBuffers`: how many tensors one operation may have, its result among them. */
export function registerWebgpuKernels(tf: TensorFlow, storageBuffers: number): void {
  splitSums(tf, storageBuffers - 1);
}

/** The package binds all terms of a sum at once, and WebGPU then computes nothing. */
function splitSums(tf: TensorFlow, most: number): void {
  replaceKernel(tf, 'webgpu', tf.AddN, (params, original) => {
    const terms = Object.values(params.inputs) as TF.TensorInfo[];
    if (terms.length <= most) return original(params);
    return tf.tidy(() => {
      const sums: TF.Tensor[] = [];
      for (let at = 0; at < terms.length; at += most) {
        sums.push(tf.addN(terms.slice(at, at + most).map((term) => wrap(tf, term))));
      }
      return tf.addN(sums);
    });
  });
}
