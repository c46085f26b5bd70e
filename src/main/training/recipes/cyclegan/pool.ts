// The pool of old fakes that CycleGAN's discriminators learn from (Shrivastava et al., arXiv 1612.07828). Until it is
// full it keeps every image and gives it back; then, for each image, it gives half of the time an old one and keeps the
// new one in its place, and otherwise gives the new one and keeps it not.

import type * as TF from '@tensorflow/tfjs-core';
import { feed } from '../../feeds.ts';
import type { NamedVariable, RandomSource, TensorFlow } from '../recipe.ts';
import type { Shape } from '../../networks/layers.ts';

export interface ImagePool {
  /** [capacity, height, width, channels], at least one image; a checkpoint needs it and `filled` to go on exactly. */
  readonly slot: NamedVariable;
  /** Images in it. */
  filled(): number;
  restore(filled: number): void;
  /** Takes images [n, ...], which stay the caller's, and gives as many; `old` of them, in this step, come out of the pool. */
  exchange(images: TF.Tensor): { readonly images: TF.Tensor; old(): number };
}

export function createPool(
  tf: TensorFlow,
  name: string,
  capacity: number,
  image: Shape,
  random: RandomSource,
): ImagePool {
  const variable = tf.tidy(() => tf.variable(tf.zeros([capacity, ...image]), false));
  let filled = 0;
  // The numbers travel as floats: a list of integers is part of what a step is, and every step would be another one.
  const rows = (of: TF.Tensor, count: number, numbers: () => number[]): TF.Tensor =>
    tf.gather(of, tf.cast(feed(tf, [count], numbers), 'int32'));

  return {
    slot: { name, variable, trainable: false },
    filled: () => filled,
    restore: (count) => void (filled = count),
    exchange(images) {
      const count = images.shape[0]!;
      let given: number[] = [];
      const exchanged = tf.tidy(() => {
        const all = tf.concat([variable, images]);
        const kept = rows(all, capacity, () => {
          const choice = choose(capacity, filled, count, random);
          filled = Math.min(capacity, filled + count);
          given = choice.given;
          return choice.kept;
        });
        variable.assign(kept);
        return rows(all, count, () => given);
      });
      return { images: exchanged, old: () => given.filter((row) => row < capacity).length };
    },
  };
}

/** Which images come back and which stay, as numbers of rows: those below the capacity are the pool's, the others new. */
interface Choice {
  readonly given: number[];
  readonly kept: number[];
}

function choose(capacity: number, filled: number, count: number, random: RandomSource): Choice {
  const kept = Array.from({ length: capacity }, (_, place) => place);
  const given = Array.from({ length: count }, (_, at) => {
    const image = capacity + at;
    if (filled + at < capacity) {
      kept[filled + at] = image;
      return image;
    }
    if (random.next() >= 0.5) return image;
    const place = random.below(capacity);
    const old = kept[place]!;
    kept[place] = image;
    return old;
  });
  return { given, kept };
}
