// Reads everything a step reports from the device at once: that read is the wait for the step, and the only one.

import type * as TF from '@tensorflow/tfjs-core';
import { sumOfAll } from './finite.ts';
import type { Prepared } from './prepare.ts';
import type { StepReport } from './recipes/recipe.ts';

export interface Reading {
  /** By tag, in the order of the report. */
  readonly values: ReadonlyMap<string, number>;
  /** Of all weights; not finite when one of them is not. */
  readonly weightSum: number;
  /** Every value of what the report has for histograms; empty when they were not asked for. */
  readonly distributions: ReadonlyMap<string, Float32Array>;
}

/** Disposes the report. */
export async function readReport(
  { tf, model }: Prepared,
  { scalars, histograms = {} }: StepReport,
  withHistograms: boolean,
): Promise<Reading> {
  const wide: [string, TF.Tensor][] = withHistograms ? Object.entries(histograms) : [];
  const tags = Object.keys(scalars);
  const all = tf.tidy(() => {
    const stacked = tf.stack([...Object.values(scalars), sumOfAll(tf, model.variables)]) as TF.Tensor1D;
    if (wide.length === 0) return stacked;
    return tf.concat([stacked, ...wide.map(([, tensor]) => tf.cast(tf.reshape(tensor, [tensor.size]), 'float32'))]);
  });
  const sizes = wide.map(([tag, { size }]) => [tag, size] as const);
  tf.dispose([...Object.values(scalars), ...Object.values(histograms)]);
  // This read is the wait for the device: everything before only queues work.
  const numbers = (await all.data()) as Float32Array;
  all.dispose();
  let at = tags.length + 1;
  const distributions = new Map(sizes.map(([tag, size]) => [tag, numbers.subarray(at, (at += size))]));
  return { ...readingOf(tags, numbers), distributions };
}

/** `numbers`: the scalars in the order of their tags, then the sum of all weights. */
export function readingOf(tags: readonly string[], numbers: Float32Array): Reading {
  return {
    values: new Map(tags.map((tag, index) => [tag, numbers[index]!])),
    weightSum: numbers[tags.length]!,
    distributions: new Map(),
  };
}
