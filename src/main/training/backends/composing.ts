// What kernels composed of a backend's own operations share. A composed kernel that wraps an input must add a reference to
// it first: the wrapper's disposal takes one away, and would free the caller's memory.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';

/** A tensor over a kernel's input, to be disposed by the tidy around it. */
export function wrap<Rank extends TF.Tensor>(tf: TensorFlow, info: TF.TensorInfo | undefined): Rank {
  if (info === undefined) throw new Error('a kernel was called without one of its inputs');
  tf.backend().incRef(info.dataId);
  return tf.engine().makeTensorFromTensorInfo(info) as Rank;
}

export type KernelParams = Parameters<TF.KernelFunc>[0];

/** Keeps the setup of the package's kernel, which may fetch its function from the package's module. */
export function replaceKernel(
  tf: TensorFlow,
  backendName: string,
  name: string,
  kernel: (params: KernelParams, original: TF.KernelFunc) => TF.TensorInfo | TF.TensorInfo[],
): void {
  const config = tf.getKernel(name, backendName);
  if (!config) throw new Error(`the ${backendName} package has no kernel ${name}`);
  tf.unregisterKernel(name, backendName);
  tf.registerKernel({ ...config, kernelFunc: (params) => kernel(params, config.kernelFunc) });
}
