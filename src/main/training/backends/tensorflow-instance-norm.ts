// Instance normalisation on native TensorFlow, which has no operation for it: the operations it consists of, called
// without tensors of TensorFlow.js between them, and its gradient as one formula instead of that of each operation.

import type { TensorFlow } from './backend.ts';
import type { CapturingAddon } from './captured-steps.ts';
import type { Attribute } from './tensorflow-addon.ts';
import { flag, ofFloats, ofIntegers, type NativeBackend } from './tensorflow-kernels.ts';

/** Once a process. */
export function registerInstanceNorm(tf: TensorFlow): void {
  tf.registerKernel({
    kernelName: 'NormalizeImages',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const native = backend as NativeBackend;
      const [x] = native.getInputTensorIds([inputs['x']!]) as [number];
      return normalize(startChain(native), x, Number(attrs!['epsilon'])).map((made) => native.createOutputTensor(made));
    },
  });
  tf.registerKernel({
    kernelName: 'NormalizeImagesGrad',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => {
      const native = backend as NativeBackend;
      const { dy, normalized, inverse } = inputs;
      const [slope, y, factor] = native.getInputTensorIds([dy!, normalized!, inverse!]) as [number, number, number];
      return native.createOutputTensor(gradient(startChain(native), slope, y, factor));
    },
  });
}

type Made = ReturnType<CapturingAddon['executeOp']>[number];

/** Operations on the addon's numbers of tensors; `end` deletes what lies between the first input and the results. */
interface Chain {
  run(name: string, ...inputs: number[]): Made;
  /** Over height and width, which stay as 1. */
  mean(x: number): Made;
  scalar(value: number): number;
  end(results: readonly Made[]): void;
}

interface Lasting {
  readonly axes: number;
  readonly scalars: Map<number, number>;
}
/** Constants of a process: made anew for each layer, they would be arguments and operations of every step. */
const lasting = new WeakMap<CapturingAddon, Lasting>();

function lastingOf({ binding }: NativeBackend): Lasting {
  const found = lasting.get(binding);
  if (found) return found;
  const axes = binding.createTensor([2], binding.TF_INT32, Int32Array.of(1, 2));
  const made = { axes, scalars: new Map<number, number>() };
  lasting.set(binding, made);
  return made;
}

function startChain(native: NativeBackend): Chain {
  const { binding } = native;
  const { axes, scalars } = lastingOf(native);
  const passing: number[] = [];
  const execute = (name: string, attributes: readonly Attribute[], inputs: readonly number[]): Made => {
    const [made] = binding.executeOp(name, attributes, inputs, 1) as [Made];
    passing.push(made.id);
    return made;
  };
  const reduction = [flag(native, 'keep_dims', true), ofFloats(native), ofIntegers(native, 'Tidx')];
  return {
    run: (name, ...inputs) => execute(name, [ofFloats(native)], inputs),
    mean: (x) => execute('Mean', reduction, [x, axes]),
    scalar(value) {
      const known = scalars.get(value) ?? binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value));
      scalars.set(value, known);
      return known;
    },
    end(results) {
      for (const id of passing) if (!results.some((result) => result.id === id)) binding.deleteTensor(id);
    },
  };
}

/** The output and the inverse of the deviations [n, 1, 1, channels]. */
function normalize({ run, mean, scalar, end }: Chain, x: number, epsilon: number): Made[] {
  const centred = run('Sub', x, mean(x).id).id;
  const variance = mean(run('Square', centred).id).id;
  const inverse = run('Rsqrt', run('AddV2', variance, scalar(epsilon)).id);
  const results = [run('Mul', centred, inverse.id), inverse];
  end(results);
  return results;
}

/** inverse x (dy - mean dy - y mean (dy y)), with y the output. */
function gradient({ run, mean, end }: Chain, dy: number, y: number, inverse: number): Made {
  const along = run('Mul', y, mean(run('Mul', dy, y).id).id).id;
  const rest = run('Sub', run('Sub', dy, mean(dy).id).id, along).id;
  const result = run('Mul', rest, inverse);
  end([result]);
  return result;
}
