// The operations that the recipes are made of, under the names of fixtures/references.json, which holds what another
// library makes of them in double precision.

import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { normalizeBatch } from '../../../../src/main/training/networks/batch-norm.ts';
import { paddingOf } from '../../../../src/main/training/networks/build.ts';
import { normalizeImages } from '../../../../src/main/training/networks/instance-norm.ts';
import { reflect } from '../../../../src/main/training/networks/maps.ts';
import references from './fixtures/references.json' with { type: 'json' };

interface Reference {
  readonly shapes: readonly (readonly number[])[];
  readonly output: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  /** Of a gradient penalty; fixtures/references.py says which. */
  readonly second: readonly (readonly number[])[];
}

export interface Case extends Reference {
  readonly name: string;
  run(tf: TensorFlow, ...inputs: Tensor[]): Tensor;
}

type Operation = Case['run'];

const flat = (tf: TensorFlow, x: Tensor): Tensor2D => tf.reshape(x, [x.shape[0]!, -1]);
const conv = (tf: TensorFlow, x: Tensor, w: Tensor, stride: number, pad: 'same' | number): Tensor4D =>
  tf.conv2d(x as Tensor4D, w as Tensor4D, stride, paddingOf(pad));

/** As networks/build.ts has them: numbers of pixels around, or TensorFlow's `same`. */
function convolution(name: string): Operation | null {
  const found = /^(transposed )?conv (\d)\/(\d) of (\d+) pad (same|\d)$/.exec(name);
  if (!found) return null;
  const [kernel, stride, size] = found.slice(2, 5).map(Number) as [number, number, number];
  const pad = found[5] === 'same' ? 'same' : Number(found[5]);
  if (!found[1]) return (tf, x, w) => conv(tf, x, w, stride, pad);
  return (tf, x, w) => transposed(tf, x, w, { kernel, stride, size, pad });
}

interface Transposed {
  readonly kernel: number;
  readonly stride: number;
  readonly size: number;
  readonly pad: 'same' | number;
}

function transposed(tf: TensorFlow, x: Tensor, w: Tensor, { kernel, stride, size, pad }: Transposed): Tensor4D {
  const side = pad === 0 ? (size - 1) * stride + kernel : size * stride;
  const shape: [number, number, number, number] = [x.shape[0]!, side, side, w.shape[2]!];
  return tf.conv2dTranspose(x as Tensor4D, w as Tensor4D, shape, stride, paddingOf(pad));
}

const instanceNorm = (tf: TensorFlow, x: Tensor): Tensor => normalizeImages(tf, x, 1e-5);

const mirror = (mode: 'reflect' | 'symmetric', left: number): Operation => {
  return (tf, x) => tf.mirrorPad(x as Tensor4D, [[0, 0], [1, 2], [left, 1], [0, 0]], mode); // prettier-ignore
};

const softplus = (tf: TensorFlow, x: Tensor): Tensor => tf.softplus(x);

