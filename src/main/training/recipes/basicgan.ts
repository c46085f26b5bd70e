// The "BasicGAN" that post 003 compares its DCGAN with but never lists: one hidden layer in each network, and all else
// (data, range, prior, loss, optimizer) as the DCGAN has it, so that what differs between two runs is the convolutions.

import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { findLoss, lossReferenceLines } from '../losses.ts';
import type { Network } from '../networks/build.ts';
import { describeNetwork, size } from '../networks/describe.ts';
import type { NetworkPlan } from '../networks/layers.ts';
import { createAdam } from '../networks/optimizers.ts';
import { buildTwoPlayers } from '../networks/two-players.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, ImageRange, Recipe, TensorFlow } from './recipe.ts';
import { choice, number, whole } from './rows.ts';
import { squareRows, squareView, type SquareValues } from './square-view.ts';

/** The table below, as the checked values arrive. */
interface Values extends SquareValues {
  readonly batchSize: number;
  readonly loss: string;
  readonly gradientPenalty: number;
  readonly discriminatorUpdates: number;
  readonly labelSmoothing: number;
  readonly adamEpsilon: number;
  readonly l2: number;
  readonly initialDeviation: number;
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly latentSize: number;
  readonly prior: 'uniform' | 'normal';
  readonly latentLimit: number;
  readonly generatorUnits: number;
  readonly output: 'tanh' | 'sigmoid';
  readonly discriminatorUnits: number;
  readonly imageSize: 'data' | '28' | '64';
  readonly imageRange: ImageRange;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const UNITS = [1, 8192] as const;
const sizes = { data: 'as the data', 28: '28 x 28', 64: '64 x 64' };

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 100, sampleEvery: 100, checkpointEvery: 1000 }),
  ...shared.lossRows('non-saturating'),
  shared.smoothingRow(0),
  shared.epsilonRow(1e-8),
  shared.l2Row(0),
  number('training', 'initialDeviation', 'First weights', 0.01, [0.0001, 1],
    'Standard deviation of the normal distribution that every first weight is drawn from.', { scale: 'log' }),
  shared.learningRateRow('generator', 2e-4),
  shared.beta1Row('generator', 0.5),
  shared.latentSizeRow(100),
  shared.priorRow('uniform'),
  shared.latentLimitRow(1),
  whole('generator', 'generatorUnits', 'Hidden layer', 256, UNITS,
    'Units of the only hidden layer.', { unit: 'units' }),
  shared.outputRow('tanh'),
  shared.learningRateRow('discriminator', 2e-4),
  shared.beta1Row('discriminator', 0.5),
  whole('discriminator', 'discriminatorUnits', 'Hidden layer', 256, UNITS,
    'Units of the only hidden layer.', { unit: 'units' }),
  choice('data', 'imageSize', 'Image size', 'data', sizes,
    'Size that images are brought to: that of the DCGAN run to compare with.'),
  ...squareRows(),
  shared.imageRangeRow('-1..1'),
];

const presets: readonly Preset[] = [
  {
    id: 'app',
    label: 'App',
    about: 'To be compared with DCGAN 28x28: the same data, range, loss and optimizer.',
    values: {},
  },
  {
    id: 'small',
    label: 'Small',
    about: 'A quarter of the width, for a computer without a GPU.',
    values: { generatorUnits: 64, discriminatorUnits: 64 },
  },
  {
    id: 'post',
    label: 'Post (64x64)',
    about:
      'To be compared with DCGAN 64x64 on faces, as the article does; its own network is not in the article, so this is ours.',
    values: { batchSize: 64, imageSize: '64' },
  },
];

export const basicgan: Recipe = {
  id: 'basicgan',
  title: 'BasicGAN',
  source: 'The article that compares DCGAN with a basic GAN; after Goodfellow et al. 2014, arXiv 1406.2661',
  about: 'One hidden layer in each network: what a DCGAN of the same settings is compared with.',
  parameters,
  presets,
  takes: 'images',
  data: ['mnist', 'fashion', 'kmnist', 'celeba', 'lfw', 'olivetti', 'cifar10', 'folder', 'glyphs'],
  defaultSteps: 5000,
  imagesPerStep: (parameters) => Number(parameters['batchSize']) * Number(parameters['discriminatorUpdates']),
  view: (parameters, data) => {
    const values = valuesOf(parameters);
    const square = squareView(values, Number(values.imageSize), data);
    return values.imageSize === 'data' ? { ...(square.channels && { channels: square.channels }) } : square;
  },
  describe: (parameters, shape) => {
    const values = valuesOf(parameters);
    return [describeNetwork(generatorPlan(values, shape)), describeNetwork(discriminatorPlan(values, shape))];
  },
  referenceLines: (parameters) => {
    const { loss, labelSmoothing } = valuesOf(parameters);
    return lossReferenceLines(findLoss(loss), 1 - labelSmoothing);
  },
  imageRange: (parameters) => valuesOf(parameters).imageRange,
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const { latentSize, prior, latentLimit, gradientPenalty, discriminatorUpdates } = values;
    const plan = {
      ...{ latentSize, prior, latentLimit, gradientPenalty, discriminatorUpdates },
      generator: generatorPlan(values, shape),
      discriminator: discriminatorPlan(values, shape),
      loss: findLoss(values.loss),
      target: 1 - values.labelSmoothing,
      classes: 0,
      optimizer: (network: Network) => optimizerOf(tf, values, network),
    };
    return buildTwoPlayers(tf, plan, random);
  },
};

const weightsOf = ({ initialDeviation: deviation }: Values) =>
  ({ initializer: { kind: 'normal', deviation }, bias: { kind: 'zeros' } }) as const;

function generatorPlan(values: Values, { height, width, channels }: DataShape): NetworkPlan {
  const image = [height, width, channels];
  return {
    name: 'generator',
    input: [values.latentSize],
    layers: [
      { kind: 'dense', name: 'dense1', units: values.generatorUnits, ...weightsOf(values) },
      { kind: 'activation', name: 'relu1', of: 'relu' },
      { kind: 'dense', name: 'dense2', units: size(image), ...weightsOf(values) },
      { kind: 'activation', name: values.output, of: values.output },
      { kind: 'reshape', name: 'image', shape: image },
    ],
  };
}

function discriminatorPlan(values: Values, { height, width, channels }: DataShape): NetworkPlan {
  const image = [height, width, channels];
  return {
    name: 'discriminator',
    input: image,
    layers: [
      { kind: 'reshape', name: 'flat', shape: [size(image)] },
      { kind: 'dense', name: 'dense1', units: values.discriminatorUnits, ...weightsOf(values) },
      { kind: 'activation', name: 'relu1', of: 'relu' },
      { kind: 'dense', name: 'logit', units: 1, ...weightsOf(values) },
    ],
  };
}

function optimizerOf(tf: TensorFlow, values: Values, network: Network) {
  const isGenerator = network.plan.name === 'generator';
  const rate = isGenerator ? values.generatorLearningRate : values.discriminatorLearningRate;
  const beta1 = isGenerator ? values.generatorBeta1 : values.discriminatorBeta1;
  const { adamEpsilon: epsilon, l2 } = values;
  return createAdam(tf, network.trainable, { learningRate: () => rate, beta1, beta2: 0.999, epsilon, l2 });
}
