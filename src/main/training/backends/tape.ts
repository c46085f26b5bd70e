// The record that gradients are computed from, put right for gradients of gradients. tfjs-core writes the copy of an
// output that a gradient function saves before the operation that made it; a second derivative then misses the path
// through that copy and comes out wrong by a third or more, silently (tanh, sigmoid, exp, softmax, elu, max).

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';

interface TapeNode {
  readonly inputs: Readonly<Record<string, TF.Tensor>>;
}

/** The part of tfjs's engine that its types keep to itself. */
interface Engine {
  readonly state: { activeTape: TapeNode[]; readonly gradientDepth: number };
  addTapeNode(
    kernelName: string,
    inputs: Record<string, TF.Tensor>,
    outputs: TF.Tensor[],
    gradient: unknown,
    saved: TF.Tensor[],
    attributes: unknown,
  ): void;
}

/** Constant wherever they have a derivative: left out, so that nothing is computed only to be multiplied by zero. */
const CONSTANT = [
  ...['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'],
  ...['LogicalAnd', 'LogicalOr', 'LogicalNot'],
];

/** Once a process, after the package's own gradients are registered. */
export function correctTape(tf: TensorFlow): void {
  const engine = tf.engine() as unknown as Engine;
  const record = engine.addTapeNode.bind(engine);
  const constant = new Set(CONSTANT);
  for (const name of CONSTANT) if (tf.getGradient(name)) tf.unregisterGradient(name);
  engine.addTapeNode = (kernelName, inputs, outputs, gradient, saved, attributes) => {
    if (constant.has(kernelName)) return;
    record(kernelName, inputs, outputs, gradient, saved, attributes);
    const tape = engine.state.activeTape;
    // The copies are the nodes just before this one, one for each saved tensor.
    const end = tape.length - 1;
    const start = Math.max(0, end - saved.length);
    const first = tape.slice(start, end).findIndex(({ inputs: { x } }) => x !== undefined && outputs.includes(x));
    if (first >= 0) tape.splice(start + first, 0, ...tape.splice(end, 1));
  };
}

/** True where the results of operations are part of a gradient that is being computed or of one around it. */
export function isRecorded(tf: TensorFlow): boolean {
  return (tf.engine() as unknown as Engine).state.gradientDepth > 0;
}

/** The same values, through which no gradient goes; disposed by the tidy around it. */
export function detach<Rank extends TF.Tensor>(tf: TensorFlow, tensor: TF.TensorInfo): Rank {
  // The disposal of the new tensor takes one reference away.
  tf.backend().incRef(tensor.dataId);
  return tf.engine().makeTensorFromTensorInfo(tensor) as Rank;
}