const others: Readonly<Record<string, Operation>> = {
  dense: (tf, x, w, b) => tf.add(tf.matMul(x, w), b!),
  'product, first transposed': (tf, a, b) => tf.matMul(a, b, true),
  'product, second transposed': (tf, a, b) => tf.matMul(a, b, false, true),
  'product, both transposed': (tf, a, b) => tf.matMul(a, b, true, true),
  'bias of an image': (tf, x, b) => tf.add(x, b!),
  'batch norm of an image': (tf, x, scale, offset) => normalizeBatch(tf, x, { scale, offset, epsilon: 1e-5 }).output,
  'batch norm of a vector': (tf, x, scale, offset) => normalizeBatch(tf, x, { scale, offset, epsilon: 1e-5 }).output,
  'instance norm': instanceNorm,
  'instance norm of odd sides': instanceNorm,
  'instance norm, scaled': (tf, x, scale, offset) => tf.add(tf.mul(instanceNorm(tf, x), scale!), offset!),
  'upsampling to the nearest': (tf, x) =>
    tf.image.resizeNearestNeighbor(x as Tensor4D, [2 * x.shape[1]!, 2 * x.shape[2]!]),
  'upsampling by tiling': (tf, x) => {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    const pixels = tf.reshape(x, [n * height, 1, width, channels]);
    const wide = tf.tile(tf.reshape(pixels, [n * height, width, 1, channels]), [1, 1, 2, 1]);
    const rows = tf.tile(tf.reshape(wide, [n * height, 1, 2 * width * channels]), [1, 2, 1]);
    return tf.reshape(rows, [n, 2 * height, 2 * width, channels]);
  },
  'average pooling': (tf, x) => tf.avgPool(x as Tensor4D, 2, 2, 'valid'),
  'mean over an image': (tf, x) => tf.mean(x, [1, 2]),
  'sum over the batch': (tf, x) => tf.sum(x, 0),
  'mean of all': (tf, x) => tf.reshape(tf.mean(x), [1]),
  'norm of each row': (tf, x) => tf.sqrt(tf.add(tf.sum(tf.square(x), 1), 1e-4)),
  'reflection padding': mirror('reflect', 3),
  'reflection padding of 1': (tf, x) => reflect(tf, x, 1),
  'reflection padding of 3': (tf, x) => reflect(tf, x, 3),
  'symmetric padding': mirror('symmetric', 4),
  'zero padding': (tf, x) => tf.pad(x as Tensor4D, [[0, 0], [1, 2], [3, 1], [0, 0]]), // prettier-ignore
  'concat and slice': (tf, a, b) => tf.slice(tf.concat([a, b!], 1), [0, 1], [2, 5]),
  'concat and split': (tf, a, b) => {
    const [first, rest] = tf.split(b!, [1, 3]) as [Tensor, Tensor];
    return tf.mul(tf.concat([a, first]), rest);
  },
  'rows by number': (tf, x) => tf.gather(x, tf.cast(tf.tensor1d([4, 0, 4, 2]), 'int32')),
  'mean distance': (tf, x, y) => tf.reshape(tf.mean(tf.abs(tf.sub(x, y!))), [1]),
  maxout: (tf, x, w) => tf.max(tf.reshape(tf.matMul(x, w!), [3, 5, 2]), 2),
  transpose: (tf, x) => tf.transpose(x, [2, 0, 1]),
  reverse: (tf, x) => tf.reverse(x, 1),
  relu: (tf, x) => tf.relu(x),
  'leaky relu': (tf, x) => tf.leakyRelu(x, 0.2),
  elu: (tf, x) => tf.elu(x),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  softplus,
  softmax: (tf, x) => tf.softmax(x),
  'log softmax': (tf, x) => tf.logSoftmax(x),
  exp: (tf, x) => tf.exp(x),
  abs: (tf, x) => tf.abs(x),
  'log of squares': (tf, x) => tf.log(tf.add(tf.square(x), 0.1)),
  clip: (tf, x) => tf.clipByValue(x, -0.5, 0.5),
  'greater of two': (tf, a, b) => tf.maximum(a, b!),
  quotient: (tf, a, b) => tf.div(a, tf.add(tf.square(b!), 0.5)),
  'cross-entropy of logits': (tf, x) => tf.add(softplus(tf, tf.neg(x)), tf.mul(softplus(tf, x), 0.9)),
  'critic, leaky relu': (tf, x, w, v) => tf.matMul(flat(tf, tf.leakyRelu(conv(tf, x, w!, 2, 'same'), 0.2)), v!),
  'critic, elu': (tf, x, w, v) => tf.matMul(flat(tf, tf.elu(conv(tf, x, w!, 2, 'same'))), v!),
  'critic, tanh': (tf, x, w, v) => tf.matMul(flat(tf, tf.tanh(conv(tf, x, w!, 2, 'same'))), v!),
  'critic, instance norm': (tf, x, w, v) =>
    tf.matMul(flat(tf, tf.leakyRelu(instanceNorm(tf, conv(tf, x, w!, 2, 'same')), 0.2)), v!),
  'critic, two layers': (tf, x, w, u, v) => {
    const hidden = tf.leakyRelu(conv(tf, x, w!, 2, 'same'), 0.2);
    return tf.matMul(flat(tf, tf.leakyRelu(conv(tf, hidden, u!, 2, 'same'), 0.2)), v!);
  },
  'residual block': (tf, x, w, u) => {
    const inner = tf.relu(instanceNorm(tf, conv(tf, reflect(tf, x, 1), w!, 1, 0)));
    return tf.add(x, instanceNorm(tf, conv(tf, reflect(tf, inner, 1), u!, 1, 0)));
  },
  'critic of patches': (tf, x, w, u, v) => {
    const hidden = conv(tf, tf.leakyRelu(conv(tf, x, w!, 2, 1), 0.2), u!, 1, 1);
    return conv(tf, tf.leakyRelu(instanceNorm(tf, hidden), 0.2), v!, 1, 1);
  },
  'generator, transposed': (tf, x, w, u) => {
    const hidden = tf.elu(transposed(tf, x, w!, { kernel: 4, stride: 2, size: 4, pad: 1 }));
    return tf.tanh(transposed(tf, hidden, u!, { kernel: 5, stride: 2, size: 8, pad: 'same' }));
  },
};

