import { describe, expect, it } from 'vitest';
import { createEstimates } from '../../../src/main/services/estimates.ts';
import type { RunSpec } from '../../../src/shared/run.ts';
import type { Estimate } from '../../../src/shared/training.ts';

const SPEC: RunSpec = {
  recipe: 'dcgan28',
  preset: 'small',
  parameters: { batchSize: 64 },
  data: 'glyphs',
  seed: 1,
  steps: 10,
  backend: 'auto',
};
const ANSWER: Estimate = {
  ...{ backend: 'cpu', stepMs: 20, measuredSteps: 5, startMs: 100, totalMs: 0 },
  ...{ memoryBytes: 1, tensorBytes: 1, deviceBytes: null, measuredAtMs: 0 },
};

/** Answers when told to, and says what was asked and what was withdrawn. */
function openDesk() {
  const asked: { spec: RunSpec; answer: (estimate: Estimate) => void; withdrawn: () => boolean }[] = [];
  const estimates = createEstimates((spec, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Estimate>();
    signal.addEventListener('abort', () => reject(new Error('withdrawn')));
    asked.push({ spec, answer: resolve, withdrawn: () => signal.aborted });
    return promise;
  });
  return { asked, estimates };
}

describe('estimates', () => {
  it('ask once for the same settings, whatever the seed and the number of steps', async () => {
    const { asked, estimates } = openDesk();
    const both = [estimates.estimate(SPEC), estimates.estimate({ ...SPEC, seed: 2, steps: 1000 })];
    await expect.poll(() => asked.length).toBe(1);
    asked[0]!.answer(ANSWER);
    expect(await Promise.all(both)).toEqual([
      { ...ANSWER, totalMs: 100 + 20 * 10 },
      { ...ANSWER, totalMs: 100 + 20 * 1000 },
    ]);
  });

  it('give up the older question for a newer one, and never measure two at once', async () => {
    const { asked, estimates } = openDesk();
    const older = estimates.estimate(SPEC);
    await expect.poll(() => asked.length).toBe(1);
    const newer = estimates.estimate({ ...SPEC, parameters: { batchSize: 128 } });
    await expect(older).rejects.toThrow('withdrawn');
    expect(asked[0]!.withdrawn()).toBe(true);
    await expect.poll(() => asked.length).toBe(2);
    asked[1]!.answer(ANSWER);
    expect(await newer).toMatchObject({ totalMs: 300 });
  });

  it('ask again after an answer and after a failure', async () => {
    const { asked, estimates } = openDesk();
    for (let round = 0; round < 2; round++) {
      const question = estimates.estimate(SPEC);
      await expect.poll(() => asked.length).toBe(round + 1);
      asked[round]!.answer(ANSWER);
      await question;
    }
    expect(asked).toHaveLength(2);
  });
});
