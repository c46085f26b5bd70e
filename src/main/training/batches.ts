// Batches of real images in an order drawn from the run's generator: every image once an epoch, then a new order.

import { UserError } from '../../shared/contract.ts';
import type { OpenDataSet } from '../datasets/dataset.ts';
import { floatsFromPixels } from './grid.ts';
import type { ImageRange, RandomSource } from './recipes/recipe.ts';

export interface Batch {
  /** [batchSize, height, width, channels]; a fresh array, never written again. */
  readonly images: Float32Array;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Where the walk through the data stands. */
export interface BatchPosition {
  /** Index of every image, in the order of this epoch. */
  readonly order: Uint32Array;
  /** Images of this epoch that have been taken. */
  readonly at: number;
}

export interface Batches {
  next(): Batch;
  position(): BatchPosition;
  /** Throws UserError when the position is one in a data set of another size. */
  restore(position: BatchPosition): void;
}

/** Images left over at the end of an epoch wait for a later one, so that every batch has the same size. Throws UserError when there are too few. */
export function createBatches(data: OpenDataSet, batchSize: number, range: ImageRange, random: RandomSource): Batches {
  if (data.count < batchSize) {
    throw new UserError(`batchSize: expected at most the ${data.count} images of the data set, found ${batchSize}`);
  }
  const order = Uint32Array.from({ length: data.count }, (_, index) => index);
  let at = data.count;
  return {
    position: () => ({ order: order.slice(), at }),
    restore(position) {
      if (position.order.length !== data.count) {
        throw new UserError(
          `the data set has ${data.count} images, but the checkpoint was made with ${position.order.length}: fetch or import the same data again`,
        );
      }
      order.set(position.order);
      at = position.at;
    },
    next() {
      if (at + batchSize > data.count) {
        shuffle(order, random);
        at = 0;
      }
      const indices = order.subarray(at, at + batchSize);
      at += batchSize;
      const pixels = data.read(indices);
      const labels = Uint8Array.from(indices, (index) => data.labels[index] ?? 0);
      return { images: floatsFromPixels(pixels, range), pixels, labels };
    },
  };
}

/** Fisher-Yates. */
function shuffle(order: Uint32Array, random: RandomSource): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
}

/** Mean of each pixel over all images, 0 to 1. */
export function pixelMeans(data: OpenDataSet): Float32Array {
  const length = data.height * data.width * data.channels;
  const sums = new Float64Array(length);
  const piece = 1000;
  for (let start = 0; start < data.count; start += piece) {
    const count = Math.min(piece, data.count - start);
    const pixels = data.read(Uint32Array.from({ length: count }, (_, index) => start + index));
    for (let at = 0; at < pixels.length; at++) sums[at % length]! += pixels[at]!;
  }
  return Float32Array.from(sums, (sum) => sum / data.count / 255);
}
