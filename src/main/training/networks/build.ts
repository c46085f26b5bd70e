// Variables and forward pass of a network, from its plan. Running statistics are variables like the weights, but
// not trainable, and change only where the caller says so.

import type * as TF from '@tensorflow/tfjs-core';
import type { NamedVariable, RandomSource, TensorFlow } from '../recipes/recipe.ts';
import { buildBatchNorm } from './batch-norm.ts';
import { innerPlan, lastOf, shapesOf, size } from './describe.ts';
import { initialize } from './initialize.ts';
import { buildInstanceNorm } from './instance-norm.ts';
import { appendMap, blend, enlarge, reflect } from './maps.ts';
import type {
  Activation,
  Convolution,
  Dense,
  Initializer,
  Layer,
  Maxout,
  NetworkPlan,
  Padding,
  Residual,
  Shape,
  TransposedConvolution,
} from './layers.ts';

/** How a forward pass runs. */
export interface Pass {
  /** Batch statistics and dropout (true), or evaluation (false). */
  readonly training: boolean;
  /** Training passes only: move the running statistics towards this batch. */
  readonly updateStatistics?: boolean;
  /** One-hot classes [n, classes]; needed by `append-class`. */
  readonly classes?: TF.Tensor2D;
  /** Share of the earlier layer in a `blend`, 0 to 1; needed by it. */
  readonly carry?: number;
}

export interface Network {
  readonly plan: NetworkPlan;
  /** In the order of the layers; names start with the network's. */
  readonly variables: readonly NamedVariable[];
  readonly trainable: readonly NamedVariable[];
  /** `x` is [n, ...input]; gives [n, ...output]. Call inside tf.tidy or a gradient function. */
  forward(x: TF.Tensor, pass: Pass): TF.Tensor;
}

/** What a layer's builder gets: it makes variables only through `variable`. */
export interface Site {
  readonly tf: TensorFlow;
  readonly network: string;
  readonly random: RandomSource;
  readonly input: Shape;
  readonly output: Shape;
  variable(name: string, shape: Shape, values: Float32Array, trainable?: boolean): TF.Variable;
  /** Takes up the variables of layers inside this one. */
  adopt(variables: readonly NamedVariable[]): void;
}
/** `earlier` gives the output of a layer before this one in the same pass. */
export type Forward = (x: TF.Tensor, pass: Pass, earlier: (layer: string) => TF.Tensor) => TF.Tensor;

export function buildNetwork(tf: TensorFlow, plan: NetworkPlan, random: RandomSource): Network {
  const variables: NamedVariable[] = [];
  const shapes = shapesOf(plan);
  const forwards = plan.layers.map((layer, at) => {
    const site: Site = {
      ...{ tf, random, network: plan.name },
      input: shapes[at]!,
      output: shapes[at + 1]!,
      variable: (name, of, values, trainable = true) => {
        const variable = tf.tidy(() => tf.variable(tf.tensor(values, [...of]), trainable));
        variables.push({ name: `${plan.name}/${layer.name}/${name}`, variable, trainable });
        return variable;
      },
      adopt: (inner) => void variables.push(...inner),
    };
    return buildLayer(layer, site);
  });
  return {
    plan,
    variables,
    trainable: variables.filter((named) => named.trainable),
    forward: (x, pass) => {
      const outputs = new Map<string, TF.Tensor>();
      return forwards.reduce((value, forward, at) => {
        const output = forward(value, pass, (name) => outputs.get(name)!);
        outputs.set(plan.layers[at]!.name, output);
        return output;
      }, x);
    },
  };
}

function buildLayer(layer: Layer, site: Site): Forward {
  switch (layer.kind) {
    case 'dense':
      return buildDense(layer, site);
    case 'maxout':
      return buildMaxout(layer, site);
    case 'convolution':
      return buildConvolution(layer, site);
    case 'transposed-convolution':
      return buildTransposed(layer, site);
    case 'batch-norm':
      return buildBatchNorm(layer, site);
    case 'instance-norm':
      return buildInstanceNorm(layer, site);
    case 'activation':
      return buildActivation(layer, site.tf);
    case 'dropout':
      return (x, pass) => (pass.training ? dropOut(site.tf, x, layer.keep, site.random) : x);
    case 'reshape':
      return (x) => site.tf.reshape(x, [x.shape[0]!, ...layer.shape]);
    case 'append-class':
      return (x, pass) => appendClass(site.tf, x, pass.classes, layer.name);
    case 'upsampling':
      return (x) => enlarge(site.tf, x, layer.factor);
    case 'average-pooling':
      return (x) => site.tf.avgPool(x as TF.Tensor4D, layer.size, layer.size, 'valid');
    case 'append-map':
      return (x, _pass, earlier) => appendMap(site.tf, x, earlier(layer.of));
    case 'blend':
      return (x, { carry }, earlier) => blend(site.tf, x, earlier(layer.of), carry, layer.name);
    case 'reflection-pad':
      return (x) => reflect(site.tf, x, layer.size);
    case 'residual':
      return buildResidual(layer, site);
  }
}

function buildResidual(layer: Residual, { tf, network, input, random, adopt }: Site): Forward {
  const inner = buildNetwork(tf, innerPlan(network, layer, input), random);
  adopt(inner.variables);
  return (x, pass) => tf.add(x, inner.forward(x, pass));
}

