// Batches of real images in an order drawn from the run's generator: every image once an epoch, then a new order.

import { UserError } from '../../shared/contract.ts';
import type { OpenDataSet, Points } from '../datasets/dataset.ts';
import { floatsFromPixels } from './grid.ts';
import type { ImageRange, RandomSource } from './recipes/recipe.ts';

export interface Batch {
  /** [batchSize, height, width, channels]; a fresh array, never written again. Points are [batchSize, 1, dimensions, 1]. */
  readonly images: Float32Array;
  /** What `images` was made from; empty for points. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** As many images of the other domain, in an order of their own. */
  readonly second?: Float32Array;
  /** [batchSize, caption size]. */
  readonly captions?: Float32Array;
}

/** Where the walk through the data stands. */
export interface BatchPosition {
  /** Index of every image, in the order of this epoch. */
  readonly order: Uint32Array;
  /** Images of this epoch that have been taken. */
  readonly at: number;
  /** The walk through the other domain. */
  readonly second?: BatchPosition;
}

export interface Batches {
  next(): Batch;
  position(): BatchPosition;
  /** Throws UserError when the position is one in a data set of another size. */
  restore(position: BatchPosition): void;
}

/** Images left over at the end of an epoch wait for a later one, so that every batch has the same size. Throws UserError when there are too few. */
export function createBatches(data: OpenDataSet, batchSize: number, range: ImageRange, random: RandomSource): Batches {
  const { points, second, captions } = data;
  if (points) return drawBatches(points, batchSize, random);
  const walk = createWalk(data.count, batchSize, random);
  const secondWalk = second && createWalk(second.count, batchSize, random);
  return {
    position: () => ({ ...walk.position(), ...(secondWalk && { second: secondWalk.position() }) }),
    restore(position) {
      walk.restore(position);
      if (position.second) secondWalk?.restore(position.second);
    },
    next() {
      const indices = walk.next();
      const pixels = data.read(indices);
      const labels = Uint8Array.from(indices, (index) => data.labels[index] ?? 0);
      return {
        images: floatsFromPixels(pixels, range),
        pixels,
        labels,
        ...(second && secondWalk && { second: floatsFromPixels(second.read(secondWalk.next()), range) }),
        ...(captions && { captions: captions.read(indices) }),
      };
    },
  };
}

/** Every point is fresh; there is no order to keep. */
function drawBatches(points: Points, batchSize: number, random: RandomSource): Batches {
  const [pixels, labels] = [new Uint8Array(0), new Uint8Array(0)];
  return {
    next: () => ({ images: points.draw(batchSize, () => random.next()), pixels, labels }),
    position: () => ({ order: new Uint32Array(0), at: 0 }),
    restore() {},
  };
}

interface Walk {
  /** A view that the next call overwrites. */
  next(): Uint32Array;
  position(): BatchPosition;
  restore(position: BatchPosition): void;
}

function createWalk(count: number, batchSize: number, random: RandomSource): Walk {
  if (count < batchSize) {
    throw new UserError(`batchSize: expected at most the ${count} images of the data set, found ${batchSize}`);
  }
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let at = count;
  return {
    next() {
      if (at + batchSize > count) {
        shuffle(order, random);
        at = 0;
      }
      at += batchSize;
      return order.subarray(at - batchSize, at);
    },
    position: () => ({ order: order.slice(), at }),
    restore(position) {
      if (position.order.length !== count) {
        throw new UserError(
          `the data set has ${count} images, but the checkpoint was made with ${position.order.length}: fetch or import the same data again`,
        );
      }
      order.set(position.order);
      at = position.at;
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
