// The gradient of mirror padding. tfjs-core cuts out the middle of dy and forgets what the borders mirror (hazard H1).

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';

/** Whether the edge itself is left out of its mirror image or stands in it. */
export type MirrorMode = 'reflect' | 'symmetric';

/** dy has the shape of the padded tensor, the result `shape`; `paddings` is [before, after] for each axis. */
export function mirrorPadGradient(
  tf: TensorFlow,
  dy: TF.Tensor,
  shape: readonly number[],
  paddings: readonly (readonly [number, number])[],
  mode: MirrorMode,
): TF.Tensor {
  return paddings.reduce<TF.Tensor>((folded, [before, after], axis) => {
    if (before === 0 && after === 0) return folded;
    return foldBack(tf, folded, axis, shape[axis]!, [before, after], mode === 'reflect' ? 1 : 0);
  }, dy);
}

/** Adds to the middle of one axis, reversed, what its two borders mirror; `offset` 1 leaves out the edge itself. */
function foldBack(
  tf: TensorFlow,
  dy: TF.Tensor,
  axis: number,
  size: number,
  [before, after]: readonly [number, number],
  offset: 0 | 1,
): TF.Tensor {
  const cut = (begin: number, length: number): TF.Tensor => {
    const begins = dy.shape.map((_, at) => (at === axis ? begin : 0));
    return tf.slice(
      dy,
      begins,
      dy.shape.map((full, at) => (at === axis ? length : full)),
    );
  };
  const mirrored = (begin: number, length: number, into: number): TF.Tensor => {
    const around = dy.shape.map((_, at): [number, number] => (at === axis ? [into, size - into - length] : [0, 0]));
    return tf.pad(tf.reverse(cut(begin, length), axis), around);
  };
  const parts = [cut(before, size)];
  if (before > 0) parts.push(mirrored(0, before, offset));
  if (after > 0) parts.push(mirrored(before + size, after, size - offset - after));
  return tf.addN(parts);
}
