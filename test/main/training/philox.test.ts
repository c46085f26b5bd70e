// Words: the known answers of the Random123 distribution (kat_vectors). Numbers: of TensorFlow 2.21 in Python, which was asked
//   tf.raw_ops.StatelessRandomUniformV2(shape=[n], key=tf.constant([0xFEDCBA9876543210], tf.uint64),
//                                       counter=tf.constant([0, 0], tf.uint64), alg=1)
// and StatelessRandomNormalV2 likewise.

import { describe, expect, it } from 'vitest';
import { philoxMask, philoxNormal, philoxUniform, philoxWords, type Key } from '../../../src/main/training/philox.ts';

const N = 100_000;
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float32Array): number => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
};

/** Greatest distance between the values' own distribution and this one. Above 1.95 / sqrt(n) once in a thousand. */
function kolmogorovSmirnov(values: Float32Array, distribution: (x: number) => number): number {
  const sorted = values.toSorted();
  const far = (x: number, at: number) => {
    const expected = distribution(x);
    return Math.max(expected - at / sorted.length, (at + 1) / sorted.length - expected);
  };
  return sorted.reduce((most, x, at) => Math.max(most, far(x, at)), 0);
}

/** Abramowitz and Stegun 26.2.17, to 7.5e-8. */
function normalDistribution(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const factors = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = (factors.reduceRight((sum, factor) => (sum + factor) * t, 0) * Math.exp((-x * x) / 2)) / 2.5066282746;
  return x < 0 ? tail : 1 - tail;
}

function correlation(one: Float32Array, other: Float32Array): number {
  const [a, b] = [mean(one), mean(other)];
  const together = one.reduce((sum, value, at) => sum + (value - a) * (other[at]! - b), 0) / one.length;
  return together / (deviation(one) * deviation(other));
}

describe('Philox 4x32-10', () => {
  it('gives the known answers', () => {
    const answer = (counter: readonly [number, number, number, number], key: Key) =>
      [...philoxWords(key, 4, counter)].map((word) => word.toString(16).padStart(8, '0')).join(' ');
    const ones = 0xffffffff;
    expect(answer([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(answer([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(answer([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });

  it('counts from 0 by one for every four words, and a shorter draw is the beginning of a longer one', () => {
    const key: Key = [7, 9];
    const words = [...philoxWords(key, 11)];
    expect(words).toHaveLength(11);
    expect(words.slice(4, 8)).toEqual([...philoxWords(key, 4, [1, 0, 0, 0])]);
    expect(words.slice(8)).toEqual([...philoxWords(key, 3, [2, 0, 0, 0])]);
  });
});

describe('numbers of a key', () => {
  const key: Key = [0x76543210, 0xfedcba98];

  it('are those of TensorFlow: uniform ones bit for bit, normal ones to rounding', () => {
    expect([...philoxUniform([1, 2], 6, 0, 1)]).toEqual([
      0.19428181648254395, 0.6445367336273193, 0.12157034873962402, 0.4299873113632202, 0.019382238388061523,
      0.6805357933044434,
    ]);
    expect([...philoxUniform(key, 100_003, 0, 1).subarray(-2)]).toEqual([0.06601035594940186, 0.9466838836669922]);
    const near = (found: Float32Array, expected: readonly number[]) =>
      expected.forEach((value, at) => expect(Math.abs(found[at]! - value)).toBeLessThan(1e-6));
    near(philoxNormal([1, 2], 6, 0, 1), [-1.4271175, -1.1136546, 0.8742434, -1.8574774, -2.5450766, -1.187174]);
    near(philoxNormal(key, 100_003, 0, 1).subarray(-2), [1.5230601, 0.3098023]);
  });

  it('have the mean, the deviation and the distribution that they were asked for', () => {
    const uniform = philoxUniform(key, N, -1, 1);
    expect(Math.abs(mean(uniform))).toBeLessThan(0.006);
    expect(deviation(uniform)).toBeCloseTo(1 / Math.sqrt(3), 2);
    expect(uniform.every((value) => value >= -1 && value < 1)).toBe(true);
    expect(kolmogorovSmirnov(uniform, (x) => (x + 1) / 2)).toBeLessThan(1.95 / Math.sqrt(N));
    const normal = philoxNormal(key, N, 2, 0.5);
    expect(Math.abs(mean(normal) - 2)).toBeLessThan(0.005);
    expect(deviation(normal)).toBeCloseTo(0.5, 2);
    const distribution = (x: number) => normalDistribution((x - 2) / 0.5);
    expect(kolmogorovSmirnov(normal, distribution)).toBeLessThan(1.95 / Math.sqrt(N));
  });

  it('are kept with the probability asked for, and scaled by its inverse', () => {
    const mask = philoxMask(key, N, 0.8);
    expect(new Set(mask)).toEqual(new Set([0, 1.25]));
    expect(Math.abs(mean(mask) - 1)).toBeLessThan(0.006);
  });

  it('have nothing to do with those of the next key', () => {
    const neighbours: [Key, Key][] = [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 0],
        [0, 1],
      ],
      [
        [41, 7],
        [42, 7],
      ],
      [
        [0x7fffffff, 3],
        [0x80000000, 3],
      ],
    ];
    for (const [one, other] of neighbours) {
      for (const draw of [philoxUniform, philoxNormal]) {
        // Four deviations of the correlation of independent numbers.
        expect(Math.abs(correlation(draw(one, N, 0, 1), draw(other, N, 0, 1)))).toBeLessThan(4 / Math.sqrt(N));
      }
    }
    const values = philoxUniform(key, N + 1, 0, 1);
    expect(Math.abs(correlation(values.subarray(1), values.subarray(0, N)))).toBeLessThan(4 / Math.sqrt(N));
  });
});
