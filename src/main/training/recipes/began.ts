// BEGAN (Berthelot, Schumm, Metz 2017, arXiv 1703.10717): the discriminator is an autoencoder, and a feedback keeps its
// losses on reals and fakes in balance. The paper, carpedm20/BEGAN-tensorflow, and the code of the article's author.

import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { describeNetwork } from '../networks/describe.ts';
import { createAdam } from '../networks/optimizers.ts';
import { buildBegan, type BeganPlan } from './began/model.ts';
import { beganPlans } from './began/networks.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, ImageRange, Recipe } from './recipe.ts';
import { choice, number, whole } from './rows.ts';
import { squareRows, squareView, type SquareValues } from './square-view.ts';

/** The table below, as the checked values arrive. */
interface Values extends SquareValues {
  readonly imageSize: string;
  readonly architecture: 'plain' | 'residual';
  readonly downsampling: 'strided' | 'pooled';
  readonly carrySteps: number;
  readonly order: BeganPlan['order'];
  readonly gamma: number;
  readonly kGain: number;
  readonly rateRule: 'constant' | 'steps' | 'plateau';
  readonly rateEvery: number;
  readonly ratePatience: number;
  readonly rateFloor: number;
  readonly adamEpsilon: number;
  readonly firstWeights: 'glorot' | 'normal';
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly latentSize: number;
  readonly filters: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly imageRange: ImageRange;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const imageSizes = { '16': '16 x 16', '32': '32 x 32', '64': '64 x 64', '128': '128 x 128' };
const architectures = { plain: 'Plain', residual: 'Skips and vanishing residuals' };
const downsamplings = { strided: 'convolutions of stride 2', pooled: '1x1 convolution and 2x2 means' };
const orders = {
  simultaneous: 'Both at once',
  'discriminator-first': 'Discriminator, then generator',
  'generator-first': 'Generator, then discriminator',
};
const rateRules = { constant: 'Never', steps: 'Every so many steps', plateau: 'When M stalls' };
const initializers = { glorot: 'Glorot uniform', normal: 'Normal, 0.02' };
const best = { 'convergence/m_global': 'Lowest M' };
const inSteps = { unit: 'steps', scale: 'log' } as const;

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 16, sampleEvery: 500, checkpointEvery: 5000, best }),
  choice('training', 'architecture', 'Architecture', 'plain', architectures,
    "Plain as in carpedm20's code, or the paper's: the decoder's first map joins each later one, and convolutions start as nothing."),
  choice('training', 'downsampling', 'Encoder halves with', 'strided', downsamplings,
    "How the discriminator's encoder makes its maps smaller."),
  whole('training', 'carrySteps', 'Residuals vanish over', 16_000, [1, 100_000_000],
    'Steps until convolutions count for all and their inputs for nothing; of the vanishing residuals only.', inSteps),
  choice('training', 'order', 'Order of updates', 'simultaneous', orders,
    'Whether both networks move at once from the same weights, or one sees what the other has become.'),
  number('training', 'gamma', 'Diversity ratio', 0.5, [0, 1],
    'Wanted ratio of the losses of fakes and reals: lower gives cleaner images, higher more different ones.'),
  number('training', 'kGain', 'Gain of k', 0.001, [0, 1],
    'By how much the balance moves k in one step.', { scale: 'log' }),
  choice('training', 'rateRule', 'Halve learning rates', 'plateau', rateRules,
    'When both learning rates are halved.'),
  whole('training', 'rateEvery', 'Halving looks every', 2000, [1, 100_000_000],
    'Steps between halvings, or steps over which M is averaged before a look at it.', inSteps),
  whole('training', 'ratePatience', 'Patience', 3, [1, 1000],
    'So many looks at M without a gain of 1 % halve the rates; used when M stalls only.', { unit: 'looks' }),
  number('training', 'rateFloor', 'Lowest learning rate', 2e-5, [1e-8, 1],
    'No halving goes below it.', { scale: 'log' }),
  shared.epsilonRow(1e-8),
  choice('training', 'firstWeights', 'First weights', 'glorot', initializers,
    'Distribution that every first weight is drawn from; biases start at 0.'),
  shared.learningRateRow('generator', 1e-4),
  shared.beta1Row('generator', 0.5),
  shared.latentSizeRow(64),
  whole('generator', 'filters', 'Filters', 64, [1, 1024],
    'Of every convolution of generator and decoder; the encoder has multiples of it.'),
  shared.learningRateRow('discriminator', 1e-4),
  shared.beta1Row('discriminator', 0.5),
  choice('data', 'imageSize', 'Image size', '64', imageSizes,
    'Side of the images, which the data is resized to.'),
  ...squareRows(),
  shared.imageRangeRow('-1..1'),
];