export const cases: readonly Case[] = Object.entries(references as Record<string, Reference>).map(
  ([name, reference]) => {
    const run = convolution(name) ?? others[name];
    if (!run) throw new Error(`fixtures/references.json has a case of no operation: ${name}`);
    return { ...reference, name, run };
  },
);

/** Values in [-1, 1), the same on every backend; references.py has the same. */
export function numbers(n: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
const tensorOf = (tf: TensorFlow, shape: readonly number[], seed: number): Tensor =>
  tf.tensor(numbers(sizeOf(shape), seed), [...shape]);

type Values = readonly ArrayLike<number>[];
export type Evaluation = { output: Float32Array[]; gradients: Float32Array[] };

/** Output, and gradients of a weighted sum of it with respect to every input, on the current backend. */
export async function evaluate(tf: TensorFlow, { shapes, run }: Pick<Case, 'shapes' | 'run'>): Promise<Evaluation> {
  const [output, ...gradients] = tf.tidy(() => {
    const inputs = shapes.map((shape, at) => tensorOf(tf, shape, at + 1));
    return [run(tf, ...inputs), ...tf.grads(weighted(tf, run))(inputs)];
  });
  return { output: await valuesOf(tf, [output!]), gradients: await valuesOf(tf, gradients) };
}

/** Gradients of the penalty that references.py describes. */
export async function evaluateSecond(
  tf: TensorFlow,
  { shapes, run }: Pick<Case, 'shapes' | 'run'>,
): Promise<Float32Array[]> {
  const gradients = tf.tidy(() => {
    const first = tf.grads(weighted(tf, (core, ...inputs) => core.square(run(core, ...inputs))));
    const penalty = (...inputs: Tensor[]): Tensor =>
      tf.addN(first(inputs).map((g, at) => tf.sum(tf.mul(tensorOf(tf, g.shape, 50 + at), tf.square(g)))));
    return tf.grads(penalty)(shapes.map((shape, at) => tensorOf(tf, shape, at + 1)));
  });
  return valuesOf(tf, gradients);
}

const weighted = (tf: TensorFlow, run: Operation) => {
  return (...inputs: Tensor[]): Tensor => {
    const output = run(tf, ...(inputs as [Tensor]));
    return tf.sum(tf.mul(output, tensorOf(tf, output.shape, 99)));
  };
};

/** Disposes the tensors. */
async function valuesOf(tf: TensorFlow, tensors: Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(tensors);
  return values;
}

/** The greatest difference, relative to the greatest value of the reference (or to 1). */
export function distance(found: Values, reference: Values): number {
  let worst = found.length === reference.length ? 0 : Infinity;
  reference.forEach((column, index) => {
    const other = found[index] ?? [];
    const values = Array.from(column);
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    if (other.length !== values.length) worst = Infinity;
    values.forEach((value, at) => {
      const difference = Math.abs(value - (other[at] ?? NaN)) / scale;
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    });
  });
  return worst;
}
