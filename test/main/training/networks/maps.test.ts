// Layers that change the size of a map or join it with an earlier one: values and gradients worked out by hand.

import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { buildNetwork } from '../../../../src/main/training/networks/build.ts';
import { describeNetwork } from '../../../../src/main/training/networks/describe.ts';
import type { Layer } from '../../../../src/main/training/networks/layers.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import type { TensorFlow } from '../../../../src/main/training/recipes/recipe.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('auto'));
});

const build = (input: readonly number[], layers: readonly Layer[]) =>
  buildNetwork(tf, { name: 'net', input, layers }, createRandom(1));
const values = (...numbers: number[]) => ({ kind: 'values', values: Float32Array.from(numbers) }) as const;
const pass = { training: true };

describe('sizes of maps', () => {
  it('upsampling repeats each pixel, and its gradient adds the copies', () => {
    const network = build([2, 1, 1], [{ kind: 'upsampling', name: 'up', factor: 2 }]);
    const x = tf.tensor4d([1, 2], [1, 2, 1, 1]);
    expect([...network.forward(x, pass).dataSync()]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    const weights = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 4, 2, 1]);
    const gradient = tf.grad((at) => tf.sum(tf.mul(network.forward(at, pass), weights)))(x);
    expect([...gradient.dataSync()]).toEqual([1 + 2 + 3 + 4, 5 + 6 + 7 + 8]);
  });

  it('average pooling gives means, and its gradient shares them out', () => {
    const network = build([2, 4, 1], [{ kind: 'average-pooling', name: 'pool', size: 2 }]);
    const x = tf.tensor4d([1, 2, 10, 20, 3, 6, 30, 40], [1, 2, 4, 1]);
    expect([...network.forward(x, pass).dataSync()]).toEqual([3, 25]);
    const gradient = tf.grad((at) => tf.sum(tf.mul(network.forward(at, pass), tf.tensor4d([4, 8], [1, 1, 2, 1]))))(x);
    expect([...gradient.dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it('a transposed convolution without padding makes a map from one pixel, as the gradient of a whole one', () => {
    const kernel = createRandom(2).normal(4 * 4 * 3 * 2, 0, 1);
    const shared = { kernel: 4, stride: 1, initializer: values(...kernel) } as const;
    const up = build(
      [1, 1, 2],
      [{ kind: 'transposed-convolution', name: 'up', filters: 3, padding: 'valid', ...shared }],
    );
    const down = build([4, 4, 3], [{ kind: 'convolution', name: 'down', filters: 2, padding: 0, ...shared }]);
    const x = tf.tensor4d(createRandom(3).normal(48, 0, 1), [1, 4, 4, 3]);
    const y = tf.tensor4d([0.5, -2], [1, 1, 1, 2]);
    const made = up.forward(y, pass);
    expect(made.shape).toEqual([1, 4, 4, 3]);
    const left = tf.sum(tf.mul(down.forward(x, pass), y)).dataSync()[0]!;
    expect(tf.sum(tf.mul(made, x)).dataSync()[0]).toBeCloseTo(left, 4);
  });
});

describe('joining maps', () => {
  const layers: Layer[] = [
    { kind: 'reshape', name: 'first', shape: [1, 1, 2] },
    {
      kind: 'convolution',
      name: 'conv',
      filters: 2,
      kernel: 1,
      stride: 1,
      padding: 'same',
      initializer: values(0, 1, 1, 0),
    },
    { kind: 'blend', name: 'blend', of: 'first' },
    { kind: 'upsampling', name: 'up', factor: 2 },
    { kind: 'append-map', name: 'skip', of: 'first' },
  ];

  it('a blend goes from its input at carry 1 to its output at 0, and a skip appends the earlier map enlarged', () => {
    const network = build([2], layers);
    const at = (carry: number) => [
      ...network
        .forward(tf.tensor2d([[3, 7]]), { training: true, carry })
        .dataSync()
        .slice(0, 4),
    ];
    // The convolution swaps the two channels; the skip is behind them.
    expect(at(1)).toEqual([3, 7, 3, 7]);
    expect(at(0.75)).toEqual([4, 6, 3, 7]);
    expect(at(0)).toEqual([7, 3, 3, 7]);
    const { layers: summaries } = describeNetwork(network.plan);
    expect(summaries.map(({ output }) => output)).toEqual([
      [1, 1, 2],
      [1, 1, 2],
      [1, 1, 2],
      [2, 2, 2],
      [2, 2, 4],
    ]);
    expect(() => network.forward(tf.tensor2d([[3, 7]]), pass)).toThrow('blend: this network needs its carry');
  });

  it('gradients go through both of what is joined', () => {
    const network = build([2], layers);
    const gradient = tf.grad((x) => tf.sum(network.forward(x, { training: true, carry: 0.75 })))(tf.tensor2d([[3, 7]]));
    // Four pixels of a blend whose two shares add to 1, and four of the skip.
    expect([...gradient.dataSync()]).toEqual([8, 8]);
  });

  it.each<[string, readonly number[], Layer, string]>([
    [
      'a blend of another shape',
      [2, 2, 1],
      { kind: 'blend', name: 'b', of: 'first' },
      'net/b: expected the shape of first, [1, 1, 4], found [2, 2, 1]',
    ],
    [
      'a skip that is no multiple',
      [3, 2, 1],
      { kind: 'append-map', name: 's', of: 'first' },
      'net/s: expected a multiple of the sides of first',
    ],
    [
      'a pool of odd sides',
      [3, 2, 1],
      { kind: 'average-pooling', name: 'p', size: 2 },
      'net/p: expected sides divisible by 2, found [3, 2, 1]',
    ],
  ])('%s is refused with what was expected and found', (_, shape, layer, message) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const first: Layer = { kind: 'reshape', name: 'first', shape: [1, 1, size] };
    const plan = {
      name: 'net',
      input: [size],
      layers: [first, { kind: 'reshape', name: 'map', shape }, layer] as Layer[],
    };
    expect(() => describeNetwork(plan)).toThrow(message);
  });
});
