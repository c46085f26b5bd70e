// Convolutions of the wasm backend: the gradients that its package lacks or computes slowly, composed of its forward
// convolution, which is fast.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { replaceKernel, wrap } from './composing.ts';
import { convolutionInfo, phasesOfInput, range, type ConvolutionAttributes, type Pad, type Phases } from './phases.ts';

/** With 'same' and a filter smaller than the stride the package's convolution gives zeros; told the padding as numbers it is right. */
export function correctSamePadding(tf: TensorFlow): void {
  for (const name of [tf.Conv2D, tf.FusedConv2D]) {
    replaceKernel(tf, 'wasm', name, (params, original) => {
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
export function registerFilterGradient(tf: TensorFlow): void {
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
export function replaceInputGradient(tf: TensorFlow): void {
  replaceKernel(tf, 'wasm', tf.Conv2DBackpropInput, (params) => {
    const attributes = params.attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    const { dy, filter } = params.inputs;
    const info = convolutionInfo(tf, attributes.inputShape, filter?.shape ?? [], attributes);
    return tf.tidy(() => inputGradient(tf, wrap<TF.Tensor4D>(tf, dy), wrap<TF.Tensor4D>(tf, filter), info));
  });
}

/**
 * Sub-pixel form: the rows of the input whose place is the same modulo the stride are a convolution of stride 1 over dy,
 * with every stride-th row of the filter. One convolution for each phase of rows computes all phases of columns as
 * channels, which then stand where they belong; the rows of the phases are put one after the other.
 */
function inputGradient(
  tf: TensorFlow,
  dy: TF.Tensor4D,
  filter: TF.Tensor4D,
  info: TF.backend_util.Conv2DInfo,
): TF.Tensor4D {
  const { batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth } = info;
  const { rows, columns, above, beside } = phasesOfInput(info);
  const padded = tf.pad(dy, [[0, 0], above, beside, [0, 0]]);
  const blocks = tf.concat([
    tf.reshape(filter, [filterHeight * filterWidth, inChannels * info.outChannels]),
    tf.zeros([1, inChannels * info.outChannels]),
  ]) as TF.Tensor2D;
  const lines = Array.from({ length: rows.stride }, (_, phase) => {
    const line = phaseOfRows(tf, padded, blocks, { info, rows, columns, phase });
    return tf.reshape(line, [batchSize, rows.length, 1, columns.length * columns.stride * inChannels]);
  });
  const whole = tf.reshape<TF.Rank.R4>(lines.length > 1 ? tf.concat(lines, 2) : lines[0]!, [
    ...[batchSize, rows.length * rows.stride],
    ...[columns.length * columns.stride, inChannels],
  ] as [number, number, number, number]);
  return tf.slice(whole, [0, rows.skip, columns.skip, 0], [batchSize, inHeight, inWidth, inChannels]);
}

interface PhaseOfRows {
  readonly info: TF.backend_util.Conv2DInfo;
  readonly rows: Phases;
  readonly columns: Phases;
  readonly phase: number;
}

/** `blocks` are the filter's taps and, at the end, zeros for those that it does not have. */
function phaseOfRows(
  tf: TensorFlow,
  dy: TF.Tensor4D,
  blocks: TF.Tensor2D,
  { info, rows, columns, phase }: PhaseOfRows,
): TF.Tensor4D {
  const { batchSize, filterHeight, filterWidth, inChannels, outChannels } = info;
  const missing = filterHeight * filterWidth;
  const isThere = (offset: number): boolean => {
    const tap = rows.tap(phase, offset);
    return tap >= 0 && tap < filterHeight;
  };
  const offsets = range(rows.first, rows.last).filter(isThere);
  // A filter smaller than the stride has phases without a tap: one of zeros keeps the shape.
  const used = offsets.length > 0 ? offsets : [0];
  const taps = used.flatMap((row) =>
    range(columns.first, columns.last).flatMap((column) =>
      range(0, columns.stride - 1).map((of) => {
        const [y, x] = [rows.tap(phase, row), columns.tap(of, column)];
        return isThere(row) && x >= 0 && x < filterWidth ? y * filterWidth + x : missing;
      }),
    ),
  );
  const width = columns.last - columns.first + 1;
  const size = used.length * width;
  const chosen = tf.reshape(tf.gather(blocks, tf.tensor1d(taps, 'int32')), [
    ...[size, columns.stride * inChannels, outChannels],
  ]);
  const filter = tf.reshape<TF.Rank.R4>(tf.transpose(chosen, [0, 2, 1]), [
    ...[used.length, width, outChannels, columns.stride * inChannels],
  ] as [number, number, number, number]);
  const seen = tf.slice(
    dy,
    [0, used[0]! - rows.first, 0, 0],
    [batchSize, rows.length + used.length - 1, columns.length + width - 1, outChannels],
  );
  return tf.conv2d(seen, filter, 1, 'valid');
}
