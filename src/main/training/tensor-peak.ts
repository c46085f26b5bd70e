// The most bytes that tensors held at once, seen at every tensor that is made: between two looks from outside a step
// has come and gone.

import type { TensorFlow } from './backends/backend.ts';

export interface TensorPeak {
  /** Bytes of all tensors now. */
  now(): number;
  /** The most so far; ends the watch. */
  stop(): number;
}

/** Counts what tfjs's engine counts: tensors of which only TensorFlow knows, inside one of its functions, are not seen. */
export function watchTensors(tf: TensorFlow): TensorPeak {
  const { state } = tf.engine() as unknown as { state: { numBytes: number } };
  let now = state.numBytes;
  let most = now;
  Object.defineProperty(state, 'numBytes', {
    configurable: true,
    enumerable: true,
    get: () => now,
    set: (bytes: number) => {
      now = bytes;
      if (bytes > most) most = bytes;
    },
  });
  return {
    now: () => now,
    stop() {
      Object.defineProperty(state, 'numBytes', { configurable: true, enumerable: true, writable: true, value: now });
      return most;
    },
  };
}
