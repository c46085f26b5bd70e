// The seeded generator that all randomness of a run comes from: sfc32, seeded by splitmix32. Its state is four
// 32-bit words and can be saved and restored; the same seed gives the same numbers on every machine and backend. Tensors
// take only their key from it (draws.ts), so that the four words are all that there is to keep.

import { drawMask, drawNormal, drawUniform } from './draws.ts';
import type { Key } from './philox.ts';
import type { RandomSource } from './recipes/recipe.ts';

export type RandomState = readonly [number, number, number, number];

export interface SeededRandom extends RandomSource {
  state(): RandomState;
  restore(state: RandomState): void;
}

/** splitmix32 (Steele, Lea, Flood 2014, in its 32-bit form): spreads one word over the generator's state. */
function splitmix32(seed: number): () => number {
  let word = seed | 0;
  return () => {
    word = (word + 0x9e3779b9) | 0;
    let mixed = word ^ (word >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): passes PractRand and BigCrush, period at least 2^32, about 2^127 on average.
 * `seed` is a whole number from 0 to 2^32 - 1; `stream` names an independent sequence of the same seed.
 */
export function createRandom(seed: number, stream = 0): SeededRandom {
  const split = splitmix32(seed ^ Math.imul(stream, 0x85ebca6b));
  let [a, b, c, counter] = [split(), split(), split(), 1];

  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  // The first words still show the seed's structure; twelve rounds is the author's own advice.
  for (let round = 0; round < 12; round++) word();

  const next = (): number => word() / 4294967296;
  // 24 bits fit a float32 exactly, so that an array of [0, 1) never rounds up to 1.
  const nextFloat32 = (): number => (word() >>> 8) / 16777216;
  const key = (): Key => [word(), word()];

  return {
    next,
    below: (n) => Math.floor(next() * n),
    uniform: (n, low, high) => {
      const values = new Float32Array(n);
      for (let at = 0; at < n; at++) values[at] = low + (high - low) * nextFloat32();
      return values;
    },
    normal: (n, mean, deviation) => fillNormal(new Float32Array(n), mean, deviation, next),
    uniformTensor: (tf, shape, low, high) => drawUniform(tf, key, shape, low, high),
    normalTensor: (tf, shape, mean, deviation) => drawNormal(tf, key, shape, mean, deviation),
    maskTensor: (tf, shape, keep) => drawMask(tf, key, shape, keep),
    state: () => [a >>> 0, b >>> 0, c >>> 0, counter >>> 0],
    restore: (state) => {
      [a, b, c, counter] = [state[0] | 0, state[1] | 0, state[2] | 0, state[3] | 0];
    },
  };
}

/** Box-Muller, both values of a pair; the odd value of an odd length is thrown away, so that no spare is part of the state. */
function fillNormal(values: Float32Array, mean: number, deviation: number, next: () => number): Float32Array {
  for (let at = 0; at < values.length; at += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    values[at] = mean + radius * Math.cos(angle);
    if (at + 1 < values.length) values[at + 1] = mean + radius * Math.sin(angle);
  }
  return values;
}
