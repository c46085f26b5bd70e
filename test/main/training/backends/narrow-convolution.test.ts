// The gradient with respect to inputs of few channels against plain JavaScript, over sizes, strides and paddings.

import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';
import { convolution, transposed, type Small } from './convolutions.ts';
import { describeNative } from './native.ts';
import { distance, evaluate } from './operations.ts';

describeNative('native TensorFlow', () => {
  let tf: TensorFlow;
  beforeAll(async () => {
    await openBackend('cpu');
    ({ tf } = await openBackend('tensorflow'));
  });

  async function compare(test: Small): Promise<number> {
    await tf.setBackend('cpu');
    const reference = await evaluate(tf, test);
    await tf.setBackend('tensorflow');
    const found = await evaluate(tf, test);
    return distance([...found.output, ...found.gradients], [...reference.output, ...reference.gradients]);
  }

  for (const [stride, channels] of [
    [2, 1],
    [2, 3],
    [2, 4],
    [3, 1],
    [4, 1],
  ] as const) {
    for (const pad of ['same', 'valid'] as const) {
      it(`has the gradients of ${channels} channels for filters of 1 to 6, stride ${stride}, ${pad}`, async () => {
        for (const size of [1, 2, 3, 4, 5, 6]) {
          for (const [height, width] of [
            [8, 8],
            [7, 9],
          ] as const) {
            const test = convolution({ size, stride, pad, height, width, channels });
            expect(await compare(test), `filter ${size}, ${height} x ${width}`).toBeLessThan(2e-5);
          }
          expect(await compare(transposed({ size, stride, pad, channels })), `filter ${size}`).toBeLessThan(2e-5);
        }
      });
    }
  }

  it('has them with padding in numbers, on every side another, too', async () => {
    const layer = convolution({ size: 4, stride: 2, pad: 'same', height: 8, width: 9, channels: 3 });
    for (const around of [
      [1, 1, 1, 1],
      [2, 0, 1, 3],
    ] as const) {
      const [top, bottom, left, right] = around;
      const pad: [[0, 0], [number, number], [number, number], [0, 0]] = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const padded: Small = { ...layer, run: (core, x, w) => core.conv2d(x as Tensor4D, w as Tensor4D, 2, pad) };
      expect(await compare(padded), around.join()).toBeLessThan(2e-5);
    }
  });

  it.each([
    [1, 2, true],
    [4, 2, true],
    [5, 2, false],
    [3, 1, false],
  ])('draws %i channels at stride %i by an ordinary convolution: %s', async (channels, stride, isNarrow) => {
    await tf.setBackend('tensorflow');
    const { kernelNames } = await tf.profile(() =>
      tf.conv2dTranspose(
        tf.ones<Rank.R4>([1, 4, 4, 2]),
        tf.ones<Rank.R4>([5, 5, channels, 2]),
        [1, 4 * stride, 4 * stride, channels],
        stride,
        'same',
      ),
    );
    expect(kernelNames.includes('Conv2D')).toBe(isNarrow);
  });
});
