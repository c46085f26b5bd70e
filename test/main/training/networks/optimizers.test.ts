// Adam against Algorithm 1 of its paper, momentum against its two lines, both in double precision.

import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { createAdam, createMomentum, holdThenDecay } from '../../../../src/main/training/networks/optimizers.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const gradients = [
  [0.5, -2],
  [0.1, 1e-6],
  [-3, 4],
];
const weight = () => ({ name: 'w', variable: tf.variable(tf.tensor1d([1, -0.5])), trainable: true });

describe('Adam', () => {
  it('follows Algorithm 1, with weight decay in the gradient', () => {
    const [rate, beta1, beta2, epsilon, l2] = [0.01, 0.5, 0.999, 1e-8, 0.1];
    const named = weight();
    const adam = createAdam(tf, [named], { learningRate: () => rate, beta1, beta2, epsilon, l2 });
    const expected = [1, -0.5];
    const [m, v] = [
      [0, 0],
      [0, 0],
    ];
    gradients.forEach((step, done) => {
      const norm = adam.apply([tf.tensor1d(step)]).dataSync()[0];
      expect(norm).toBeCloseTo(Math.hypot(...step), 5);
      step.forEach((gradient, at) => {
        const g = gradient + l2 * expected[at]!;
        m[at] = beta1 * m[at]! + (1 - beta1) * g;
        v[at] = beta2 * v[at]! + (1 - beta2) * g * g;
        const [corrected, second] = [m[at]! / (1 - beta1 ** (done + 1)), v[at]! / (1 - beta2 ** (done + 1))];
        expected[at]! -= (rate * corrected) / (Math.sqrt(second) + epsilon);
      });
      named.variable.dataSync().forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 6));
    });
    expect(adam.updates()).toBe(3);
    expect(adam.slots.map(({ name }) => name)).toEqual(['optimizer/w/m', 'optimizer/w/v']);
    adam.slots[0]!.variable.dataSync().forEach((value, at) => expect(value).toBeCloseTo(m[at]!, 5));
  });
});

describe('momentum', () => {
  it('follows v = momentum v - rate g, p = p + v, with both on their schedules', () => {
    const named = weight();
    const rates = [0.1, 0.05, 0.025];
    const momenta = [0.5, 0.6, 0.7];
    const sgd = createMomentum(tf, [named], { learningRate: (at) => rates[at]!, momentum: (at) => momenta[at]! });
    const expected = [1, -0.5];
    const velocity = [0, 0];
    gradients.forEach((step, done) => {
      expect(sgd.learningRate()).toBe(rates[done]);
      sgd.apply([tf.tensor1d(step)]).dispose();
      step.forEach((gradient, at) => {
        velocity[at] = momenta[done]! * velocity[at]! - rates[done]! * gradient;
        expected[at]! += velocity[at]!;
      });
      named.variable.dataSync().forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5));
    });
  });
});

it('a rate is held, then falls to zero in a straight line, and stays there', () => {
  const rate = holdThenDecay(2, 10, 4);
  expect([0, 10, 11, 12, 14, 99].map(rate)).toEqual([2, 2, 1.5, 1, 0, 0]);
  expect(holdThenDecay(2, 10, 0)(1e9)).toBe(2);
});
