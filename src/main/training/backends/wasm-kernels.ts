// Kernels for the wasm backend composed of its own fast ones. Measured on one step of the 28x28 DCGAN, batch 64:
// 5.9 s with the package's kernels, 1.4 s with these. A composed kernel that wraps an input must add a reference to
// it first: the wrapper's disposal takes one away, and would free the caller's memory.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Pad;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

let registered = false;

/** Once a process, before the backend is made the current one. */
export function registerWasmKernels(tf: TensorFlow): void {
  if (registered) return;
  registered = true;
  // Their answers are wrong (negative windows; all 3-D gradients): an error is better.
  for (const name of ['MaxPoolGrad', 'Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2']) {
    if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  }
  correctSamePadding(tf);
  registerFilterGradient(tf);
  replaceInputGradient(tf);
  replaceMatMul(tf);
}

/** A tensor over a kernel's input, to be disposed by the tidy around it. */
function wrap<Rank extends TF.Tensor>(tf: TensorFlow, info: TF.TensorInfo | undefined): Rank {
  if (info === undefined) throw new Error('a kernel was called without one of its inputs');
  tf.backend().incRef(info.dataId);
  return tf.engine().makeTensorFromTensorInfo(info) as Rank;
}

function convolutionInfo(
  tf: TensorFlow,
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
): TF.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    'channelsLast',
  );
}

/** With 'same' and a filter smaller than the stride the package's convolution gives zeros; told the padding as numbers it is right. */
function correctSamePadding(tf: TensorFlow): void {
  for (const name of [tf.Conv2D, tf.FusedConv2D]) {
    replaceKernel(tf, name, (params, original) => {
      const attributes = params.attrs as unknown as ConvolutionAttributes;
      const { x, filter } = params.inputs;
      if (attributes.pad !== 'same' || !x || !filter) return original(params);
      const info = convolutionInfo(tf, x.shape, filter.shape, attributes);
      if (info.filterHeight >= info.strideHeight && info.filterWidth >= info.strideWidth) return original(params);
      const { top, bottom, left, right } = info.padInfo;
      const pad: Pad = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      return original({ ...params, attrs: { ...params.attrs, pad } as TF.NamedAttrMap });
    });
  }
}

/** The package has no gradient with respect to the filter at all. */
function registerFilterGradient(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const attributes = attrs as unknown as ConvolutionAttributes & { filterShape: number[] };
      return tf.tidy(() =>
        filterGradient(tf, wrap<TF.Tensor4D>(tf, inputs['x']), wrap<TF.Tensor4D>(tf, inputs['dy']), attributes),
      );
    },
  });
}

/**
 * df[a, b, i, o] = sum over n, y, x of X[n, y*s + a, x*s + b, i] dy[n, y, x, o]: a convolution of the images with dy
 * as its filter, dilated by the stride, in which the batch is the channel axis and the input channels are the batch.
 */
function filterGradient(
  tf: TensorFlow,
  x: TF.Tensor4D,
  dy: TF.Tensor4D,
  attributes: ConvolutionAttributes & { filterShape: number[] },
): TF.Tensor4D {
  const info = convolutionInfo(tf, x.shape, attributes.filterShape, attributes);
  const { top, bottom, left, right } = info.padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const images = tf.transpose(padded, [3, 1, 2, 0]);
  const filter = tf.transpose(dy, [1, 2, 0, 3]);
  const all = tf.conv2d(images, filter, 1, 'valid', 'NHWC', [info.strideHeight, info.strideWidth]);
  // Rows and columns of the input that no step of the stride reaches give some too many.
  const size: [number, number, number, number] = [
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outChannels,
  ];
  return tf.transpose(tf.slice(all, [0, 0, 0, 0], size), [1, 2, 0, 3]);
}

