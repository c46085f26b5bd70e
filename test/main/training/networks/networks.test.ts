// The layers, built from their plans: against formulas computed here in double precision.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { buildNetwork } from '../../../../src/main/training/networks/build.ts';
import { describeNetwork, size } from '../../../../src/main/training/networks/describe.ts';
import { initialize } from '../../../../src/main/training/networks/initialize.ts';
import type { BatchNorm, Initializer, Layer } from '../../../../src/main/training/networks/layers.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const normal: Initializer = { kind: 'normal', deviation: 0.5 };
const zeros: Initializer = { kind: 'zeros' };
const build = (input: readonly number[], layers: readonly Layer[]) =>
  buildNetwork(tf, { name: 'net', input, layers }, createRandom(1));
const norm = (settings: Partial<BatchNorm> = {}): BatchNorm => ({
  kind: 'batch-norm',
  name: 'norm',
  scale: false,
  offset: false,
  statistics: 'running',
  momentum: 0.9,
  epsilon: 1e-5,
  ...settings,
});
const moments = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
};

describe('a plan', () => {
  it('is described as it is built: shapes and trainable counts of every kind of layer', () => {
    const layers: Layer[] = [
      { kind: 'append-class', name: 'class', classes: 3 },
      { kind: 'convolution', name: 'conv', filters: 4, kernel: 5, stride: 2, padding: 'same', initializer: normal },
      norm({ scale: true, offset: true }),
      { kind: 'activation', name: 'elu', of: 'elu' },
      {
        kind: 'transposed-convolution',
        name: 'up',
        filters: 2,
        kernel: 4,
        stride: 2,
        padding: 1,
        initializer: normal,
        bias: zeros,
      },
      {
        kind: 'convolution',
        name: 'conv2',
        filters: 3,
        kernel: 3,
        stride: 2,
        padding: 1,
        initializer: normal,
        bias: zeros,
      },
      { kind: 'reshape', name: 'flat', shape: [48] },
      { kind: 'maxout', name: 'maxout', units: 5, pieces: 2, initializer: normal, bias: zeros },
      { kind: 'dropout', name: 'dropout', keep: 0.5 },
      { kind: 'dense', name: 'dense', units: 7, initializer: normal },
    ];
    const plan = { name: 'net', input: [8, 8, 1], layers };
    const summary = describeNetwork(plan);
    const network = buildNetwork(tf, plan, createRandom(1));
    expect(summary.layers.map(({ output }) => output)).toEqual([
      ...[[8, 8, 4], [4, 4, 4], [4, 4, 4], [4, 4, 4], [8, 8, 2], [4, 4, 3], [48], [5], [5], [7]],
    ]);
    expect(summary.trainable).toBe(network.trainable.reduce((sum, { variable }) => sum + size(variable.shape), 0));
    const classes = tf.tensor2d([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    const output = network.forward(tf.randomNormal([2, 8, 8, 1]), { training: true, classes });
    expect(output.shape).toEqual([2, 7]);
    // 4x4 places, each a 5x5 kernel over 4 channels to 4 filters.
    expect(summary.layers[1]!.multiplyAdds).toBe(4 * 4 * 5 * 5 * 4 * 4);
  });

  it('that does not fit is refused with the layer, what it expected and what it found', () => {
    const plan = { name: 'net', input: [3, 2], layers: [{ kind: 'reshape', name: 'flat', shape: [7] }] as Layer[] };
    expect(() => describeNetwork(plan)).toThrow('net/flat: expected 7 values, found [3, 2]');
  });
});

describe('batch norm', () => {
  it('in training gives mean 0 and variance 1 per channel, and moves the running statistics only when told', () => {
    const network = build([3, 3, 2], [norm()]);
    const values = createRandom(5).normal(4 * 9 * 2, 3, 2);
    const x = tf.tensor4d(values.slice(), [4, 3, 3, 2]);
    const of = (data: ArrayLike<number>, channel: number) =>
      moments(Array.from(data).filter((_, at) => at % 2 === channel));
    const output = network.forward(x, { training: true }).dataSync();
    for (const channel of [0, 1]) {
      expect(of(output, channel).mean).toBeCloseTo(0, 4);
      expect(of(output, channel).variance).toBeCloseTo(1, 3);
    }
    const running = (name: string) => [
      ...network.variables.find((v) => v.name === `net/norm/${name}`)!.variable.dataSync(),
    ];
    expect(running('mean')).toEqual([0, 0]);
    network.forward(x, { training: true, updateStatistics: true });
    for (const channel of [0, 1]) {
      expect(running('mean')[channel]).toBeCloseTo(0.1 * of(values, channel).mean, 5);
      expect(running('variance')[channel]).toBeCloseTo(0.9 + 0.1 * of(values, channel).variance, 4);
    }
    const evaluated = network.forward(x, { training: false }).dataSync();
    expect(evaluated[0]).toBeCloseTo((values[0]! - running('mean')[0]!) / Math.sqrt(running('variance')[0]! + 1e-5), 4);
  });

  it('with batch statistics keeps none and evaluates with those of the batch', () => {
    const network = build([2], [norm({ statistics: 'batch' })]);
    expect(network.variables).toEqual([]);
    const x = tf.tensor2d([
      [1, 10],
      [3, 30],
    ]);
    const [a, b, c, d] = network.forward(x, { training: false }).dataSync();
    expect([a, c].map((v) => Math.round(v! * 1000) / 1000)).toEqual([-1, 1]);
    expect([b, d].map((v) => Math.round(v! * 1000) / 1000)).toEqual([-1, 1]);
  });

  it.each([
    [false, true],
    [true, false],
    [true, true],
  ])('trains with scale %s and offset %s, which the library refuses one without the other (H2)', (scale, offset) => {
    const network = build([2], [norm({ scale, offset })]);
    expect(network.trainable.map(({ name }) => name)).toEqual([
      ...(scale ? ['net/norm/gamma'] : []),
      ...(offset ? ['net/norm/beta'] : []),
    ]);
    const x = tf.tensor2d(createRandom(5).normal(20, 3, 2), [10, 2]);
    const variables = network.trainable.map(({ variable }) => variable);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(network.forward(x, { training: true, updateStatistics: true }))) as TF.Scalar,
      variables,
    );
    // Of a sum of squares of 10 values with mean 0 and variance 1 in each of 2 channels.
    if (scale) for (const value of grads[variables[0]!.name]!.dataSync()) expect(value).toBeCloseTo(20, 1);
    if (offset) for (const value of grads[variables.at(-1)!.name]!.dataSync()) expect(value).toBeCloseTo(0, 3);
  });

  it('may draw its scale around 1', () => {
    const network = build([1000], [norm({ scale: true, scaleDeviation: 0.02 })]);
    const { mean, variance } = moments([...network.trainable[0]!.variable.dataSync()]);
    expect(mean).toBeCloseTo(1, 2);
    expect(Math.sqrt(variance)).toBeCloseTo(0.02, 2);
    expect(variance).toBeGreaterThan(0);
  });

  it('has the gradient of its formula', () => {
    const network = build([1], [norm({ statistics: 'batch' })]);
    const values = [0.3, -1.2, 2.5, 0.9];
    const weights = [1, -2, 0.5, 3];
    const loss = (x: number[]) => {
      const { mean, variance } = moments(x);
      return x.reduce((sum, value, at) => sum + (weights[at]! * (value - mean)) / Math.sqrt(variance + 1e-5), 0);
    };
    const gradient = tf
      .grad((x) => tf.sum(tf.mul(network.forward(x, { training: true }), tf.tensor2d(weights, [4, 1]))))(
        tf.tensor2d(values, [4, 1]),
      )
      .dataSync();
    values.forEach((_, at) => {
      const moved = (by: number) => loss(values.map((value, index) => (index === at ? value + by : value)));
      expect(gradient[at]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 3);
    });
  });
});

