// What must be in a training process's environment before it starts: TensorFlow reads these when its library loads,
// and on Windows never sees what the process sets later.

import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { cacheFolder } from '../home.ts';
import { isUsable, knownCards } from './cards.ts';
import { readGpuSettings } from './gpu-settings.ts';
import { findRuntime } from './pack.ts';

export interface ThreadChoice {
  /** Default: all cores this process may use. Results are the same bit for bit only with the same number. */
  readonly threads?: number;
}

/** To be merged over the environment of a spawned training process. */
export function trainingEnvironment({ threads }: ThreadChoice = {}): Record<string, string> {
  const pack = findRuntime();
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads ?? availableParallelism()),
    // A step is one function: operations that do not wait for each other run side by side, those of many small ones most.
    TF_NUM_INTEROP_THREADS: String(threads ?? availableParallelism()),
    // Without it TensorFlow takes nearly all of a graphics card's memory at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...(pack?.isCuda && cudaEnvironment(pack.folder)),
  };
}

/** NVIDIA's default for compiled kernels is 1 GB, less than those of one TensorFlow. */
const KERNEL_CACHE_BYTES = 4 * 2 ** 30;

/** For a pack with CUDA's libraries: where they are, where compiled kernels are kept, and the user's settings. */
export function cudaEnvironment(folder: string): Record<string, string> {
  const { card, memoryMb, deterministic } = readGpuSettings();
  // TensorFlow's addon takes the last card it sees: it is shown one.
  const usable = knownCards().list.filter(isUsable);
  const shown = usable.find(({ index }) => index === card) ?? usable[0];
  const before = (path: string, name: string): string => [path, process.env[name]].filter(Boolean).join(delimiter);
  return {
    LD_LIBRARY_PATH: before(join(folder, 'lib'), 'LD_LIBRARY_PATH'),
    // TensorFlow looks for ptxas there, and for NVIDIA's library of mathematics beside it.
    PATH: before(join(folder, 'cuda', 'bin'), 'PATH'),
    XLA_FLAGS: `--xla_gpu_cuda_data_dir=${join(folder, 'cuda')}`,
    CUDA_CACHE_PATH: join(cacheFolder(), 'cuda-kernels'),
    CUDA_CACHE_MAXSIZE: String(KERNEL_CACHE_BYTES),
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    ...(shown && { CUDA_VISIBLE_DEVICES: String(shown.index), SADDLE_CUDA_DEVICE: shown.name }),
    // Read by the library; that it holds was never seen on a card.
    ...(memoryMb !== null && { TF_PER_DEVICE_MEMORY_LIMIT_MB: String(memoryMb) }),
    ...(deterministic && { TF_DETERMINISTIC_OPS: '1' }),
  };
}
