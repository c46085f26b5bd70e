// What a backend makes of every operation that the recipes use, as numbers that can travel from another process: the
// distances from values that another library worked out in double precision, and some cases with a value of their own.

import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { cases, distance, evaluate, evaluateSecond, type Case } from './operations.ts';

export interface Findings {
  /** By the name of the case. */
  readonly cases: Readonly<Record<string, CaseFindings>>;
  /** d/dx of the sum of |x| at -2, 0 and 3. */
  readonly slopesOfAbs: readonly number[];
  /** d/dx of the sum of squares at the middle of 3x3 pixels, reflected by 1. */
  readonly middlePixel: number;
  /** Tensors that a gradient penalty leaves behind. */
  readonly tensorsLeft: number;
  /** Value and both gradients of a penalty of a norm. */
  readonly penalty: readonly number[];
}

export interface CaseFindings {
  readonly output: number;
  readonly gradients: number;
  readonly second: number;
  /** Instead of the distances: what it threw. */
  readonly error?: string;
}

export async function findAll(tf: TensorFlow): Promise<Findings> {
  const found: Record<string, CaseFindings> = {};
  for (const test of cases) found[test.name] = await findCase(tf, test);
  return {
    cases: found,
    slopesOfAbs: await take(tf, () => tf.grad((x) => tf.sum(tf.abs(x)))(tf.tensor1d([-2, 0, 3]))),
    middlePixel: (await take(tf, () => gradientOfMirror(tf)))[4]!,
    tensorsLeft: await countLeft(tf),
    penalty: await findPenalty(tf),
  };
}

async function findCase(tf: TensorFlow, test: Case): Promise<CaseFindings> {
  try {
    const { output, gradients } = await evaluate(tf, test);
    return {
      output: distance(output, [test.output]),
      gradients: distance(gradients, test.gradients),
      second: distance(await evaluateSecond(tf, test), test.second),
    };
  } catch (problem) {
    return { output: Infinity, gradients: Infinity, second: Infinity, error: String(problem) };
  }
}

async function take(tf: TensorFlow, work: () => Tensor): Promise<number[]> {
  const tensor = tf.tidy(work);
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

function gradientOfMirror(tf: TensorFlow): Tensor {
  const x = tf.tensor4d([1, 1, 1, 1, 5, 1, 1, 1, 1], [1, 3, 3, 1]);
  const around: [number, number] = [1, 1];
  const padded = (image: Tensor): Tensor =>
    tf.mirrorPad(image as Tensor4D, [[0, 0], around, around, [0, 0]], 'reflect');
  return tf.grad((image) => tf.sum(tf.square(padded(image))))(x);
}

async function countLeft(tf: TensorFlow): Promise<number> {
  const round = async (): Promise<void> => {
    for (const test of cases.slice(-7)) await evaluateSecond(tf, test);
  };
  await round();
  const before = tf.memory().numTensors;
  await round();
  return tf.memory().numTensors - before;
}

/** D(x) = w.x has the gradient w, so that the penalty (|w| - 1)^2 has 2 (|w| - 1) w / |w|; w is (3, 4). */
async function findPenalty(tf: TensorFlow): Promise<number[]> {
  const w = tf.variable(tf.tensor2d([3, 4], [2, 1]));
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const penalty = () => {
    const gradient = tf.grad((image) => tf.sum(tf.matMul(image as Tensor2D, w as never)))(x);
    const norm = tf.sqrt(tf.sum(tf.square(gradient), 1));
    return tf.mean(tf.square(tf.sub(norm, 1))) as Scalar;
  };
  const { value, grads } = tf.variableGrads(penalty, [w]);
  const found = [...(await value.data()), ...(await grads[w.name]!.data())];
  tf.dispose([w, x, value, ...Object.values(grads)]);
  return found;
}
