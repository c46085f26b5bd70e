// Kernels of TensorFlow.js's native backend that do more than they are asked for, or less: without these, gradients are full
// of operations that change nothing, a lookup ends the step to look at its indices, and padding in numbers is refused.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { replaceKernel, wrap, type KernelParams } from './composing.ts';
import type { Attribute } from './tensorflow-addon.ts';
import { flag, ofFloats, ofIntegers, text, type NativeBackend } from './tensorflow-kernels.ts';

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: string | number | [number, number][];
}

/** Once a process. */
export function takeShortcuts(tf: TensorFlow): void {
  replaceKernel(tf, 'tensorflow', tf.Cast, (params, original) => {
    const { x } = params.inputs as { x: TF.TensorInfo };
    return params.attrs?.['dtype'] === x.dtype ? sameTensor(params, x) : original(params);
  });
  replaceKernel(tf, 'tensorflow', tf.Reshape, (params, original) => {
    const { x } = params.inputs as { x: TF.TensorInfo };
    const shape = params.attrs?.['shape'] as number[];
    const isSame = shape.length === x.shape.length && shape.every((length, axis) => length === x.shape[axis]);
    return isSame ? sameTensor(params, x) : original(params);
  });
  gatherUnseen(tf);
  padGradients(tf);
}

function sameTensor({ backend }: KernelParams, { dataId, shape, dtype }: TF.TensorInfo): TF.TensorInfo {
  (backend as { incRef(id: object): void }).incRef(dataId);
  return { dataId, shape, dtype };
}

/** The package reads the indices to check them, and waits for all that they depend on; TensorFlow checks them itself. */
function gatherUnseen(tf: TensorFlow): void {
  replaceKernel(tf, 'tensorflow', tf.GatherV2, ({ inputs, attrs, backend }) => {
    const native = backend as NativeBackend;
    const { x, indices } = inputs as { x: TF.TensorInfo; indices: TF.TensorInfo };
    const { axis, batchDims } = attrs as unknown as { axis: number; batchDims: number };
    const attributes: Attribute[] = [
      { name: 'batch_dims', type: native.binding.TF_ATTR_INT, value: batchDims },
      { name: 'Tparams', type: native.binding.TF_ATTR_TYPE, value: native.typeAttributeFromTensor(x) },
      ...[ofIntegers(native, 'Tindices'), ofIntegers(native, 'Taxis')],
    ];
    return tf.tidy(() => native.executeSingleOutput('GatherV2', attributes, [x, indices, tf.scalar(axis, 'int32')]));
  });
}

/** The package has padding in numbers for the convolution itself, but not for its gradients. */
function padGradients(tf: TensorFlow): void {
  replaceKernel(tf, 'tensorflow', tf.Conv2DBackpropInput, (params, original) => {
    const { pad, strides, inputShape } = params.attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    if (!Array.isArray(pad)) return original(params);
    const { dy, filter } = params.inputs as { dy: TF.TensorInfo; filter: TF.TensorInfo };
    const native = params.backend as NativeBackend;
    const integers = (name: string, value: readonly number[]): Attribute => ({
      ...{ name, type: native.binding.TF_ATTR_INT, value },
    });
    const sides = typeof strides === 'number' ? [strides, strides] : strides;
    const attributes = [
      ...[ofFloats(native), integers('strides', [1, ...sides, 1]), text(native, 'padding', 'EXPLICIT')],
      ...[integers('explicit_paddings', pad.flat()), text(native, 'data_format', 'NHWC')],
      ...[flag(native, 'use_cudnn_on_gpu', true), integers('dilations', [1, 1, 1, 1])],
    ];
    return tf.tidy(() =>
      native.executeSingleOutput('Conv2DBackpropInput', attributes, [tf.tensor1d(inputShape, 'int32'), filter, dy]),
    );
  });
  // TensorFlow can, but takes up to four times as long as for images that are padded already.
  replaceKernel(tf, 'tensorflow', tf.Conv2DBackpropFilter, (params, original) => {
    const { pad } = params.attrs as unknown as ConvolutionAttributes;
    if (!Array.isArray(pad)) return original(params);
    return tf.tidy(() => {
      const x = tf.pad(wrap<TF.Tensor4D>(tf, params.inputs['x']), pad);
      const attrs = { ...params.attrs, pad: 'valid' };
      return original({ ...params, inputs: { ...params.inputs, x }, attrs }) as TF.Tensor;
    });
  });
}
