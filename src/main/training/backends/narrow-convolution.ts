// The gradient of a convolution with respect to an input of few channels, which is also the layer that draws a
// generator's image. The library pads the channels to the 16 of its blocks and takes 3.3 ms for DCGAN-28's one grey
// channel; with the stride's phases as channels of one convolution it is a third of that.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { replaceKernel, wrap } from './composing.ts';
import { convolutionInfo, phasesOfInput, range, type BothPhases, type ConvolutionAttributes } from './phases.ts';

/** Channels of a block of the library's convolutions. */
const BLOCK = 16;

/** On a processor; what a graphics card's library does was not measured. */
export function replaceNarrowInputGradient(tf: TensorFlow): void {
  replaceKernel(tf, 'tensorflow', tf.Conv2DBackpropInput, (params, original) => {
    const attributes = params.attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    const { dy, filter } = params.inputs;
    const info = convolutionInfo(tf, attributes.inputShape, filter?.shape ?? [], attributes);
    const phases = info.strideHeight * info.strideWidth;
    if (phases === 1 || phases * info.inChannels > BLOCK) return original(params);
    return tf.tidy(() => inputGradient(tf, wrap<TF.Tensor4D>(tf, dy), wrap<TF.Tensor4D>(tf, filter), info));
  });
}

/** dy [n, outHeight, outWidth, outChannels], filter [height, width, inChannels, outChannels]; gives [n, inHeight, inWidth, inChannels]. */
function inputGradient(
  tf: TensorFlow,
  dy: TF.Tensor4D,
  filter: TF.Tensor4D,
  info: TF.backend_util.Conv2DInfo,
): TF.Tensor4D {
  const { batchSize, inHeight, inWidth, inChannels } = info;
  const both = phasesOfInput(info);
  const { rows, columns } = both;
  const phases = convolvePhases(tf, dy, phaseFilter(tf, filter, info, both), info, both);
  // [n, row, column, phase of rows, phase of columns, channel] to [n, row, phase of rows, column, phase of columns, channel].
  const apart = tf.reshape(phases, [
    ...[batchSize, rows.length, columns.length],
    ...[rows.stride, columns.stride * inChannels],
  ]);
  const whole = tf.reshape<TF.Rank.R4>(tf.transpose(apart, [0, 1, 3, 2, 4]), [
    ...[batchSize, rows.length * rows.stride],
    ...[columns.length * columns.stride, inChannels],
  ] as [number, number, number, number]);
  const isWhole = whole.shape[1] === inHeight && whole.shape[2] === inWidth;
  return isWhole ? whole : tf.slice(whole, [0, rows.skip, columns.skip, 0], [batchSize, inHeight, inWidth, inChannels]);
}

/** [taps of a phase of rows, of columns, outChannels, phases of rows x phases of columns x inChannels]. */
function phaseFilter(
  tf: TensorFlow,
  filter: TF.Tensor4D,
  info: TF.backend_util.Conv2DInfo,
  { rows, columns }: BothPhases,
): TF.Tensor4D {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const missing = filterHeight * filterWidth;
  const taps = range(rows.first, rows.last).flatMap((row) =>
    range(columns.first, columns.last).flatMap((column) =>
      range(0, rows.stride - 1).flatMap((ofRows) =>
        range(0, columns.stride - 1).map((ofColumns) => {
          const [y, x] = [rows.tap(ofRows, row), columns.tap(ofColumns, column)];
          return y >= 0 && y < filterHeight && x >= 0 && x < filterWidth ? y * filterWidth + x : missing;
        }),
      ),
    ),
  );
  const blocks = tf.concat([
    tf.reshape(filter, [missing, inChannels * outChannels]),
    tf.zeros([1, inChannels * outChannels]),
  ]);
  const [height, width] = [rows.last - rows.first + 1, columns.last - columns.first + 1];
  const channels = rows.stride * columns.stride * inChannels;
  const chosen = tf.reshape(tf.gather(blocks, tf.tensor1d(taps, 'int32')), [height * width, channels, outChannels]);
  return tf.reshape(tf.transpose(chosen, [0, 2, 1]), [height, width, outChannels, channels]);
}

function convolvePhases(
  tf: TensorFlow,
  dy: TF.Tensor4D,
  filter: TF.Tensor4D,
  info: TF.backend_util.Conv2DInfo,
  { rows, columns, above, beside }: BothPhases,
): TF.Tensor4D {
  // Padding that the convolution does itself copies nothing.
  const isSame = [above, beside].every(
    ([before, after], at) => before === after && 2 * before + 1 === filter.shape[at],
  );
  if (isSame) return tf.conv2d(dy, filter, 1, 'same');
  const padded = tf.pad(dy, [[0, 0], above, beside, [0, 0]]);
  const size: [number, number, number, number] = [
    info.batchSize,
    rows.length + rows.last - rows.first,
    columns.length + columns.last - columns.first,
    info.outChannels,
  ];
  return tf.conv2d(tf.slice(padded, [0, 0, 0, 0], size), filter, 1, 'valid');
}
