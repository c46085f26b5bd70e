// What a host must know to start a training process: the plain Node that runs it (never an Electron process, which
// replaces the allocator), the entry, and the environment that makes native TensorFlow loadable.

import type { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface TrainingProgram {
  /** Path of a Node 24 binary. */
  readonly node: string;
  /** Path of the training entry. */
  readonly entry: string;
  environment(): Readonly<Record<string, string | undefined>>;
  readonly spawn: typeof spawn;
}

/** The training entry beside a running entry: `train.ts` in a clone, `train.js` in a bundle. */
export function trainingEntry(runningEntry: string): string {
  const source = fileURLToPath(new URL('./train.ts', runningEntry));
  return existsSync(source) ? source : fileURLToPath(new URL('./train.js', runningEntry));
}
