// Are all numbers of a set of tensors finite? Asked of every weight at every step, so the device adds them up and only
// the sum is read; which tensor it was is looked for when there is something to find.

import type * as TF from '@tensorflow/tfjs-core';
import type { NamedVariable, TensorFlow } from './recipes/recipe.ts';

/** Sum over every value of every tensor; never finite when one of the values is not. For the caller to dispose. */
export function sumOfAll(tf: TensorFlow, variables: readonly NamedVariable[]): TF.Scalar {
  return tf.tidy(() => tf.addN(variables.map(({ variable }) => tf.sum(variable)))) as TF.Scalar;
}

export interface NonFinite {
  readonly name: string;
  readonly value: number;
}

/** Ends training: some number became NaN or infinite. */
export class NonFiniteError extends Error {
  readonly first: NonFinite;
  constructor(first: NonFinite) {
    super(`${first.name} became ${first.value}`);
    this.name = 'NonFiniteError';
    this.first = first;
  }
}

/** The first tensor, in their order, that holds NaN or an infinity; null when none does, though their sum overflowed. */
export async function findNonFinite(tf: TensorFlow, variables: readonly NamedVariable[]): Promise<NonFinite | null> {
  const sums = tf.tidy(() => tf.stack(variables.map(({ variable }) => tf.sum(variable))));
  const suspects = await sums.data();
  sums.dispose();
  for (const [at, { name, variable }] of variables.entries()) {
    if (Number.isFinite(suspects[at])) continue;
    const value = ((await variable.data()) as Float32Array).find((number) => !Number.isFinite(number));
    if (value !== undefined) return { name, value };
  }
  return null;
}

/** Least and greatest value; NaN when one is. */
export function extent(values: Float32Array): { readonly min: number; readonly max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
