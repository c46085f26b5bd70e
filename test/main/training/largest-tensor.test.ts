// The limit of one tensor, against layers whose sizes are worked out by hand.

import { describe, expect, it } from 'vitest';
import { refuseTooLarge } from '../../../src/main/training/largest-tensor.ts';
import type { NetworkSummary } from '../../../src/shared/run.ts';

const layer = (name: string, output: readonly number[], parameters: number) => ({
  ...{ name, output, parameters, multiplyAdds: 0 },
});
const networks: readonly NetworkSummary[] = [
  {
    name: 'generator',
    trainable: 40_000_000,
    layers: [layer('dense', [1024], 40_000_000), layer('up', [64, 64, 128], 1000)],
  },
];
const card = (megabytes: number) => ({ device: 'Card', largestTensorBytes: megabytes * 2 ** 20 });

describe('refuseTooLarge', () => {
  // 64 x 64 x 128 numbers of 4 bytes are 2 MB an image; 40,000,000 are 153 MB.
  it('lets pass what fits exactly, and everything where there is no limit', () => {
    expect(() => refuseTooLarge(card(256), networks, 128)).not.toThrow();
    expect(() => refuseTooLarge({ device: 'processor' }, networks, 1e6)).not.toThrow();
  });

  it('names layer, shape, both sizes and the batch that fits', () => {
    expect(() => refuseTooLarge(card(256), networks, 129)).toThrow(
      'Layer up of the generator makes a tensor of 129 x 64 x 64 x 128 numbers, 258 MB; Card holds at most 256 MB in one. A batch of 128 fits.',
    );
  });

  it('says so when not even one image fits, or the weights do not', () => {
    const wide: NetworkSummary = { name: 'discriminator', trainable: 0, layers: [layer('image', [512, 512, 1024], 0)] };
    expect(() => refuseTooLarge(card(256), [wide], 1)).toThrow('Choose smaller images or fewer filters.');
    expect(() => refuseTooLarge(card(128), networks, 1)).toThrow(
      'Layer dense of the generator has 153 MB of weights; Card holds at most 128 MB in one tensor. Choose fewer filters or units.',
    );
  });
});
