// The end of opening any backend: make it the current one and see it compute.

import type { MemoryInfo } from '@tensorflow/tfjs-core';
import { UserError } from '../../../shared/contract.ts';
import type { BackendId } from '../../../shared/run.ts';
import type { BackendMemory, TensorFlow } from './backend.ts';

/** Throws UserError when the backend does not start or computes wrongly. */
export async function useBackend(tf: TensorFlow, id: BackendId, whatToDo: string): Promise<void> {
  let problem = 'it did not start';
  try {
    if (await tf.setBackend(id)) {
      const square = tf.tidy(() => tf.square(tf.scalar(3)));
      const [nine] = await square.data();
      square.dispose();
      if (nine === 9) return;
      problem = `the square of 3 came out as ${nine}`;
    }
  } catch (failure) {
    problem = failure instanceof Error ? failure.message : String(failure);
  }
  throw new UserError(`Backend ${id} does not work here: ${problem}. ${whatToDo}`);
}

/** What backends over a graphics driver say besides. */
interface DeviceMemory {
  readonly numBytesAllocatedInGPU?: number;
}

export function readMemory(tf: TensorFlow): BackendMemory {
  const { numTensors, numBytes, numBytesAllocatedInGPU } = tf.memory() as MemoryInfo & DeviceMemory;
  const onDevice = numBytesAllocatedInGPU === undefined ? {} : { deviceBytes: numBytesAllocatedInGPU };
  return { tensors: numTensors, bytes: numBytes, ...onDevice };
}
