// The GAN of two multilayer perceptrons: the author's network of post 001 (`mnist_fc`), and the original code of the
// paper "Generative Adversarial Networks" (arXiv 1406.2661; goodfeli/adversarial, mnist.yaml).

import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { findLoss, lossReferenceLines } from '../losses.ts';
import { describeNetwork, size } from '../networks/describe.ts';
import { dropoutIf, type Initializer, type Layer, type NetworkPlan } from '../networks/layers.ts';
import { createAdam, createMomentum, type Optimizer } from '../networks/optimizers.ts';
import { buildTwoPlayers } from '../networks/two-players.ts';
import type { Network } from '../networks/build.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, ImageRange, Recipe, TensorFlow } from './recipe.ts';
import { choice, number, toggle, whole } from './rows.ts';

/** The table below, as the checked values arrive. */
interface Values {
  readonly loss: string;
  readonly gradientPenalty: number;
  readonly discriminatorUpdates: number;
  readonly labelSmoothing: number;
  readonly optimizer: 'adam' | 'momentum';
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly adamEpsilon: number;
  readonly l2: number;
  readonly firstMomentum: number;
  readonly lastMomentum: number;
  readonly momentumSteps: number;
  readonly rateDivisor: number;
  readonly initialWeights: 'fan-in' | 'uniform';
  readonly latentSize: number;
  readonly prior: 'uniform' | 'normal';
  readonly latentLimit: number;
  readonly generatorUnits: number;
  readonly generatorDropoutKeep: number;
  readonly output: 'tanh' | 'sigmoid';
  readonly biasFromData: boolean;
  readonly discriminatorKind: 'relu' | 'maxout';
  readonly discriminatorUnits: number;
  readonly dropoutKeep: number;
  readonly imageRange: ImageRange;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const UNITS = [1, 8192] as const;
const SHARE = [0.05, 1] as const;

const optimizers = { adam: 'Adam', momentum: 'SGD with momentum' };
const initialWeights = { 'fan-in': 'by number of inputs', uniform: "the original code's uniform" };
const discriminatorKinds = { relu: 'ReLU', maxout: 'Maxout' };

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 100, sampleEvery: 200, checkpointEvery: 2000 }),
  ...shared.lossRows('non-saturating'),
  shared.smoothingRow(0),
  choice('training', 'optimizer', 'Optimizer', 'adam', optimizers,
    'Adam, or gradient descent with momentum as the original code has it.'),
  shared.epsilonRow(1e-8),
  shared.l2Row(0),
  number('training', 'firstMomentum', 'Momentum at the start', 0.5, [0, 0.999],
    'Share of the last update that the next one keeps; used by SGD with momentum only.'),
  number('training', 'lastMomentum', 'Momentum at the end', 0.7, [0, 0.999],
    'Momentum reached in a straight line; used by SGD with momentum only.'),
  whole('training', 'momentumSteps', 'Momentum grows over', 125_000, [1, 100_000_000],
    'Steps until the last momentum is reached; 250 epochs of 500 batches in the original code.', { unit: 'steps' }),
  number('training', 'rateDivisor', 'Learning rate divisor', 1, [1, 1.1],
    'Both learning rates are divided by this after each update, down to 1e-6; 1 leaves them alone.'),
  choice('training', 'initialWeights', 'First weights', 'fan-in', initialWeights,
    'Normal with deviation 1/sqrt(inputs), or uniform: 0.05 in the generator, 0.005 in the discriminator.'),
  shared.learningRateRow('generator', 2e-4),
  shared.beta1Row('generator', 0.5),
  shared.latentSizeRow(100),
  shared.priorRow('uniform'),
  shared.latentLimitRow(1),
  whole('generator', 'generatorUnits', 'Hidden layers', 100, UNITS,
    'Units of each of the two hidden layers.', { unit: 'units' }),
  number('generator', 'generatorDropoutKeep', 'Dropout keeps', 1, SHARE,
    'Share of the last hidden layer that each update keeps; 1 drops nothing.'),
  shared.outputRow('tanh'),
  toggle('generator', 'biasFromData', 'Bias from data', false,
    'The output starts from the mean of each pixel over the data, as the original code does; for sigmoid.'),
  shared.learningRateRow('discriminator', 2e-4),
  shared.beta1Row('discriminator', 0.5),
  choice('discriminator', 'discriminatorKind', 'Hidden layers are', 'relu', discriminatorKinds,
    'ReLU with dropout before the last layer, or maxout of five pieces with dropout before every layer.'),
  whole('discriminator', 'discriminatorUnits', 'Hidden layers', 100, UNITS,
    'Units of each of the two hidden layers.', { unit: 'units' }),
  number('discriminator', 'dropoutKeep', 'Dropout keeps', 0.5, SHARE,
    'Share of a hidden layer that each update keeps; maxout keeps 0.8 of the image as well.'),
  shared.imageRangeRow('-1..1'),
];

