// The measures of image sets against NumPy and scikit-image, and on sets whose values are known.

import { describe, expect, it } from 'vitest';
import {
  checkerboardOf,
  covarianceTrace,
  planesOf,
  type ImageSet,
  type Plane,
} from '../../../../src/main/training/health/images.ts';
import { distance, divergence, nearestClass } from '../../../../src/main/training/health/classes.ts';
import { meanSimilarity, similarityOf } from '../../../../src/main/training/health/similarity.ts';

/** 20 x 16 bytes by a linear congruential generator, as the script that made the references has them. */
function noise(seed: number): Uint8Array {
  let word = seed;
  return Uint8Array.from({ length: 320 }, () => {
    word = Number((BigInt(word) * 1103515245n + 12345n) % 2147483648n);
    return (word >> 16) % 256;
  });
}
const plane = (values: ArrayLike<number>, height = 20, width = 16): Plane => ({
  height,
  width,
  values: Float64Array.from(values),
});
const [a, b] = [Float64Array.from(noise(1), (byte) => byte / 255), Float64Array.from(noise(2), (byte) => byte / 255)];
const mixed = a.map((value, at) => 0.7 * value + 0.3 * b[at]!);

describe('similarity', () => {
  // skimage 0.26 structural_similarity(win_size=7, data_range=1, use_sample_covariance=False).
  it('is that of scikit-image', () => {
    expect(similarityOf(plane(a), plane(b))).toBeCloseTo(0.10303267684469607, 12);
    expect(similarityOf(plane(a), plane(mixed))).toBeCloseTo(0.8919384119039477, 12);
  });

  it('is 1 for equal images, and what the formula says for constant ones', () => {
    expect(similarityOf(plane(a), plane(a))).toBeCloseTo(1, 12);
    const constant = (value: number) => plane(Array.from({ length: 320 }, () => value));
    // Section 6.6 of the recipe book.
    expect(similarityOf(constant(0.5), constant(1))).toBeCloseTo(0.800016, 6);
  });

  it('of a set is the mean over neighbours, and not a number where images are smaller than the window', () => {
    expect(meanSimilarity([plane(a), plane(a), plane(a)])).toBeCloseTo(1, 12);
    expect(meanSimilarity([plane(a), plane(b)])).toBeCloseTo(0.10303267684469607, 12);
    const small = plane([0, 1, 0, 1], 2, 2);
    expect(meanSimilarity([small, small])).toBeNaN();
  });
});

describe('the trace of the covariance', () => {
  it('is that of NumPy', () => {
    const values = Float32Array.from([...a, ...b, ...mixed]);
    // numpy.trace(numpy.cov(X.T)) of the three images.
    expect(covarianceTrace({ count: 3, height: 20, width: 16, channels: 1, values })).toBeCloseTo(12.55602, 4);
  });

  it('of equal images is 0', () => {
    const values = new Uint8Array([...noise(1), ...noise(1)]);
    expect(covarianceTrace({ count: 2, height: 20, width: 16, channels: 1, values })).toBe(0);
  });
});

describe('the checkerboard', () => {
  it('has the spectral share and the parities of NumPy', () => {
    // |fft2(x - mean)|² on row 10 and column 8 over its sum; var of the means of x[i::2, j::2] over var of x.
    const one = checkerboardOf([plane(a)]);
    expect(one.energy).toBeCloseTo(0.09588915971289207, 12);
    expect(one.parity).toBeCloseTo(0.006892875427889702, 12);
    const other = checkerboardOf([plane(mixed)]);
    expect(other.energy).toBeCloseTo(0.06473143225095053, 12);
    expect(other.parity).toBeCloseTo(0.009042743964279298, 12);
  });

  it('is 1 for a pure board, and near 0.06 for white noise of 32 x 32', () => {
    const board = plane(
      Array.from({ length: 1024 }, (_, at) => ((at >> 5) + at) & 1),
      32,
      32,
    );
    expect(checkerboardOf([board]).energy).toBeCloseTo(1, 12);
    expect(checkerboardOf([board]).parity).toBeCloseTo(1, 12);
    let word = 7;
    const next = () => (word = (word * 16807) % 2147483647) / 2147483647;
    const set = Array.from({ length: 64 }, () => plane(Array.from({ length: 1024 }, next), 32, 32));
    expect(checkerboardOf(set).energy).toBeCloseTo(63 / 1023, 2);
  });
});

describe('planes', () => {
  it('are the mean of the channels from 0 to 1, made smaller by whole factors', () => {
    const values = Uint8Array.of(0, 255, 255, 255, 0, 0, 51, 51, 51, 102, 102, 102);
    const set: ImageSet = { count: 1, height: 2, width: 2, channels: 3, values };
    expect([...planesOf(set)[0]!.values].map((value) => value.toFixed(6))).toEqual(['0.666667', '0.333333', '0.200000', '0.400000']); // prettier-ignore
    expect(planesOf(set, 1)).toMatchObject([{ height: 1, width: 1 }]);
    expect(planesOf(set, 1)[0]!.values[0]).toBeCloseTo(0.4, 12);
  });
});

describe('the nearest class', () => {
  const images = (...bytes: number[]): ImageSet => ({
    count: bytes.length,
    height: 1,
    width: 1,
    channels: 1,
    values: Uint8Array.from(bytes),
  });

  it('gives the share of each class among samples', () => {
    const classes = nearestClass(images(0, 20, 100, 120, 200, 220), Uint8Array.of(0, 0, 1, 1, 2, 2));
    expect([...classes.shares].map((share) => share.toFixed(4))).toEqual(['0.3333', '0.3333', '0.3333']);
    expect([...classes.sharesOf(images(5, 5, 255, 110))]).toEqual([0.5, 0.25, 0.25]);
  });

  it('differs by divergence and distance', () => {
    const [even, one] = [Float64Array.of(0.5, 0.5), Float64Array.of(1, 0)];
    expect(divergence(even, even)).toBe(0);
    expect(divergence(one, even)).toBeCloseTo(Math.log(2), 12);
    expect(distance(one, Float64Array.of(0, 1))).toBe(2);
  });
});
