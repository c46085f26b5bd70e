// Random tensors that TensorFlow draws: Philox of a key with the counter from 0, the numbers that philox.ts works out on
// other backends. The key is given to each step anew, so that all steps are one function.

import type * as TF from '@tensorflow/tfjs-core';
import type { Keys } from '../draws.ts';
import type { TensorFlow } from './backend.ts';
import type { CapturingAddon } from './captured-steps.ts';
import type { Attribute } from './tensorflow-addon.ts';

interface NativeBackend {
  createOutputTensor(made: { readonly id: number; readonly shape: number[]; readonly dtype: number }): TF.Tensor;
}
/** Numbers of the addon's tensors: what there is to work with, and the result. */
type Finish = (drawn: number) => number;

/** TensorFlow's numbers of types that TensorFlow.js does not know, and of the algorithm. */
const UINT64 = 23;
const BOOL = 10;
const PHILOX = 1;

/** Once a process, when the addon is there. */
export function registerTensorFlowRandom(tf: TensorFlow, addon: CapturingAddon): void {
  const { type, bits, run, apply, scale } = operationsOf(addon);
  const { TF_FLOAT: float, TF_INT32: integer } = addon;
  // These two stay for ever.
  const start = bits(() => [0, 0, 0, 0], [2, 2]);
  const philox = addon.createTensor([], integer, Int32Array.of(PHILOX));

  const register = (kernelName: string, operation: string, finishOf: (attributes: TF.NamedAttrMap) => Finish) =>
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc({ attrs, backend }) {
        const { keys, shape } = attrs as unknown as { keys: Keys; shape: number[] };
        const words = bits(keys, [1, 2]);
        const lengths = addon.createTensor([shape.length], integer, Int32Array.from(shape));
        const drawn = run(operation, [type('dtype', float), type('Tshape', integer)], lengths, words, start, philox);
        addon.deleteTensor(words);
        addon.deleteTensor(lengths);
        const made = { id: finishOf(attrs!)(drawn), shape, dtype: float };
        return (backend as unknown as NativeBackend).createOutputTensor(made);
      },
    });
  register('DrawUniform', 'StatelessRandomUniformV2', ({ low, high }) => (drawn) => {
    const wide = scale(drawn, (high as number) - (low as number));
    return low === 0 ? wide : apply(wide, 'AddV2', low as number);
  });
  register('DrawNormal', 'StatelessRandomNormalV2', ({ mean, deviation }) => (drawn) => {
    const wide = scale(drawn, deviation as number);
    return mean === 0 ? wide : apply(wide, 'AddV2', mean as number);
  });
  register('DrawMask', 'StatelessRandomUniformV2', ({ keep }) => (drawn) => {
    const isKept = apply(drawn, 'Less', keep as number);
    const kept = run('Cast', [type('SrcT', BOOL), type('DstT', float)], isKept);
    addon.deleteTensor(isKept);
    return scale(kept, 1 / (keep as number));
  });
}

/** All on the addon's numbers of tensors. */
function operationsOf(addon: CapturingAddon) {
  const float = addon.TF_FLOAT;
  const type = (name: string, value: number): Attribute => ({ name, type: addon.TF_ATTR_TYPE, value });
  const run = (name: string, attributes: readonly Attribute[], ...inputs: number[]): number =>
    addon.executeOp(name, attributes, inputs, 1)[0]!.id;
  /** 64-bit integers, which the addon does not take: the bits of two floats are one. */
  const bits = (words: () => readonly number[], shape: number[]): number => {
    const again = () => new Float32Array(Uint32Array.from(words()).buffer);
    const values = again();
    addon.feed(values, again);
    const floats = addon.createTensor(shape, float, values);
    const made = run('Bitcast', [type('T', float), type('type', UINT64)], floats);
    addon.deleteTensor(floats);
    return made;
  };
  /** Uses up the tensor. */
  const apply = (tensor: number, name: string, number: number): number => {
    const scalar = addon.createTensor([], float, Float32Array.of(number));
    const made = run(name, [type('T', float)], tensor, scalar);
    addon.deleteTensor(scalar);
    addon.deleteTensor(tensor);
    return made;
  };
  const scale = (tensor: number, by: number): number => (by === 1 ? tensor : apply(tensor, 'Mul', by));
  return { type, run, bits, apply, scale };
}