/** Also the forward pass of conv2dTranspose. The package's own is slow in the way of its transposed products. */
function replaceInputGradient(tf: TensorFlow): void {
  replaceKernel(tf, tf.Conv2DBackpropInput, (params, original) => {
    const attributes = params.attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    const filterShape = params.inputs['filter']?.shape ?? [];
    const info = convolutionInfo(tf, attributes.inputShape, filterShape, attributes);
    if (info.strideHeight !== info.strideWidth) return original(params);
    return tf.tidy(() =>
      inputGradient(
        tf,
        wrap<TF.Tensor4D>(tf, params.inputs['dy']),
        wrap<TF.Tensor4D>(tf, params.inputs['filter']),
        info,
      ),
    );
  });
}

/**
 * Sub-pixel form. Row y = s*q + p of the padded input gets the sum over m of dy[q - m] f[p + s*m]; so for each of the
 * s phases p it is a convolution of stride 1 with every s-th row of the filter, reversed. All s*s phases are computed
 * as channels of one convolution and then interleaved.
 */
function inputGradient(
  tf: TensorFlow,
  dy: TF.Tensor4D,
  filter: TF.Tensor4D,
  info: TF.backend_util.Conv2DInfo,
): TF.Tensor4D {
  const { strideHeight: stride, filterHeight, filterWidth, inChannels, outChannels, outHeight, outWidth } = info;
  const { top, left } = info.padInfo;
  const tapRows = Math.ceil(filterHeight / stride);
  const tapColumns = Math.ceil(filterWidth / stride);
  const missing = (taps: number, size: number): [number, number] => [0, taps * stride - size];
  const whole = tf.pad(filter, [missing(tapRows, filterHeight), missing(tapColumns, filterWidth), [0, 0], [0, 0]]);
  const taps = tf.reverse(tf.reshape(whole, [tapRows, stride, tapColumns, stride, inChannels, outChannels]), [0, 2]);
  const phases = tf.reshape<TF.Rank.R4>(tf.transpose(taps, [0, 2, 5, 1, 3, 4]), [
    tapRows,
    tapColumns,
    outChannels,
    stride * stride * inChannels,
  ]);
  // Rows and columns of q needed to reach the end of the input.
  const below = Math.max(0, Math.ceil((info.inHeight + top) / stride) - outHeight);
  const beside = Math.max(0, Math.ceil((info.inWidth + left) / stride) - outWidth);
  const spread = tf.pad(dy, [
    [0, 0],
    [tapRows - 1, below],
    [tapColumns - 1, beside],
    [0, 0],
  ]);
  const channels = tf.conv2d(spread, phases, 1, 'valid');
  const padded = stride > 1 ? tf.depthToSpace(channels, stride) : channels;
  return tf.slice(padded, [0, top, left, 0], [info.batchSize, info.inHeight, info.inWidth, inChannels]);
}

/** The package's product is fast only when neither operand is transposed, and every dense gradient transposes one. */
function replaceMatMul(tf: TensorFlow): void {
  const transposeLast = (info: TF.TensorInfo | undefined): TF.Tensor => {
    const tensor = wrap(tf, info);
    const axes = tensor.shape.map((_size, axis) => axis);
    axes.push(...axes.splice(-2).reverse());
    return tf.transpose(tensor, axes);
  };
  replaceKernel(tf, tf.BatchMatMul, (params, original) => {
    const { transposeA, transposeB } = params.attrs as { transposeA?: boolean; transposeB?: boolean };
    if (!transposeA && !transposeB) return original(params);
    const { a, b } = params.inputs;
    return tf.tidy(() =>
      tf.matMul(transposeA ? transposeLast(a) : wrap(tf, a), transposeB ? transposeLast(b) : wrap(tf, b)),
    );
  });
}

type Params = Parameters<TF.KernelFunc>[0];

/** Keeps the setup of the package's kernel, which fetches its function from the wasm module. */
function replaceKernel(
  tf: TensorFlow,
  name: string,
  kernel: (params: Params, original: TF.KernelFunc) => TF.TensorInfo | TF.TensorInfo[],
): void {
  const config = tf.getKernel(name, 'wasm');
  if (!config) throw new Error(`the wasm package has no kernel ${name}`);
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({ ...config, kernelFunc: (params) => kernel(params, config.kernelFunc) });
}
