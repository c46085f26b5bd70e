// What native TensorFlow does faster than tfjs-core's operations put together: its own fused operations, registered
// as kernels under the names that gradients.ts and the networks ask for. Without a kernel of that name they put the
// operations together, as on every other backend; both give the same numbers but for rounding.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import type { CapturingAddon } from './captured-steps.ts';
import { replaceNarrowInputGradient } from './narrow-convolution.ts';
import type { Attribute } from './tensorflow-addon.ts';
import { registerInstanceNorm } from './tensorflow-instance-norm.ts';
import { takeShortcuts } from './tensorflow-shortcuts.ts';

interface TensorData {
  id: number;
  readonly refCount: number;
}

/** The part of TensorFlow.js's native backend that runs an operation by its name in TensorFlow. */
export interface NativeBackend {
  readonly binding: CapturingAddon;
  readonly tensorMap: { get(dataId: object): TensorData };
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: TF.TensorInfo[], outputs: number): TF.Tensor[];
  executeSingleOutput(name: string, attributes: Attribute[], inputs: TF.TensorInfo[]): TF.Tensor;
  createOutputTensor(made: { readonly id: number }): TF.Tensor;
  getInputTensorIds(tensors: TF.TensorInfo[]): number[];
  /** TensorFlow's number of its type. */
  typeAttributeFromTensor(tensor: TF.TensorInfo): number;
}

export type Inputs = Readonly<Record<string, TF.TensorInfo>>;
type Kernel = (native: NativeBackend, inputs: Inputs, attributes: TF.NamedAttrMap) => TF.Tensor | TF.Tensor[];

/** Once a process; `isOnCard` where TensorFlow computes on a graphics card. */
export function registerTensorFlowKernels(tf: TensorFlow, isOnCard: boolean): void {
  const register = (kernelName: string, kernel: Kernel) =>
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs, backend }) =>
        tf.tidy(() => kernel(backend as NativeBackend, inputs as Inputs, attrs ?? {})),
    });
  register('LeakyReluGrad', (native, { dy, x }, { slope }) =>
    native.executeSingleOutput('LeakyReluGrad', [ofFloats(native), float(native, 'alpha', slope as number)], [dy!, x!]),
  );
  register('MirrorPadGrad', (native, { dy }, { paddings, mode }) => {
    const around = tf.tensor2d(paddings as number[][], [(paddings as number[][]).length, 2], 'int32');
    const attributes = [ofFloats(native), ofIntegers(native, 'Tpaddings'), text(native, 'mode', modeName(mode))];
    return native.executeSingleOutput('MirrorPadGrad', attributes, [dy!, around]);
  });
  // One pass over the values, where sum(square(x)) makes a second tensor of their size.
  register('HalfSquaredNorm', (native, { x }) => native.executeSingleOutput('L2Loss', [ofFloats(native)], [x!]));
  replaceMatMul(tf);
  register('AddBias', (native, { x, bias }) =>
    native.executeSingleOutput('BiasAdd', [ofFloats(native), text(native, 'data_format', 'NHWC')], [x!, bias!]),
  );
  register('NormalizeBatch', (native, inputs, attributes) => normalizeBatch(tf, native, inputs, attributes));
  register('NormalizeBatchGrad', (native, inputs, attributes) => normalizeBatchGradient(native, inputs, attributes));
  register('AdamUpdate', updateByAdam);
  registerInstanceNorm(tf);
  takeShortcuts(tf);
  if (!isOnCard) replaceNarrowInputGradient(tf);
}

/**
 * Matrices as they are go to the operation for two matrices, which is faster and can be joined with the bias; transposed
 * ones stay with that for batches, the faster one there.
 */
function replaceMatMul(tf: TensorFlow): void {
  const original = tf.getKernel('BatchMatMul', 'tensorflow').kernelFunc;
  tf.unregisterKernel('BatchMatMul', 'tensorflow');
  tf.registerKernel({
    kernelName: 'BatchMatMul',
    backendName: 'tensorflow',
    kernelFunc: (params) => {
      const { a, b } = params.inputs as { a: TF.TensorInfo; b: TF.TensorInfo };
      const { transposeA, transposeB } = (params.attrs ?? {}) as { transposeA: boolean; transposeB: boolean };
      const areMatrices = [a, b].every(({ shape, dtype }) => shape.length === 2 && dtype === 'float32');
      if (transposeA || transposeB || !areMatrices) return original(params);
      const native = params.backend as NativeBackend;
      const sides = [flag(native, 'transpose_a', false), flag(native, 'transpose_b', false)];
      return native.executeSingleOutput('MatMul', [ofFloats(native), ...sides], [a, b]);
    },
  });
}

