import { describe, expect, it } from 'vitest';
import type { OpenDataSet } from '../../../src/main/datasets/dataset.ts';
import { createBatches, pixelMeans } from '../../../src/main/training/batches.ts';
import { createRandom } from '../../../src/main/training/random.ts';

/** Image k is one pixel of value k, of class k mod 10. */
const data: OpenDataSet = {
  count: 23,
  height: 1,
  width: 1,
  channels: 1,
  labels: Uint8Array.from({ length: 23 }, (_, at) => at % 10),
  read: (indices) => Uint8Array.from(indices),
  close: () => {},
};

describe('batches', () => {
  it('show every image at most once an epoch, in another order each time', () => {
    const batches = createBatches(data, 5, '0..1', createRandom(1));
    const epochs = [1, 2, 3].map(() => Array.from({ length: 4 }, () => [...batches.next().pixels]).flat());
    for (const epoch of epochs) expect(new Set(epoch).size).toBe(20);
    expect(epochs[0]).not.toEqual(epochs[1]);
    // What was left over has its turn later.
    expect(new Set(epochs.flat()).size).toBe(23);
  });

  it('go on from a position as if nothing had been in between', () => {
    const random = createRandom(1);
    const batches = createBatches(data, 5, '0..1', random);
    for (let k = 0; k < 6; k++) batches.next();
    const [position, state] = [batches.position(), random.state()];
    const expected = Array.from({ length: 7 }, () => [...batches.next().pixels]);
    const again = createRandom(99);
    const others = createBatches(data, 5, '0..1', again);
    others.next();
    others.restore(position);
    again.restore(state);
    expect(Array.from({ length: 7 }, () => [...others.next().pixels])).toEqual(expected);
    expect(() => others.restore({ order: new Uint32Array(22), at: 0 })).toThrow(/has 23 images.*made with 22/);
  });

  it('carry the classes and the scaled values of their images', () => {
    const batch = createBatches(data, 5, '0..1', createRandom(1)).next();
    expect([...batch.labels]).toEqual([...batch.pixels].map((pixel) => pixel % 10));
    expect([...batch.images]).toEqual([...batch.pixels].map((pixel) => Math.fround(pixel / 255)));
  });

  it('are the same for the same seed and others for another', () => {
    const first = (seed: number) => [...createBatches(data, 20, '-1..1', createRandom(seed)).next().pixels];
    expect(first(4)).toEqual(first(4));
    expect(first(4)).not.toEqual(first(5));
  });

  it('larger than the data are refused', () => {
    expect(() => createBatches(data, 24, '0..1', createRandom(1))).toThrow(
      'batchSize: expected at most the 23 images of the data set, found 24',
    );
  });

  it('the mean of each pixel is taken over all images', () => {
    expect(pixelMeans(data)[0]).toBeCloseTo(11 / 255, 6);
  });
});
