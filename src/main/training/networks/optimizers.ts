// Optimizers of our own: their moments are named variables (so that a checkpoint can hold them), epsilon and decay are
// what the recipe says (tfjs's Adam has 1e-7, H4), and the gradient's norm falls out on the way.

import type * as TF from '@tensorflow/tfjs-core';
import { feedScalar } from '../feeds.ts';
import type { NamedVariable, TensorFlow } from '../recipes/recipe.ts';

export interface Optimizer {
  /** Moments, named `optimizer/<weight>/m`; a checkpoint needs them and `updates` to go on exactly. */
  readonly slots: readonly NamedVariable[];
  /** Updates so far. */
  updates(): number;
  restoreUpdates(updates: number): void;
  /** Learning rate of the next update. */
  learningRate(): number;
  /**
   * One update of the trainable variables; `gradients` in their order. Returns the L2 norm over all gradients,
   * before weight decay, for the caller to dispose.
   */
  apply(gradients: readonly TF.Tensor[]): TF.Scalar;
}

/** Learning rate or momentum of update `done` (counted from 0). */
export type Schedule = (done: number) => number;

export interface AdamSettings {
  readonly learningRate: Schedule;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Added to the gradient as l2 x weight before the moments, as the DCGAN code and Chainer's hook do. */
  readonly l2: number;
}

/** Adam, Algorithm 1 of arXiv 1412.6980: p -= lr m' / (sqrt(v') + epsilon), m' and v' corrected for their zero start. */
export function createAdam(tf: TensorFlow, trainable: readonly NamedVariable[], settings: AdamSettings): Optimizer {
  const first = zeroSlots(tf, trainable, 'm');
  const second = zeroSlots(tf, trainable, 'v');
  const { beta1, beta2, epsilon, l2 } = settings;
  let done = 0;
  return {
    slots: [...first, ...second],
    updates: () => done,
    restoreUpdates: (updates) => void (done = updates),
    learningRate: () => settings.learningRate(done),
    apply: (gradients) =>
      tf.tidy(() => {
        // lr m' / (sqrt(v') + e) with both corrections drawn out of the tensors: fewer passes over the weights.
        const rootOf = (): number => Math.sqrt(1 - beta2 ** done);
        const rate = feedScalar(tf, () => {
          const plain = settings.learningRate(done);
          done += 1;
          return (plain * rootOf()) / (1 - beta1 ** done);
        });
        const update = updaterOf(tf, { rate, beta1, beta2, epsilon: feedScalar(tf, () => epsilon * rootOf()) });
        trainable.forEach(({ variable }, at) => {
          const gradient = l2 > 0 ? tf.add(gradients[at]!, tf.mul(variable, l2)) : gradients[at]!;
          update([variable, first[at]!.variable, second[at]!.variable], gradient);
        });
        return normOf(tf, gradients);
      }),
  };
}

interface AdamStep {
  /** With both bias corrections in it. */
  readonly rate: TF.Scalar;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: TF.Scalar;
}

/** m moves towards the gradient, v towards its square, the weight by -rate m / (sqrt(v) + epsilon). */
type UpdateByAdam = (moving: readonly [TF.Variable, TF.Variable, TF.Variable], gradient: TF.Tensor) => void;

/** For all weights of one update; by the backend's own operation where it has one. */
function updaterOf(tf: TensorFlow, step: AdamStep): UpdateByAdam {
  const { rate, beta1, beta2, epsilon } = step;
  if (!tf.getKernel('AdamUpdate', tf.getBackend())) {
    return ([weight, first, second], gradient) => {
      first.assign(tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1)));
      second.assign(tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
      weight.assign(tf.sub(weight, tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon))));
    };
  }
  const numbers = { zero: tf.scalar(0), rate, beta1: tf.scalar(beta1), beta2: tf.scalar(beta2), epsilon };
  return ([weight, first, second], gradient) => {
    const inputs = { weight, first, second, gradient, ...numbers };
    const moved = tf.engine().runKernel<TF.Tensor[]>('AdamUpdate', inputs);
    [weight, first, second].forEach((variable, at) => variable.assign(moved[at]!));
  };
}

/** Root of the sum of the squares of all values. */
function normOf(tf: TensorFlow, tensors: readonly TF.Tensor[]): TF.Scalar {
  if (!tf.getKernel('HalfSquaredNorm', tf.getBackend())) {
    return tf.sqrt(tf.addN(tensors.map((x) => tf.sum(tf.square(x)))));
  }
  const halves = tensors.map((x) => tf.engine().runKernel<TF.Scalar>('HalfSquaredNorm', { x }));
  return tf.sqrt(tf.mul(tf.addN(halves), 2));
}

export interface MomentumSettings {
  readonly learningRate: Schedule;
  readonly momentum: Schedule;
}

/** v = momentum v - lr g; p += v (as pylearn2's Momentum learning rule). */
export function createMomentum(
  tf: TensorFlow,
  trainable: readonly NamedVariable[],
  settings: MomentumSettings,
): Optimizer {
  const velocities = zeroSlots(tf, trainable, 'velocity');
  let done = 0;
  return {
    slots: velocities,
    updates: () => done,
    restoreUpdates: (updates) => void (done = updates),
    learningRate: () => settings.learningRate(done),
    apply: (gradients) =>
      tf.tidy(() => {
        const rate = feedScalar(tf, () => settings.learningRate(done));
        const momentum = feedScalar(tf, () => settings.momentum(done++));
        trainable.forEach(({ variable }, at) => {
          const velocity = velocities[at]!.variable;
          velocity.assign(tf.sub(tf.mul(velocity, momentum), tf.mul(gradients[at]!, rate)));
          variable.assign(tf.add(variable, velocity));
        });
        return normOf(tf, gradients);
      }),
  };
}

function zeroSlots(tf: TensorFlow, trainable: readonly NamedVariable[], slot: string): NamedVariable[] {
  return trainable.map(({ name, variable }) => ({
    name: `optimizer/${name}/${slot}`,
    variable: tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
    trainable: false,
  }));
}

/** `rate` for `hold` updates, then linearly to 0 over `decay` updates; `decay` 0 never decays. */
export function holdThenDecay(rate: number, hold: number, decay: number): Schedule {
  if (decay === 0) return () => rate;
  return (done) => rate * Math.min(1, Math.max(0, 1 - (done - hold) / decay));
}