const presets: readonly Preset[] = [
  {
    id: 'app',
    label: 'App',
    about: "carpedm20's network at half the width, with the paper's learning rate, halved when M stalls.",
    values: {},
  },
  {
    id: 'small',
    label: 'Small (BEGAN-S)',
    about:
      '32 x 32 pixels and a quarter of the width, for a computer without a GPU; judge it by M, as k needs 1,000 steps.',
    values: { imageSize: '32', filters: 16, latentSize: 32 },
  },
  {
    id: 'smallest',
    label: 'Smallest (BEGAN-XS)',
    about: '16 x 16 grey pixels, to see the feedback at work within minutes.',
    values: { imageSize: '16', filters: 16, latentSize: 32, colours: 'grey' },
  },
  {
    id: 'paper',
    label: 'Paper',
    about:
      "The paper's largest network with its skips and vanishing residuals; its face set is private, so take any faces. It " +
      'draws a z of its own for each term, here one serves both, and the widths of the encoder are read from its drawing.',
    values: {
      ...{ imageSize: '128', filters: 128, architecture: 'residual' },
      ...{ generatorBeta1: 0.9, discriminatorBeta1: 0.9 },
    },
  },
  {
    id: 'reference',
    label: 'carpedm20',
    about:
      "carpedm20's code at 64 x 64: no skips, rates halved by the step count. Its beta 1 of 0.5 never reaches Adam, which " +
      'uses 0.9; so it is here. Left out: images always made with 3 channels, whatever the data.',
    values: {
      ...{ filters: 128, rateRule: 'steps', rateEvery: 100_000, crop: 'face-128', resize: 'nearest' },
      ...{ generatorLearningRate: 8e-5, discriminatorLearningRate: 8e-5 },
      ...{ generatorBeta1: 0.9, discriminatorBeta1: 0.9 },
    },
  },
  {
    id: 'post',
    label: 'Post',
    about:
      "The article author's code for CIFAR-10: means instead of the strided convolutions its text describes, images in 0 to 1, " +
      'the generator first. Left out are its scrambled order of colours and rows, and the use of a fifth of the data.',
    values: {
      ...{ imageSize: '32', filters: 32, latentSize: 32, downsampling: 'pooled', order: 'generator-first' },
      ...{ rateRule: 'constant', firstWeights: 'normal', imageRange: '0..1', colours: 'colour' },
    },
  },
];

export const began: Recipe = {
  id: 'began',
  title: 'BEGAN',
  source: 'Berthelot, Schumm, Metz 2017, arXiv 1703.10717; the article on TensorBoard, BEGAN, CycleGAN and StackGAN',
  about: 'The discriminator is an autoencoder, kept in balance with the generator; M says how far training has come.',
  parameters,
  presets,
  takes: 'images',
  data: ['celeba', 'lfw', 'olivetti', 'cifar10', 'folder', 'mnist', 'fashion', 'kmnist', 'glyphs'],
  defaultSteps: 100_000,
  view: (parameters, data) => {
    const values = valuesOf(parameters);
    return squareView(values, Number(values.imageSize), data);
  },
  describe: (parameters, shape) => {
    const { generator, discriminator } = plansOf(valuesOf(parameters), shape);
    return [describeNetwork(generator), describeNetwork(discriminator)];
  },
  referenceLines: () => [{ tag: 'began/balance', value: 0, label: 'in balance: k stands still' }],
  imageRange: (parameters) => valuesOf(parameters).imageRange,
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const { gamma, kGain: gain, rateRule, rateEvery, ratePatience, rateFloor } = values;
    const plan: BeganPlan = {
      ...plansOf(values, shape),
      latentSize: values.latentSize,
      order: values.order,
      ...(values.architecture === 'residual' && { carrySteps: values.carrySteps }),
      control: { gamma, gain, rateRule, rateEvery, ratePatience, rateFloor },
      optimizer: (network, schedule) => {
        const isGenerator = network.plan.name === 'generator';
        const rate = isGenerator ? values.generatorLearningRate : values.discriminatorLearningRate;
        return createAdam(tf, network.trainable, {
          learningRate: schedule(rate),
          beta1: isGenerator ? values.generatorBeta1 : values.discriminatorBeta1,
          beta2: 0.999,
          epsilon: values.adamEpsilon,
          l2: 0,
        });
      },
    };
    return buildBegan(tf, plan, random);
  },
};

function plansOf(values: Values, { channels }: DataShape) {
  const { imageSize, filters, latentSize, architecture, downsampling, firstWeights } = values;
  return beganPlans({
    ...{ side: Number(imageSize), channels, filters, latentSize, architecture, downsampling },
    initializer: firstWeights === 'glorot' ? { kind: 'glorot' } : { kind: 'normal', deviation: 0.02 },
  });
}