describe('the other layers', () => {
  it('dropout keeps its share, scales what it keeps, and leaves evaluation alone', () => {
    const network = build([1000], [{ kind: 'dropout', name: 'dropout', keep: 0.8 }]);
    const x = tf.ones([20, 1000]);
    const values = network.forward(x, { training: true }).dataSync() as Float32Array;
    const kept = values.filter((value) => value > 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1.25)]));
    expect(kept.length / values.length).toBeCloseTo(0.8, 1);
    expect(
      network
        .forward(x, { training: false })
        .dataSync()
        .every((value) => value === 1),
    ).toBe(true);
  });

  it('leaky ReLU has the slope it is given and no default (H5)', () => {
    const leaky = (slope?: number) =>
      build([2], [{ kind: 'activation', name: 'leaky', of: 'leaky-relu', ...(slope !== undefined && { slope }) }]);
    for (const slope of [0.2, 0.01]) {
      const [low, high] = leaky(slope)
        .forward(tf.tensor2d([[-1, 1]]), { training: true })
        .dataSync();
      expect([low, high]).toEqual([Math.fround(-slope), 1]);
    }
    expect(() => leaky()).toThrow('leaky: leaky ReLU needs its slope');
  });

  it('maxout gives the greatest of its pieces', () => {
    const values = { kind: 'values', values: Float32Array.of(1, 2, -1, 0.5) } as const;
    const network = build([1], [{ kind: 'maxout', name: 'maxout', units: 2, pieces: 2, initializer: values }]);
    expect([...network.forward(tf.tensor2d([[2], [-2]]), { training: true }).dataSync()]).toEqual([4, 1, -2, 2]);
  });

  it.each(['same', 2] as const)(
    'a transposed convolution is the gradient of the convolution, padding %s',
    (padding) => {
      const kernel = createRandom(2).normal(5 * 5 * 3 * 2, 0, 1);
      const shared = { kernel: 5, stride: 2, padding, initializer: { kind: 'values', values: kernel } } as const;
      const conv = build([6, 6, 3], [{ kind: 'convolution', name: 'conv', filters: 2, ...shared }]);
      const up = build([3, 3, 2], [{ kind: 'transposed-convolution', name: 'up', filters: 3, ...shared }]);
      const x = tf.tensor4d(createRandom(3).normal(108, 0, 1), [1, 6, 6, 3]);
      const y = tf.tensor4d(createRandom(4).normal(18, 0, 1), [1, 3, 3, 2]);
      // <conv x, y> = <x, conv' y>
      const left = tf.sum(tf.mul(conv.forward(x, { training: true }), y)).dataSync()[0]!;
      const right = tf.sum(tf.mul(up.forward(y, { training: true }), x)).dataSync()[0]!;
      expect(right).toBeCloseTo(left, 3);
    },
  );

  it('same padding of kernel 5, stride 2 starts one pixel outside, a number pads as many on every side (H12)', () => {
    const first = Float32Array.from({ length: 25 }, (_, at) => (at === 0 ? 1 : 0));
    const convolve = (padding: 'same' | number) =>
      build(
        [4, 4, 1],
        [
          {
            kind: 'convolution',
            name: 'c',
            filters: 1,
            kernel: 5,
            stride: 2,
            padding,
            initializer: { kind: 'values', values: first },
          },
        ],
      ).forward(
        tf.tensor4d(
          Float32Array.from({ length: 16 }, (_, at) => at),
          [1, 4, 4, 1],
        ),
        { training: true },
      );
    // The kernel's first tap reads row and column 2 i - padding before.
    expect([...convolve('same').dataSync()]).toEqual([0, 0, 0, 5]);
    expect([...convolve(2).dataSync()]).toEqual([0, 0, 0, 0]);
  });

  it('truncated normals stay within two deviations and have 0.88 of one (H13)', () => {
    const values = initialize({ kind: 'truncated-normal', deviation: 0.02 }, 50_000, 1, 1, createRandom(1));
    expect(values.every((value) => Math.abs(value) <= 0.04)).toBe(true);
    expect(Math.sqrt(moments([...values]).variance)).toBeCloseTo(0.0176, 4);
  });
});
