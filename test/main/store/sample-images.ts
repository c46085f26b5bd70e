// A machine and images to log, for tests and for the processes that they start.

import type { NewImage } from '../../../src/main/store/store.ts';
import type { RunMachine } from '../../../src/shared/run.ts';

export const machine: RunMachine = {
  backend: 'cpu',
  backendVersion: '4.22.0',
  device: 'CPU',
  threads: 1,
  host: 'here',
  platform: 'linux',
  node: '24.0.0',
  saddle: '0.1.0',
};

export function sampleImage(step: number, tag = 'samples', png = Uint8Array.of(137, 80, 78, 71, step & 255)): NewImage {
  return { tag, step, rows: 4, columns: 8, cellWidth: 28, cellHeight: 28, channels: 1, latents: 'fixed-7', png };
}
