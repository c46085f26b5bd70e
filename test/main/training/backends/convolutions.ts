// Convolutions of any size, stride and padding, for the tests of kernels that a backend has of its own.

import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { Case } from './operations.ts';

export type Small = Pick<Case, 'shapes' | 'run'>;

interface Layer {
  readonly size: number;
  readonly stride: number;
  readonly pad: 'same' | 'valid';
}

/** Two images of 3 channels, or of as many as said, to 4. */
export function convolution({
  size,
  stride,
  pad,
  height,
  width,
  channels = 3,
}: Layer & { readonly height: number; readonly width: number; readonly channels?: number }): Small {
  return {
    shapes: [
      [2, height, width, channels],
      [size, size, channels, 4],
    ],
    run: (core, x, w) => core.conv2d(x as Tensor4D, w as Tensor4D, stride, pad),
  };
}

/** Two images of 4 x 4 and 3 channels to 2, or to as many as said. */
export function transposed({ size, stride, pad, channels = 2 }: Layer & { readonly channels?: number }): Small {
  const out = pad === 'same' ? 4 * stride : 3 * stride + size;
  return {
    shapes: [
      [2, 4, 4, 3],
      [size, size, channels, 3],
    ],
    run: (core, x, w) => core.conv2dTranspose(x as Tensor4D, w as Tensor4D, [2, out, out, channels], stride, pad),
  };
}
