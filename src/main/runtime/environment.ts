// What must be in a training process's environment before it starts: TensorFlow reads these when its library loads,
// and on Windows never sees what the process sets later.

import { availableParallelism } from 'node:os';

export interface ThreadChoice {
  /** Default: all cores this process may use. Results are the same bit for bit only with the same number. */
  readonly threads?: number;
}

/** To be merged over the environment of a spawned training process. */
export function trainingEnvironment({ threads }: ThreadChoice = {}): Record<string, string> {
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads ?? availableParallelism()),
    // Operations run one after the other here, so a second pool would only wait.
    TF_NUM_INTEROP_THREADS: '1',
    // Without it TensorFlow takes nearly all of a graphics card's memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
}