export const ofFloats = (native: NativeBackend, name = 'T'): Attribute => ({
  name,
  type: native.binding.TF_ATTR_TYPE,
  value: native.binding.TF_FLOAT,
});
export const ofIntegers = (native: NativeBackend, name: string): Attribute => ({
  name,
  type: native.binding.TF_ATTR_TYPE,
  value: native.binding.TF_INT32,
});
export const text = ({ binding }: NativeBackend, name: string, value: string): Attribute => ({
  name,
  type: binding.TF_ATTR_STRING,
  value,
});
const float = ({ binding }: NativeBackend, name: string, value: number): Attribute => ({
  name,
  type: binding.TF_ATTR_FLOAT,
  value,
});
export const flag = ({ binding }: NativeBackend, name: string, value: boolean): Attribute => ({
  name,
  type: binding.TF_ATTR_BOOL,
  value,
});
const modeName = (mode: unknown): string => String(mode).toUpperCase();

const batchNormAttributes = (native: NativeBackend, epsilon: number): Attribute[] => [
  ...[ofFloats(native), ofFloats(native, 'U'), float(native, 'epsilon', epsilon)],
  ...[text(native, 'data_format', 'NHWC'), flag(native, 'is_training', true)],
];

/**
 * x [n, height, width, channels], scale and offset [channels]. Gives the output, mean and biased variance, and two
 * tensors for the gradient, which the library keeps in a form of its own.
 */
function normalizeBatch(
  tf: TensorFlow,
  native: NativeBackend,
  { x, scale, offset }: Inputs,
  { epsilon }: TF.NamedAttrMap,
): TF.Tensor[] {
  const none = tf.tensor1d([], 'float32');
  const attributes = [...batchNormAttributes(native, epsilon as number), float(native, 'exponential_avg_factor', 1)];
  const inputs = [x!, scale!, offset!, none, none];
  const made = native.executeMultipleOutputs('FusedBatchNormV3', attributes, inputs, 6);
  const [output, mean, variance, first, second] = made as [TF.Tensor, TF.Tensor, TF.Tensor, TF.Tensor, TF.Tensor];
  // The library's is the unbiased one.
  const count = tf.util.sizeFromShape(x!.shape.slice(0, -1));
  return [output, mean, tf.mul(variance, (count - 1) / count), first, second];
}

/** Gradients with respect to x, scale and offset. */
function normalizeBatchGradient(
  native: NativeBackend,
  { dy, x, scale, first, second }: Inputs,
  { epsilon }: TF.NamedAttrMap,
): TF.Tensor[] {
  const attributes = batchNormAttributes(native, epsilon as number);
  // The sixth input matters on a GPU only, and there may be anything.
  const inputs = [dy!, x!, scale!, first!, second!, second!];
  return native.executeMultipleOutputs('FusedBatchNormGradV3', attributes, inputs, 5).slice(0, 3);
}

/**
 * One update of one weight by TensorFlow's Adam, in place: it uses up weight, first and second, and gives the three
 * that follow, which the caller puts in their place. In: `rate` with both bias corrections in it, and all numbers as
 * scalars that all weights share.
 */
function updateByAdam(native: NativeBackend, inputs: Inputs): TF.Tensor[] {
  const { weight, first, second, gradient, zero, rate, beta1, beta2, epsilon } = inputs;
  // The powers of both betas are 0: `rate` has the corrections already.
  const numbers = native.getInputTensorIds([zero!, zero!, rate!, beta1!, beta2!, epsilon!, gradient!]);
  const attributes = [ofFloats(native), flag(native, 'use_locking', false), flag(native, 'use_nesterov', false)];
  const tensors = [weight!, first!, second!].map((tensor) => handOver(native, tensor));
  return native.binding
    .update('ResourceApplyAdam', attributes, tensors, numbers)
    .map((made) => native.createOutputTensor(made));
}

/** What nothing else holds is used up: its disposal then deletes nothing. */
function handOver(native: NativeBackend, tensor: TF.TensorInfo): { readonly id: number; readonly isKept: boolean } {
  const [id] = native.getInputTensorIds([tensor]) as [number];
  const data = native.tensorMap.get(tensor.dataId);
  const isKept = data.refCount > 1;
  if (!isKept) data.id = -1;
  return { id, isKept };
}
