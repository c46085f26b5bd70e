// The layers that networks from image to image are made of: values that PyTorch 2.14 gives for them, names, counts and
// shapes of layers inside layers.

import type * as TF from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../../../src/main/training/backends/list.ts';
import { buildNetwork } from '../../../../src/main/training/networks/build.ts';
import { describeNetwork, size } from '../../../../src/main/training/networks/describe.ts';
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
const norm = { kind: 'instance-norm', name: 'norm', scale: false, offset: false, epsilon: 1e-5 } as const;
const expectClose = (found: ArrayLike<number>, wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, at) => expect(found[at], `${at}`).toBeCloseTo(value, 5));
};

describe('instance norm', () => {
  // torch.nn.functional.instance_norm(torch.tensor([1., 2., 3., 6., 0., 0., 4., 4.]).reshape(2, 1, 2, 2), eps=1e-5)
  const inputs = [1, 2, 3, 6, 0, 0, 4, 4];
  const outputs = [-1.0690434, -0.5345217, 0, 1.603565, -0.9999987, -0.9999987, 0.9999987, 0.9999987];

  it('takes each image by itself, in training and in evaluation alike', () => {
    const network = build([2, 2, 1], [norm]);
    const x = tf.tensor4d(inputs, [2, 2, 2, 1]);
    expectClose(network.forward(x, pass).dataSync(), outputs);
    expectClose(network.forward(x, { training: false }).dataSync(), outputs);
    expect(network.variables).toEqual([]);
  });

  it('takes each channel by itself, and may scale and move it', () => {
    const network = build([2, 2, 2], [{ ...norm, scale: true, scaleDeviation: 0.02, offset: true }]);
    const [gamma, beta] = network.trainable as [(typeof network.trainable)[0], (typeof network.trainable)[0]];
    expect([gamma.name, beta.name]).toEqual(['net/norm/gamma', 'net/norm/beta']);
    for (const value of gamma.variable.dataSync()) expect(value).toBeCloseTo(1, 0);
    expect(gamma.variable.dataSync()[0]).not.toBe(1);
    gamma.variable.assign(tf.tensor1d([2, 3]));
    beta.variable.assign(tf.tensor1d([0.5, -1]));
    // Both images of the case above as the channels of one.
    const x = tf.tensor4d([1, 0, 2, 0, 3, 4, 6, 4], [1, 2, 2, 2]);
    const wanted = [0, 1, 2, 3].flatMap((at) => [2 * outputs[at]! + 0.5, 3 * outputs[4 + at]! - 1]);
    expectClose(network.forward(x, pass).dataSync(), wanted);
  });
});

it('reflection leaves out the edge itself', () => {
  // torch.nn.ReflectionPad2d(1)(torch.arange(1., 7.).reshape(1, 1, 2, 3))
  const network = build([2, 3, 1], [{ kind: 'reflection-pad', name: 'pad', size: 1 }]);
  expect([...network.forward(tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]), pass).dataSync()]).toEqual([
    ...[5, 4, 5, 6, 5, 2, 1, 2, 3, 2, 5, 4, 5, 6, 5, 2, 1, 2, 3, 2],
  ]);
  expect(() => build([3, 5, 1], [{ kind: 'reflection-pad', name: 'pad', size: 3 }])).toThrow(
    'net/pad: expected sides over 3, found [3, 5, 1]',
  );
});

it('a transposed convolution of kernel 3, stride 2 and padding 1 is that of PyTorch with output padding 1', () => {
  // layer = torch.nn.ConvTranspose2d(1, 1, 3, 2, 1, 1, bias=False); layer.weight.data = torch.arange(1., 10.).reshape(1, 1, 3, 3)
  // layer(torch.tensor([[[[1., 2.], [3., 4.]]]])). By hand: output row o gets input row i by tap o - 2 i + 1.
  const layer = { kind: 'transposed-convolution', name: 'up', filters: 1, kernel: 3, stride: 2 } as const;
  const kernel = { initializer: values(1, 2, 3, 4, 5, 6, 7, 8, 9) };
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const made = (padding: 1 | 'same') => [
    ...build([2, 2, 1], [{ ...layer, ...kernel, padding }])
      .forward(x, pass)
      .dataSync(),
  ];
  expect(made(1)).toEqual([5, 14, 10, 12, 14, 36, 24, 30, 15, 34, 20, 24, 24, 55, 32, 36]);
  // TensorFlow's `same` stands one pixel off: its first row gets the first tap.
  expect(made('same').slice(0, 4)).toEqual([1, 2, 5, 4]);
});

describe('a residual layer', () => {
  const inner: Layer[] = [
    { kind: 'reflection-pad', name: 'pad', size: 1 },
    {
      kind: 'convolution',
      name: 'conv',
      filters: 1,
      kernel: 3,
      stride: 1,
      padding: 0,
      initializer: values(...[0, 0, 0, 0, -2, 0, 0, 0, 0]),
      bias: values(1),
    },
    { kind: 'activation', name: 'relu', of: 'relu' },
  ];
  const block = { kind: 'residual', name: 'block1', layers: inner } as const;

  it('adds its input to what its layers give, with nothing after the sum', () => {
    const network = build([2, 2, 1], [block]);
    const x = tf.tensor4d([1, -1, 0, -3], [1, 2, 2, 1]);
    // x + relu(1 - 2 x)
    expect([...network.forward(x, pass).dataSync()]).toEqual([1, 2, 1, 4]);
    const slopes = tf.grad((at: TF.Tensor) => tf.sum(network.forward(at, pass)))(x);
    expect([...slopes.dataSync()]).toEqual([1, -1, -1, -1]);
  });

  it('names and counts the layers inside it, also of layers inside those', () => {
    const outer: Layer = { kind: 'residual', name: 'outer', layers: [block, { ...norm, scale: true }] };
    const plan = { name: 'net', input: [4, 4, 1], layers: [outer] };
    const { layers, trainable } = describeNetwork(plan);
    expect(layers.map(({ name, output, parameters }) => [name, output.join('x'), parameters])).toEqual([
      ['outer/block1/pad', '6x6x1', 0],
      ['outer/block1/conv', '4x4x1', 10],
      ['outer/block1/relu', '4x4x1', 0],
      ['outer/block1', '4x4x1', 0],
      ['outer/norm', '4x4x1', 1],
      ['outer', '4x4x1', 0],
    ]);
    const network = buildNetwork(tf, plan, createRandom(1));
    expect(network.trainable.map(({ name }) => name)).toEqual([
      ...['net/outer/block1/conv/kernel', 'net/outer/block1/conv/bias', 'net/outer/norm/gamma'],
    ]);
    expect(trainable).toBe(network.trainable.reduce((sum, { variable }) => sum + size(variable.shape), 0));
    expect(layers[1]!.multiplyAdds).toBe(16 * 9);
  });

  it('whose layers change the shape is refused, and so is a layer inside that does not fit', () => {
    const of = (layers: Layer[]) => describeNetwork({ name: 'net', input: [4, 4, 1], layers });
    expect(() => of([{ kind: 'residual', name: 'block', layers: inner.slice(1) }])).toThrow(
      'net/block: expected the shape its layers give, [2, 2, 1], found [4, 4, 1]',
    );
    expect(() => of([{ ...block, layers: [{ kind: 'reshape', name: 'flat', shape: [7] }] }])).toThrow(
      'net/block1/flat: expected 7 values, found [4, 4, 1]',
    );
  });
});
