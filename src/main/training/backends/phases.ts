// How a convolution's gradient with respect to its input is itself made of convolutions: the rows (or columns) of the
// input whose place is the same modulo the stride, a phase, are a convolution of stride 1 over dy with every stride-th
// row of the filter.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';

export type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];

export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Pad;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export function convolutionInfo(
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

/** How the rows (or columns) of the input of a convolution get their gradient from those of dy, phase by phase. */
export interface Phases {
  readonly stride: number;
  /** Rows before the input that are computed too, so that all phases need the same taps. */
  readonly skip: number;
  /** Rows of a phase. */
  readonly length: number;
  /** Row stride j + phase - skip of the input is the sum, over `offset` from `first` to `last`, of dy[j + offset] f[tap]. */
  readonly first: number;
  readonly last: number;
  tap(phase: number, offset: number): number;
}

/** With `skip` rows: row y = stride j + phase - skip gets dy[j + offset] f[y + before - stride (j + offset)]. */
function phasesOf(size: number, kernel: number, stride: number, before: number, skip: number): Phases {
  return {
    stride,
    skip,
    length: Math.ceil((size + skip) / stride),
    // Padding as wide as the filter leaves rows that nothing reaches.
    first: Math.min(0, Math.ceil((before - skip - kernel + 1) / stride)),
    last: Math.floor((stride - 1 - skip + before) / stride),
    tap: (phase, offset) => phase - skip + before - stride * offset,
  };
}

/** Skipping rows costs rows and may save taps. */
function cheapestPhases(size: number, kernel: number, stride: number, before: number): Phases {
  const work = ({ length, first, last }: Phases): number => length * (last - first + 1);
  const [none, some] = [0, before % stride].map((skip) => phasesOf(size, kernel, stride, before, skip));
  return work(none!) <= work(some!) ? none! : some!;
}

/** Of rows and of columns, and how many zeros dy needs before and after each. */
export interface BothPhases {
  readonly rows: Phases;
  readonly columns: Phases;
  readonly above: [number, number];
  readonly beside: [number, number];
}

export function phasesOfInput(info: TF.backend_util.Conv2DInfo): BothPhases {
  const rows = cheapestPhases(info.inHeight, info.filterHeight, info.strideHeight, info.padInfo.top);
  const columns = cheapestPhases(info.inWidth, info.filterWidth, info.strideWidth, info.padInfo.left);
  const around = ({ first, last, length }: Phases, size: number): [number, number] => [
    -first,
    Math.max(0, length + last - size),
  ];
  return { rows, columns, above: around(rows, info.outHeight), beside: around(columns, info.outWidth) };
}

export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
