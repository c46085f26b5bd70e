// Which class an image is nearest to, without a network: the class whose mean image is closest. Crude (about 82 % of
// MNIST), but the same at every step, and enough to see that whole classes are missing or come and go.

import type { ImageSet } from './images.ts';

/** A histogram over more classes says little with 64 samples. */
const MOST_CLASSES = 12;

export interface NearestClass {
  /** Shares of the classes among the real images, as this classifier sees them. */
  readonly shares: Float64Array;
  /** Shares of the classes in a set. */
  sharesOf(set: ImageSet): Float64Array;
}

/** At least two classes, and not too many. */
export function hasFewClasses(labels: Uint8Array): boolean {
  return new Set(labels).size > 1 && classesOf(labels) <= MOST_CLASSES;
}

function classesOf(labels: Uint8Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0) + 1;
}

export function nearestClass(reals: ImageSet, labels: Uint8Array): NearestClass {
  const classes = classesOf(labels);
  const size = reals.values.length / reals.count;
  const means = Array.from({ length: classes }, () => new Float64Array(size));
  const counts = new Float64Array(classes);
  labels.forEach((label, image) => {
    counts[label]!++;
    const mean = means[label]!;
    for (let k = 0; k < size; k++) mean[k]! += reals.values[image * size + k]!;
  });
  means.forEach((mean, label) =>
    mean.forEach((sum, k) => (mean[k] = counts[label] === 0 ? Infinity : sum / counts[label]!)),
  );
  const sharesOf = (set: ImageSet): Float64Array => {
    const shares = new Float64Array(classes);
    for (let image = 0; image < set.count; image++) shares[nearest(means, set.values, image * size)]! += 1 / set.count;
    return shares;
  };
  return { shares: sharesOf(reals), sharesOf };
}

function nearest(means: readonly Float64Array[], values: ImageSet['values'], from: number): number {
  let [best, least] = [0, Infinity];
  means.forEach((mean, label) => {
    let distance = 0;
    for (let k = 0; k < mean.length && distance < least; k++) distance += (mean[k]! - values[from + k]!) ** 2;
    if (distance < least) [best, least] = [label, distance];
  });
  return best;
}

/** Kullback-Leibler divergence KL(p || q) in nats. A class that q hardly has counts as one in a thousand. */
export function divergence(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, share, at) => (share > 0 ? sum + share * Math.log(share / Math.max(q[at]!, 0.001)) : sum), 0);
}

/** Sum of the absolute differences: 0 for equal shares, 2 for disjoint ones. */
export function distance(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, share, at) => sum + Math.abs(share - q[at]!), 0);
}
