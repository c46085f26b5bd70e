// Vectors: computed by a Python program that follows the papers' definitions, written down here.

import { describe, expect, it } from 'vitest';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { philoxMask, philoxNormal, philoxUniform } from '../../../src/main/training/philox.ts';
import { createRandom } from '../../../src/main/training/random.ts';

const words = (seed: number, stream: number, count: number) => {
  const random = createRandom(seed, stream);
  return Array.from({ length: count }, () => random.next() * 2 ** 32);
};

describe('the seeded generator', () => {
  it('gives the written numbers for a seed', () => {
    expect(words(1, 0, 5)).toEqual([2420951833, 2513034076, 3847892949, 4064752930, 1169703512]);
    expect(words(4294967295, 0, 3)).toEqual([2300869303, 3917632794, 3726809994]);
    expect(words(1, 1, 3)).toEqual([2252133130, 2758613979, 2469939668]);
  });

  it('draws normals by Box-Muller and uniforms of 24 bits', () => {
    expect([...createRandom(7).normal(2, 0, 1)]).toEqual([1.0140795907993754, 0.42979823828469266].map(Math.fround));
    expect([...createRandom(7).uniform(3, -1, 1)]).toEqual([
      -0.09046614170074463, -0.8723959922790527, -0.16743695735931396,
    ]);
  });

  it('has the mean, the deviation and the range it was asked for', () => {
    const random = createRandom(3);
    const normal = random.normal(200_000, 2, 0.5);
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    const variance = normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normal.length;
    expect(mean).toBeCloseTo(2, 2);
    expect(Math.sqrt(variance)).toBeCloseTo(0.5, 2);
    const uniform = random.uniform(200_000, -1, 1);
    expect(Math.min(...uniform.subarray(0, 50_000))).toBeGreaterThanOrEqual(-1);
    expect(uniform.every((value) => value < 1)).toBe(true);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) counts[random.below(10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('goes on from a saved state with the same numbers', () => {
    const random = createRandom(11);
    random.normal(5, 0, 1);
    const state = random.state();
    const expected = [...random.normal(7, 0, 1)];
    const other = createRandom(99);
    other.restore(JSON.parse(JSON.stringify(state)));
    expect([...other.normal(7, 0, 1)]).toEqual(expected);
  });

  it('gives a tensor its next two words as a key, however large it is', async () => {
    const { tf } = await openBackend('cpu');
    const random = createRandom(1);
    const [one, other, third] = [
      random.uniformTensor(tf, [40, 30], -2, 2),
      random.normalTensor(tf, [3], 1, 2),
      random.maskTensor(tf, [2, 5], 0.5),
    ];
    expect(one.shape).toEqual([40, 30]);
    // The words of seed 1 that are written above.
    expect(one.dataSync()).toEqual(philoxUniform([2420951833, 2513034076], 1200, -2, 2));
    expect(other.dataSync()).toEqual(philoxNormal([3847892949, 4064752930], 3, 1, 2));
    const [low, high] = words(1, 0, 6).slice(4) as [number, number];
    expect(low).toBe(1169703512);
    expect(third.dataSync()).toEqual(philoxMask([low, high], 10, 0.5));
  });
});