function buildWeights(
  layer: { initializer: Initializer; bias?: Initializer },
  site: Site,
  shape: Shape,
  fans: { readonly in: number; readonly out: number; readonly units: number },
): { kernel: TF.Variable; addBias: (x: TF.Tensor) => TF.Tensor } {
  const draw = (how: Initializer, count: number) => initialize(how, count, fans.in, fans.out, site.random);
  const kernel = site.variable('kernel', shape, draw(layer.initializer, size(shape)));
  if (!layer.bias) return { kernel, addBias: (x) => x };
  const bias = site.variable('bias', [fans.units], draw(layer.bias, fans.units));
  return { kernel, addBias: (x) => addBias(site.tf, x, bias) };
}

/** By one operation of the backend's, which it may join with the layer's own, or by a sum. */
function addBias(tf: TensorFlow, x: TF.Tensor, bias: TF.Tensor): TF.Tensor {
  if (!tf.getKernel('AddBias', tf.getBackend())) return tf.add(x, bias);
  return tf.engine().runKernel('AddBias', { x, bias });
}

function buildDense(layer: Dense, site: Site): Forward {
  const inputs = lastOf(site.input);
  const fans = { in: inputs, out: layer.units, units: layer.units };
  const { kernel, addBias } = buildWeights(layer, site, [inputs, layer.units], fans);
  return (x) => addBias(site.tf.matMul(x as TF.Tensor2D, kernel as TF.Tensor as TF.Tensor2D));
}

function buildMaxout(layer: Maxout, site: Site): Forward {
  const { tf } = site;
  const inputs = lastOf(site.input);
  const width = layer.units * layer.pieces;
  const fans = { in: inputs, out: width, units: width };
  const { kernel, addBias } = buildWeights(layer, site, [inputs, width], fans);
  return (x) => {
    const all = addBias(tf.matMul(x as TF.Tensor2D, kernel as TF.Tensor as TF.Tensor2D));
    return tf.max(tf.reshape(all, [x.shape[0]!, layer.units, layer.pieces]), 2);
  };
}

function buildConvolution(layer: Convolution, site: Site): Forward {
  const { tf } = site;
  const channels = lastOf(site.input);
  const area = layer.kernel * layer.kernel;
  const fans = { in: area * channels, out: area * layer.filters, units: layer.filters };
  const shape = [layer.kernel, layer.kernel, channels, layer.filters];
  const { kernel, addBias } = buildWeights(layer, site, shape, fans);
  const { padding, stride } = layer;
  return (x) => addBias(tf.conv2d(x as TF.Tensor4D, kernel as TF.Tensor as TF.Tensor4D, stride, paddingOf(padding)));
}

function buildTransposed(layer: TransposedConvolution, site: Site): Forward {
  const { tf } = site;
  const channels = lastOf(site.input);
  const area = layer.kernel * layer.kernel;
  const fans = { in: area * channels, out: area * layer.filters, units: layer.filters };
  const shape = [layer.kernel, layer.kernel, layer.filters, channels];
  const { kernel, addBias } = buildWeights(layer, site, shape, fans);
  const [height, width] = site.output as [number, number];
  const { padding, stride } = layer;
  return (x) => {
    const filter = kernel as TF.Tensor as TF.Tensor4D;
    const count = x.shape[0]!;
    const output: [number, number, number, number] = [count, height, width, layer.filters];
    return addBias(tf.conv2dTranspose(x as TF.Tensor4D, filter, output, stride, paddingOf(padding)));
  };
}

/** Numbers of pixels around, as the library wants them. */
export function paddingOf(padding: Padding | 'valid'): 'same' | 'valid' | TF.backend_util.ExplicitPadding {
  if (typeof padding === 'string') return padding;
  const around: [number, number] = [padding, padding];
  return padding === 0 ? 'valid' : [[0, 0], around, around, [0, 0]];
}

function buildActivation({ of, slope, name }: Activation, tf: TensorFlow): Forward {
  switch (of) {
    case 'relu':
      return (x) => tf.relu(x);
    case 'leaky-relu':
      if (slope === undefined) throw new TypeError(`${name}: leaky ReLU needs its slope`);
      return (x) => tf.leakyRelu(x, slope);
    case 'elu':
      return (x) => tf.elu(x);
    case 'tanh':
      return (x) => tf.tanh(x);
    case 'sigmoid':
      return (x) => tf.sigmoid(x);
  }
}

/** Inverted dropout with a mask from the run's generator (tf.dropout would use its own). */
function dropOut(tf: TensorFlow, x: TF.Tensor, keep: number, random: RandomSource): TF.Tensor {
  return tf.mul(x, random.maskTensor(tf, x.shape, keep));
}

function appendClass(tf: TensorFlow, x: TF.Tensor, classes: TF.Tensor2D | undefined, name: string): TF.Tensor {
  if (!classes) throw new TypeError(`${name}: this network needs classes`);
  if (x.rank === 2) return tf.concat([x, classes], 1);
  const [count, height, width] = x.shape as [number, number, number];
  const kinds = classes.shape[1];
  const everywhere = tf.mul(tf.reshape(classes, [count, 1, 1, kinds]), tf.ones([1, height, width, 1]));
  return tf.concat([x, everywhere], 3);
}
