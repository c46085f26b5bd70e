// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, 2011): a key gives a sequence of
// 32-bit words, each worked out from its place alone. TensorFlow's kernels draw with it, and here are the same numbers
// for backends that cannot draw.

/** Two 32-bit words, the lower one first. */
export type Key = readonly [number, number];

/** The least number that a logarithm is taken of, as in TensorFlow. */
const LEAST = Math.fround(1e-7);
const TWO_PI = 2 * Math.PI;

/** The first n words of the key. The first four are those of `from`, whose first word then grows by one for every four. */
export function philoxWords(
  [low, high]: Key,
  n: number,
  from: readonly [number, number, number, number] = [0, 0, 0, 0],
): Uint32Array {
  const words = new Uint32Array(n + (-n & 3));
  for (let at = 0; at < words.length; at += 4) {
    let c0 = (from[0] + at / 4) | 0;
    let c1 = from[1];
    let c2 = from[2];
    let c3 = from[3];
    let k0 = low;
    let k1 = high;
    for (let round = 0; round < 10; round++) {
      const first = upperProduct(c0, 0xd251, 0x1f53) ^ c3 ^ k1;
      const second = upperProduct(c2, 0xcd9e, 0x8d57) ^ c1 ^ k0;
      c1 = Math.imul(c2, 0xcd9e8d57);
      c3 = Math.imul(c0, 0xd2511f53);
      c0 = second;
      c2 = first;
      k0 = (k0 + 0x9e3779b9) | 0;
      k1 = (k1 + 0xbb67ae85) | 0;
    }
    words[at] = c0;
    words[at + 1] = c1;
    words[at + 2] = c2;
    words[at + 3] = c3;
  }
  return words.subarray(0, n);
}

/** Upper 32 of the 64 bits of `word` times the factor with these halves. */
function upperProduct(word: number, factorUpper: number, factorLower: number): number {
  const lower = word & 0xffff;
  const upper = word >>> 16;
  const middle = (Math.imul(upper, factorLower) + (Math.imul(lower, factorLower) >>> 16)) | 0;
  const carry = (Math.imul(lower, factorUpper) + (middle & 0xffff)) | 0;
  return (Math.imul(upper, factorUpper) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** In [0, 1): the lower 23 bits of a word, as TensorFlow takes them. */
const unit = (word: number): number => (word & 0x7fffff) / 0x800000;

/** Uniform in [low, high), each operation rounded to single precision: bit for bit what TensorFlow makes of the key. */
export function philoxUniform(key: Key, n: number, low: number, high: number): Float32Array {
  const words = philoxWords(key, n);
  const values = new Float32Array(n);
  const [start, width] = [Math.fround(low), Math.fround(high - low)];
  for (let at = 0; at < n; at++) values[at] = Math.fround(unit(words[at]!) * width) + start;
  return values;
}

/** Box-Muller of two words after the other, sine first; TensorFlow's numbers but for the rounding of its logarithm and sine. */
export function philoxNormal(key: Key, n: number, mean: number, deviation: number): Float32Array {
  const words = philoxWords(key, n + (n & 1));
  const values = new Float32Array(n);
  for (let at = 0; at < n; at += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(Math.max(unit(words[at]!), LEAST)));
    const angle = Math.fround(TWO_PI * unit(words[at + 1]!));
    values[at] = mean + radius * Math.sin(angle);
    if (at + 1 < n) values[at + 1] = mean + radius * Math.cos(angle);
  }
  return values;
}

/** 1 / keep where the uniform number of [0, 1) is less than `keep`, else 0. */
export function philoxMask(key: Key, n: number, keep: number): Float32Array {
  const words = philoxWords(key, n);
  const values = new Float32Array(n);
  const kept = Math.fround(1 / keep);
  // By the sign of a difference of whole numbers: a branch that goes either way at random is slow.
  const limit = Math.ceil(Math.fround(keep) * 0x800000);
  for (let at = 0; at < n; at++) values[at] = kept * (((words[at]! & 0x7fffff) - limit) >>> 31);
  return values;
}