const presets: readonly Preset[] = [
  { id: 'app', label: 'App', about: "The article author's widths, with images in the range of tanh.", values: {} },
  {
    id: 'post',
    label: 'Post',
    about:
      "The article author's network: images in 0 to 1 against tanh, dropout in both, weight decay. Left out is its " +
      "mistake of using the discriminator's tanh as a logit, which keeps its loss above 0.6265.",
    values: { batchSize: 401, l2: 1e-5, generatorDropoutKeep: 0.5, imageRange: '0..1' },
  },
  {
    id: 'paper',
    label: 'Paper (original code)',
    about:
      "The original code's networks and schedule; that code updates both networks at once from one batch, here the " +
      'discriminator comes first.',
    values: {
      loss: 'halved',
      optimizer: 'momentum',
      rateDivisor: 1.000004,
      initialWeights: 'uniform',
      generatorLearningRate: 0.1,
      discriminatorLearningRate: 0.1,
      generatorUnits: 1200,
      biasFromData: true,
      // The code's uniform noise has unit variance.
      latentLimit: 1.7320508,
      output: 'sigmoid',
      imageRange: '0..1',
      discriminatorKind: 'maxout',
      discriminatorUnits: 240,
    },
  },
];

export const ganMlp: Recipe = {
  id: 'gan-mlp',
  title: 'MLP GAN',
  source: 'Goodfellow et al. 2014, arXiv 1406.2661; the article on GAN and the KL variant',
  about: 'The first GAN: two small networks of dense layers. Fast everywhere, and rough.',
  parameters,
  presets,
  takes: 'images',
  data: ['mnist', 'fashion', 'kmnist', 'glyphs'],
  // 30 epochs of 60,000 images in batches of 100.
  defaultSteps: 18_000,
  imagesPerStep: (parameters) => Number(parameters['batchSize']) * Number(parameters['discriminatorUpdates']),
  describe: (parameters, shape) => {
    const values = valuesOf(parameters);
    return [describeNetwork(generatorPlan(values, shape)), describeNetwork(discriminatorPlan(values, shape))];
  },
  referenceLines: (parameters) => {
    const values = valuesOf(parameters);
    return lossReferenceLines(findLoss(values.loss), 1 - values.labelSmoothing);
  },
  imageRange: (parameters) => valuesOf(parameters).imageRange,
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const { latentSize, prior, latentLimit, gradientPenalty, discriminatorUpdates } = values;
    const plan = {
      ...{ latentSize, prior, latentLimit, gradientPenalty, discriminatorUpdates },
      generator: generatorPlan(values, shape, outputBias(values, shape)),
      discriminator: discriminatorPlan(values, shape),
      loss: findLoss(values.loss),
      target: 1 - values.labelSmoothing,
      classes: 0,
      optimizer: (network: Network) => optimizerOf(tf, values, network),
    };
    return buildTwoPlayers(tf, plan, random);
  },
};

