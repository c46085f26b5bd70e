// Kernels for the wasm backend composed of its own fast ones. Measured on one step of the 28x28 DCGAN, batch 64:
// 5.9 s with the package's kernels, a quarter of that with these.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { replaceKernel, wrap } from './composing.ts';
import { correctSamePadding, registerFilterGradient, replaceInputGradient } from './wasm-convolution.ts';

let registered = false;

/** Once a process, before the backend is made the current one. */
export function registerWasmKernels(tf: TensorFlow): void {
  if (registered) return;
  registered = true;
  // Their answers are wrong: an error is better.
  for (const name of ['Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2']) {
    if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  }
  correctSamePadding(tf);
  registerFilterGradient(tf);
  replaceInputGradient(tf);
  replaceMatMul(tf);
  correctOneHot(tf);
  replaceMaxPoolGradient(tf);
  registerSegmentSum(tf);
}

/**
 * The package's product is fast only when neither operand is transposed, and every dense gradient transposes one. Where
 * b is the larger one, a b' is the transpose of b a': then b stays as it is.
 */
function replaceMatMul(tf: TensorFlow): void {
  const transposeLast = (tensor: TF.Tensor): TF.Tensor => {
    const axes = tensor.shape.map((_size, axis) => axis);
    axes.push(...axes.splice(-2).reverse());
    return tf.transpose(tensor, axes);
  };
  replaceKernel(tf, 'wasm', tf.BatchMatMul, (params, original) => {
    const { transposeA, transposeB } = params.attrs as { transposeA?: boolean; transposeB?: boolean };
    if (!transposeA && !transposeB) return original(params);
    return tf.tidy(() => {
      const [a, b] = [wrap(tf, params.inputs['a']), wrap(tf, params.inputs['b'])];
      const results = (a.size / a.shape.at(transposeA ? -2 : -1)!) * (b.shape.at(-2) ?? 1);
      if (transposeB && !transposeA && a.size + results < b.size) return transposeLast(tf.matMul(b, transposeLast(a)));
      return tf.matMul(transposeA ? transposeLast(a) : a, transposeB ? transposeLast(b) : b);
    });
  });
}

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The package's is wrong where all values of a window are negative. */
function replaceMaxPoolGradient(tf: TensorFlow): void {
  replaceKernel(tf, 'wasm', tf.MaxPoolGrad, ({ inputs, attrs }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
    const shape = inputs['input']!.shape as [number, number, number, number];
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return tf.tidy(() => maxPoolGradient(tf, wrap(tf, inputs['dy']), wrap(tf, inputs['input']), info));
  });
}

/** Below every number that training makes, and small enough that zero times it is zero. */
const LOWEST = -3e38;

/**
 * Channels become images. A convolution with one filter for each place of the window, 1 there and 0 elsewhere, lays the
 * windows out; the first of each window's greatest values gets dy, and the same convolution's gradient puts it back.
 */
function maxPoolGradient(
  tf: TensorFlow,
  dy: TF.Tensor4D,
  x: TF.Tensor4D,
  info: TF.backend_util.Conv2DInfo,
): TF.Tensor4D {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { top, bottom, left, right } = info.padInfo;
  const places = filterHeight * filterWidth;
  const strides: [number, number] = [info.strideHeight, info.strideWidth];
  const apart = (images: TF.Tensor4D, height: number, width: number): TF.Tensor4D =>
    tf.reshape(tf.transpose(images, [0, 3, 1, 2]), [batchSize * inChannels, height, width, 1]);
  const padded = tf.pad(apart(x, inHeight, inWidth), [[0, 0], [top, bottom], [left, right], [0, 0]], LOWEST); // prettier-ignore
  const filter = tf.reshape<TF.Rank.R4>(tf.eye(places), [filterHeight, filterWidth, 1, places]);
  const first = tf.oneHot(tf.argMax(tf.conv2d(padded, filter, strides, 'valid'), 3), places, 1, 0, 'float32');
  const shares = tf.mul(first, apart(dy, outHeight, outWidth));
  const back = tf.conv2dTranspose(shares as TF.Tensor4D, filter, padded.shape, strides, 'valid');
  const inner = tf.slice(back, [0, top, left, 0], [batchSize * inChannels, inHeight, inWidth, 1]);
  return tf.transpose(tf.reshape(inner, [batchSize, inChannels, inHeight, inWidth]), [0, 2, 3, 1]);
}

/** The gradient of `gather`, which the package lacks: rows are added up by a product with a matrix of zeros and ones. */
function registerSegmentSum(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: tf.UnsortedSegmentSum,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const { numSegments } = attrs as unknown as { numSegments: number };
        const x = wrap(tf, inputs['x']);
        const segments = tf.oneHot(wrap<TF.Tensor1D>(tf, inputs['segmentIds']), numSegments, 1, 0, 'float32');
        const rows = tf.reshape<TF.Rank.R2>(x, [x.shape[0]!, -1]);
        return tf.reshape(tf.matMul(segments as TF.Tensor2D, rows, true), [numSegments, ...x.shape.slice(1)]);
      }),
  });
}

interface OneHotAttributes {
  readonly dtype: TF.DataType;
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
}

/** Asked for floats, the package's gives the bits of integers. */
function correctOneHot(tf: TensorFlow): void {
  replaceKernel(tf, 'wasm', tf.OneHot, (params, original) => {
    const { dtype, depth, onValue, offValue } = params.attrs as unknown as OneHotAttributes;
    if (dtype !== 'float32') return original(params);
    return tf.tidy(() => {
      const ones = tf.cast(tf.oneHot(wrap(tf, params.inputs['indices']), depth), 'float32');
      return onValue === 1 && offValue === 0 ? ones : tf.add(tf.mul(ones, onValue - offValue), offValue);
    });
  });
}
