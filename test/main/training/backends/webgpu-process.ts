// The process in which tests use WebGPU: `node webgpu-process.ts QUESTION` answers with one JSON object.

import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { listAdapters } from '../../../../src/main/training/backends/webgpu-adapters.ts';
import { buildTiny, disposeReport } from '../recipes/tiny.ts';
import { findAll } from './findings.ts';
import { compareFirstSteps } from './one-step.ts';

const questions: Readonly<Record<string, () => Promise<object>>> = {
  references: async () => findAll((await openBackend('webgpu')).tf),
  recipes: compareRecipes,
  facts: findFacts,
  steps: countAfterSteps,
  mistakes: makeMistakes,
  'out of memory': async () => {
    const { tf } = await openBackend('webgpu');
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    const error = new GPUOutOfMemoryError('vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY.');
    device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    return { refusal: await refusalOf(async () => void (await tf.square(tf.scalar(3)).data())) };
  },
  'beside TensorFlow': async () => {
    await openBackend('tensorflow');
    return { refusal: await refusalOf(async () => void (await openBackend('webgpu'))) };
  },
};

/** Against plain JavaScript. */
async function compareRecipes(): Promise<object> {
  const { tf } = await openBackend('cpu');
  await openBackend('webgpu');
  return compareFirstSteps(tf, 'webgpu');
}

async function findFacts(): Promise<object> {
  const { tf: _, memory, ...facts } = await openBackend('webgpu');
  const { create } = await import('webgpu');
  return { ...facts, memory: memory(), adapters: await listAdapters(create) };
}

/** Tensors and memory after some steps, and after as many again. */
async function countAfterSteps(): Promise<object> {
  const { tf, memory } = await openBackend('webgpu');
  const { model, batch } = buildTiny(tf, 'toy', 'app');
  const take = async (steps: number) => {
    for (let step = 0; step < steps; step++) {
      const report = model.step(batch);
      await report.scalars['loss/d']!.data();
      disposeReport(tf, report);
    }
    return memory();
  };
  return { first: await take(3), second: await take(3) };
}

/** What each mistake is answered with. */
async function makeMistakes(): Promise<object> {
  const { tf, largestTensorBytes } = await openBackend('webgpu');
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const sum = async () => void (await tf.square(tf.scalar(3)).data());
  const tooLarge = await refusalOf(async () => void (await tf.fill([largestTensorBytes! / 4 + 1], 1).data()));
  const synchronous = await refusalOf(() => Promise.resolve(void tf.square(tf.scalar(3)).dataSync()));
  const before = await refusalOf(sum);
  device.createBuffer({ size: 2 ** 40, usage: GPUBufferUsage.STORAGE });
  const invalid = await refusalOf(sum);
  device.destroy();
  return { tooLarge, synchronous, before, invalid, lost: await refusalOf(sum) };
}

async function refusalOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (problem) {
    return String(problem);
  }
}

const answer = JSON.stringify(await questions[process.argv[2]!]!());
// Dawn would keep the process alive.
process.stdout.write(answer, () => process.exit(0));