const zeros: Initializer = { kind: 'zeros' };

function generatorPlan(values: Values, shape: DataShape, bias: Initializer = zeros): NetworkPlan {
  const initializer: Initializer =
    values.initialWeights === 'uniform' ? { kind: 'uniform', range: 0.05 } : { kind: 'fan-in' };
  const image = [shape.height, shape.width, shape.channels];
  return {
    name: 'generator',
    input: [values.latentSize],
    layers: [
      { kind: 'dense', name: 'dense1', units: values.generatorUnits, initializer, bias: zeros },
      { kind: 'activation', name: 'relu1', of: 'relu' },
      { kind: 'dense', name: 'dense2', units: values.generatorUnits, initializer, bias: zeros },
      { kind: 'activation', name: 'relu2', of: 'relu' },
      ...dropoutIf(values.generatorDropoutKeep, 'dropout'),
      { kind: 'dense', name: 'dense3', units: size(image), initializer, bias },
      { kind: 'activation', name: values.output, of: values.output },
      { kind: 'reshape', name: 'image', shape: image },
    ],
  };
}

function discriminatorPlan(values: Values, shape: DataShape): NetworkPlan {
  const initializer: Initializer =
    values.initialWeights === 'uniform' ? { kind: 'uniform', range: 0.005 } : { kind: 'fan-in' };
  const weights = { units: values.discriminatorUnits, initializer, bias: zeros };
  const image = [shape.height, shape.width, shape.channels];
  const hidden: readonly Layer[] =
    values.discriminatorKind === 'maxout'
      ? [
          ...dropoutIf(0.8, 'dropout1'),
          { kind: 'maxout', name: 'maxout1', pieces: 5, ...weights },
          ...dropoutIf(values.dropoutKeep, 'dropout2'),
          { kind: 'maxout', name: 'maxout2', pieces: 5, ...weights },
        ]
      : [
          { kind: 'dense', name: 'dense1', ...weights },
          { kind: 'activation', name: 'relu1', of: 'relu' },
          { kind: 'dense', name: 'dense2', ...weights },
          { kind: 'activation', name: 'relu2', of: 'relu' },
        ];
  return {
    name: 'discriminator',
    input: image,
    layers: [
      { kind: 'reshape', name: 'flat', shape: [size(image)] },
      ...hidden,
      ...dropoutIf(values.dropoutKeep, 'dropout3'),
      { kind: 'dense', name: 'logit', units: 1, initializer, bias: zeros },
    ],
  };
}

/** The b for which sigmoid(b) is the mean of each pixel, kept away from 0 and 1 as pylearn2 does. */
function outputBias(values: Values, shape: DataShape): Initializer {
  if (!values.biasFromData || !shape.pixelMeans) return zeros;
  const clipped = shape.pixelMeans().map((mean) => Math.min(1 - 1e-7, Math.max(1e-7, mean)));
  return { kind: 'values', values: clipped.map((mean) => Math.log(mean / (1 - mean))) };
}

function optimizerOf(tf: TensorFlow, values: Values, network: Network): Optimizer {
  const isGenerator = network.plan.name === 'generator';
  const rate = isGenerator ? values.generatorLearningRate : values.discriminatorLearningRate;
  const learningRate = (done: number) => Math.max(Math.min(rate, 1e-6), rate / values.rateDivisor ** done);
  if (values.optimizer === 'momentum') {
    const { firstMomentum, lastMomentum, momentumSteps } = values;
    const momentum = (done: number) =>
      firstMomentum + (lastMomentum - firstMomentum) * Math.min(1, done / momentumSteps);
    return createMomentum(tf, network.trainable, { learningRate, momentum });
  }
  const beta1 = isGenerator ? values.generatorBeta1 : values.discriminatorBeta1;
  const { adamEpsilon: epsilon, l2 } = values;
  return createAdam(tf, network.trainable, { learningRate, beta1, beta2: 0.999, epsilon, l2 });
}
