// What native TensorFlow does faster than tfjs-core's operations put together: its own fused operations, registered
// as kernels under the names that gradients.ts and the networks ask for. Without a kernel of that name they put the
// operations together, as on every other backend; both give the same numbers but for rounding.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

interface TensorData {
  id: number;
  readonly refCount: number;
}

/** The part of TensorFlow.js's native backend that runs an operation by its name in TensorFlow. */
interface NativeBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_SHAPE: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
    executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): { readonly id: number }[];
    deleteTensor(id: number): void;
  };
  readonly tensorMap: { get(dataId: object): TensorData };
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: TF.TensorInfo[], outputs: number): TF.Tensor[];
  executeSingleOutput(name: string, attributes: Attribute[], inputs: TF.TensorInfo[]): TF.Tensor;
  createOutputTensor(made: { readonly id: number }): TF.Tensor;
  getInputTensorIds(tensors: TF.TensorInfo[]): number[];
}

type Inputs = Readonly<Record<string, TF.TensorInfo>>;
type Kernel = (native: NativeBackend, inputs: Inputs, attributes: TF.NamedAttrMap) => TF.Tensor | TF.Tensor[];

/** Once a process. */
export function registerTensorFlowKernels(tf: TensorFlow): void {
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
  register('SquaredNorm', (native, { x }) => tf.mul(native.executeSingleOutput('L2Loss', [ofFloats(native)], [x!]), 2));
  register('NormalizeBatch', (native, inputs, attributes) => normalizeBatch(tf, native, inputs, attributes));
  register('NormalizeBatchGrad', (native, inputs, attributes) => normalizeBatchGradient(native, inputs, attributes));
  register('AdamUpdate', (native, inputs, attributes) => updateByAdam(tf, native, inputs, attributes));
}

const ofFloats = (native: NativeBackend, name = 'T'): Attribute => ({
  name,
  type: native.binding.TF_ATTR_TYPE,
  value: native.binding.TF_FLOAT,
});
const ofIntegers = (native: NativeBackend, name: string): Attribute => ({
  name,
  type: native.binding.TF_ATTR_TYPE,
  value: native.binding.TF_INT32,
});
const text = ({ binding }: NativeBackend, name: string, value: string): Attribute => ({
  name,
  type: binding.TF_ATTR_STRING,
  value,
});
const float = ({ binding }: NativeBackend, name: string, value: number): Attribute => ({
  name,
  type: binding.TF_ATTR_FLOAT,
  value,
});
const flag = ({ binding }: NativeBackend, name: string, value: boolean): Attribute => ({
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

/** The three variables of TensorFlow's that every update borrows in turn. */
let borrowed: readonly number[] | null = null;

/**
 * One update of one weight by TensorFlow's Adam, in place: it uses up weight, first and second, and gives the three
 * that follow, which the caller puts in their place. In: `rate` with both bias corrections in it.
 */
function updateByAdam(
  tf: TensorFlow,
  native: NativeBackend,
  { weight, first, second, gradient }: Inputs,
  { rate, beta1, beta2, epsilon }: TF.NamedAttrMap,
): TF.Tensor[] {
  const { binding } = native;
  const floats = [ofFloats(native, 'dtype')];
  borrowed ??= ['weight', 'first', 'second'].map((name) => createVariable(native, `saddle-adam-${name}`));
  const handles = borrowed;
  [weight!, first!, second!].forEach((tensor, at) => {
    const [id] = native.getInputTensorIds([tensor]) as [number];
    binding.executeOp('AssignVariableOp', floats, [handles[at]!, id], 0);
    release(native, tensor);
  });
  // The powers of both betas are 0: `rate` has the corrections already.
  const numbers = [0, 0, rate, beta1, beta2, epsilon].map((value) => tf.scalar(value as number));
  const inputs = [...handles, ...native.getInputTensorIds([...numbers, gradient!])];
  const attributes = [ofFloats(native), flag(native, 'use_locking', false), flag(native, 'use_nesterov', false)];
  binding.executeOp('ResourceApplyAdam', attributes, inputs, 0);
  return handles.map((handle) =>
    native.createOutputTensor(binding.executeOp('ReadVariableOp', floats, [handle], 1)[0]!),
  );
}

function createVariable(native: NativeBackend, name: string): number {
  const attributes = [
    ...[text(native, 'container', ''), text(native, 'shared_name', name), ofFloats(native, 'dtype')],
    // Each update assigns tensors of other shapes to it; only a compiled graph would look at this one.
    { name: 'shape', type: native.binding.TF_ATTR_SHAPE, value: [] },
  ];
  return native.binding.executeOp('VarHandleOp', attributes, [], 1)[0]!.id;
}

/** TensorFlow writes over memory only where nothing else holds it, so this alone makes the update one in place. */
function release(native: NativeBackend, { dataId }: TF.TensorInfo): void {
  const data = native.tensorMap.get(dataId);
  if (data.refCount > 1) return;
  native.binding.deleteTensor(data.id);
  // Of nothing: its disposal then deletes nothing.
  data.id = -1;
}
