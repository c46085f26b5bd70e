// What a backend is: TensorFlow.js's operations over one device. One process opens one backend, once (TensorFlow
// and a software graphics driver do not share a process), and its exit is what gives the memory back.

import type * as TF from '@tensorflow/tfjs-core';
import type { BackendId } from '../../../shared/run.ts';

export type TensorFlow = typeof TF;

export interface Backend {
  readonly id: BackendId;
  /** Loads the backend, makes it tfjs-core's current one and runs a first operation on it. Throws UserError: why not, what to do. */
  open(): Promise<OpenedBackend>;
}

export interface OpenedBackend {
  readonly id: BackendId;
  /** The tfjs-core namespace that recipes get as `tf`, with all gradients registered. */
  readonly tf: TensorFlow;
  /** Of the library that computes: TensorFlow's for `tensorflow`, tfjs's for the others. */
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  /** Of one tensor; absent where memory alone is the limit. */
  readonly largestTensorBytes?: number;
  memory(): BackendMemory;
}

export interface BackendMemory {
  /** Live tensors: the number that must stay the same from step to step. */
  readonly tensors: number;
  readonly bytes: number;
  /** Taken from the device's driver, free buffers included; absent where the memory is the process's own. */
  readonly deviceBytes?: number;
}
