// What a batch of real images costs the training loop: reading its bytes and making numbers of them, at the sizes that the
// recipes use, beside the share of a step that it takes. Run: node bench/data.ts
// The large set is a file of 200,000 images of 64 x 64 x 3 with holes, read through the system's cache: what a disk adds when
// the cache is too small is not in these figures.

import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenDataSet } from '../src/main/datasets/dataset.ts';
import { openPixelFile } from '../src/main/datasets/pixel-file.ts';
import { createBatches } from '../src/main/training/batches.ts';
import { createRandom } from '../src/main/training/random.ts';

interface Case {
  readonly name: string;
  readonly count: number;
  readonly side: number;
  readonly channels: number;
  readonly batch: number;
}

const CASES: readonly Case[] = [
  { name: 'MNIST, batch 100', count: 60_000, side: 28, channels: 1, batch: 100 },
  { name: 'CIFAR-10, batch 16', count: 50_000, side: 32, channels: 3, batch: 16 },
  { name: '60,000 digits at 64 x 64, batch 64', count: 60_000, side: 64, channels: 1, batch: 64 },
  { name: '200,000 photographs at 64 x 64, batch 64', count: 200_000, side: 64, channels: 3, batch: 64 },
  { name: '200,000 photographs at 128 x 128, batch 16', count: 200_000, side: 128, channels: 3, batch: 16 },
];
const BATCHES = 400;

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1]!;
}

function measure({ name, count, side, channels, batch }: Case, folder: string): string {
  const path = join(folder, 'pixels');
  const size = side * side * channels;
  const file = openSync(path, 'w');
  ftruncateSync(file, count * size);
  closeSync(file);
  const { read, close } = openPixelFile(path, { offset: 0, count, size });
  const data: OpenDataSet = { count, height: side, width: side, channels, labels: new Uint8Array(count), read, close };
  const batches = createBatches(data, batch, '-1..1', createRandom(1));
  batches.next();
  const wholes: number[] = [];
  const reads: number[] = [];
  for (let k = 0; k < BATCHES; k++) {
    const start = performance.now();
    batches.next();
    wholes.push(performance.now() - start);
    const indices = Uint32Array.from({ length: batch }, (_, place) => ((k * batch + place) * 7919) % count);
    const before = performance.now();
    read(indices);
    reads.push(performance.now() - before);
  }
  close();
  return `${name.padEnd(44)} read ${median(reads).toFixed(3)} ms, whole batch ${median(wholes).toFixed(3)} ms (median of ${BATCHES})`;
}

const folder = mkdtempSync(join(tmpdir(), 'saddle-bench-data-'));
try {
  for (const each of CASES) process.stdout.write(`${measure(each, folder)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
