// First values of weights, drawn from the run's generator.

import type { RandomSource } from '../recipes/recipe.ts';
import type { Initializer } from './layers.ts';

/**
 * `count` values. `fanIn` and `fanOut` are the inputs and outputs of one unit (times the kernel's area for
 * convolutions), used by `fan-in` (LeCun et al. 1998) and `glorot` (Glorot and Bengio 2010).
 */
export function initialize(
  how: Initializer,
  count: number,
  fanIn: number,
  fanOut: number,
  random: RandomSource,
): Float32Array {
  switch (how.kind) {
    case 'zeros':
      return new Float32Array(count);
    case 'normal':
      return random.normal(count, 0, how.deviation);
    case 'truncated-normal':
      return truncatedNormal(count, how.deviation, random);
    case 'uniform':
      return random.uniform(count, -how.range, how.range);
    case 'fan-in':
      return random.normal(count, 0, 1 / Math.sqrt(fanIn));
    case 'glorot': {
      const range = Math.sqrt(6 / (fanIn + fanOut));
      return random.uniform(count, -range, range);
    }
    case 'values':
      if (how.values.length !== count) throw new RangeError(`expected ${count} values, found ${how.values.length}`);
      return how.values.slice();
  }
}

/** Values beyond two deviations are drawn again, as TensorFlow does; the deviation of the result is 0.88 of the given one (H13). */
function truncatedNormal(count: number, deviation: number, random: RandomSource): Float32Array {
  const values = random.normal(count, 0, deviation);
  for (let at = 0; at < count; at++) {
    while (Math.abs(values[at]!) > 2 * deviation) values[at] = random.normal(1, 0, deviation)[0]!;
  }
  return values;
}
