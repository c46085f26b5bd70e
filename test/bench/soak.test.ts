// The soak in short, and its rule on made-up samples: what grows must be seen.

import { describe, expect, it } from 'vitest';
import { judge, riseOf, soak, type Sample } from '../../bench/soak/soak.ts';

const sample = (step: number, change: Partial<Sample> = {}): Sample => ({
  ...{ backend: 'wasm', step, tensors: 30, libraryTensors: 30 },
  ...{ heapBytes: 3e7, externalBytes: 1e6, residentBytes: 5e8, ...change },
});
const hundred = (change: (step: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 100 }, (_, at) => sample(100 * (at + 1), change(at)));
const broken = (samples: readonly Sample[]): string[] =>
  judge(samples).flatMap(({ what, isFlat }) => (isFlat ? [] : [what]));

describe('the rule of the soak', () => {
  it('bears what grows at first, and noise', () => {
    const noisy = hundred((at) => ({ residentBytes: 5e8 + 1e6 * Math.min(at, 40) + 1e7 * ((at * 7) % 3) }));
    expect(broken(noisy)).toEqual([]);
  });

  it.each([
    ['tensors', (at: number) => ({ tensors: at > 70 ? 31 : 30 })],
    ["the library's tensors", (at: number) => ({ libraryTensors: at > 98 ? 31 : 30 })],
    ['heap', (at: number) => ({ heapBytes: 3e7 + 5e4 * at })],
    ['resident size', (at: number) => ({ residentBytes: 5e8 + 6e5 * at })],
  ])('sees %s grow', (what, change) => {
    expect(broken(hundred(change))).toEqual([what]);
  });

  it('takes the rise from the line of least squares', () => {
    expect(riseOf([0, 1, 2], [10, 11, 12])).toBeCloseTo(2 / 11, 10);
    expect(riseOf([0, 1, 2], [10, 13, 10])).toBeCloseTo(0, 10);
  });
});

describe('training', () => {
  it('keeps its tensors the same over 300 steps of the toy GAN', async () => {
    const samples = await soak({ recipe: 'toy', preset: 'small', steps: 300, backend: 'auto' });
    expect(samples.at(-1)!.step).toBeGreaterThan(280);
    const [tensors, second] = judge(samples);
    expect(tensors).toMatchObject({ what: 'tensors', isFlat: true });
    if (samples[0]!.libraryTensors !== null) expect(second).toMatchObject({ isFlat: true });
  });
});
