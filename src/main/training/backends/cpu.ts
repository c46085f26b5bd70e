// Plain JavaScript: works everywhere, hundreds of times slower than TensorFlow; the reference that tests compare with.

import type { Backend } from './backend.ts';
import { prepareCore } from './core.ts';
import { readMemory, useBackend } from './open-engine.ts';

export const cpu: Backend = {
  id: 'cpu',
  async open() {
    const tf = prepareCore();
    const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
    await useBackend(tf, 'cpu', 'Please report this with the output of: npm run saddle -- runtime --json');
    return { id: 'cpu', tf, version, device: 'JavaScript', threads: 1, memory: () => readMemory(tf) };
  },
};
