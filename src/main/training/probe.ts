// What a backend is worth here: it opens, gives plain JavaScript's numbers for a small DCGAN, forward and backward, and
// takes so long for a larger one. Meant for a process of its own: native code may crash, hang or be wrong.

import { UserError } from '../../shared/contract.ts';
import type { BackendChoice } from '../../shared/run.ts';
import type { Probe } from '../../shared/training.ts';
import type { OpenedBackend, TensorFlow } from './backends/backend.ts';
import { openBackend } from './backends/list.ts';
import { buildBlock, LARGE, SMALL } from './probe-block.ts';

/**
 * Greatest difference of a tensor, relative to its greatest value. Single precision gives about 1e-5; graphics cards
 * may round factors to 10 bits (TF32), which gives some 1e-3 and turns a few units of a kinked activation over. A wrong
 * kernel is wrong by tens of percents.
 */
export const TOLERANCE = 0.02;

const MEASURE_MS = 1500;
const MOST_ROUNDS = 20;

/** Throws UserError when the backend does not open or computes wrongly. */
export async function probe(choice: BackendChoice): Promise<Probe> {
  // First: opening another backend may bring gradients that only it can run.
  const { tf } = await openBackend('cpu');
  const expected = await compute(tf);
  const opened = await openBackend(choice);
  const largestError = distance(await compute(opened.tf), expected);
  if (!(largestError <= TOLERANCE)) {
    throw new UserError(
      `Backend ${opened.id} computes wrongly here (${opened.device}): a small network's output and gradients differ ` +
        `by ${percent(largestError)} from plain JavaScript's; ${percent(TOLERANCE)} is allowed.`,
    );
  }
  const { id, version, device, threads } = opened;
  return { backend: id, version, device, threads, isGpu: isGpu(opened), largestError, ms: await time(opened.tf) };
}

/** A software driver of Vulkan or Direct3D computes on the processor. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render|softpipe|software/i;

export function isGpu({ id, device }: Pick<OpenedBackend, 'id' | 'device'>): boolean {
  if (id === 'webgpu') return !SOFTWARE.test(device);
  return id === 'tensorflow' && /^GPU\b/.test(device);
}

type Values = readonly Float32Array[];

async function compute(tf: TensorFlow): Promise<Values> {
  const block = buildBlock(tf, SMALL);
  const tensors = block.run();
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  // A copy: some backends give their own memory.
  const copies = values.map((column) => Float32Array.from(column));
  tf.dispose(tensors);
  block.dispose();
  return copies;
}

/**
 * Milliseconds of the fastest of some runs, the device waited for: what else the machine does only makes them slower, and
 * a wrong order of the backends would last.
 */
async function time(tf: TensorFlow): Promise<number> {
  const block = buildBlock(tf, LARGE);
  const round = async (): Promise<number> => {
    const startMs = performance.now();
    const tensors = block.run();
    // The one that is computed last; devices work in order.
    await tensors.at(-1)!.data();
    tf.dispose(tensors);
    return performance.now() - startMs;
  };
  // The first loads and compiles.
  await round();
  const startMs = performance.now();
  let fastest = await round();
  for (let rounds = 1; rounds < MOST_ROUNDS && performance.now() - startMs < MEASURE_MS; rounds++)
    fastest = Math.min(fastest, await round());
  block.dispose();
  return fastest;
}

function distance(found: Values, expected: Values): number {
  let worst = 0;
  expected.forEach((column, index) => {
    const other = found[index]!;
    const scale = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    column.forEach((value, at) => {
      const difference = Math.abs(value - (other[at] ?? NaN)) / scale;
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    });
  });
  return worst;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toPrecision(2)} %` : 'values that are no numbers';
}
