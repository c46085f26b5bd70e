// DCGAN for 28x28 images: the network of "DCGAN on MNIST" (post 000), and the conditional one that the DCGAN paper
// (arXiv 1511.06434) used for its MNIST table, from the paper's own code (Newmu/dcgan_code, mnist/train_cond_dcgan.py).

import { UserError } from '../../../shared/contract.ts';
import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { findLoss, lossReferenceLines } from '../losses.ts';
import { describeNetwork } from '../networks/describe.ts';
import { dropoutIf, type Activation, type BatchNorm, type Layer, type NetworkPlan } from '../networks/layers.ts';
import { createAdam, holdThenDecay } from '../networks/optimizers.ts';
import { buildTwoPlayers, type TwoPlayers } from '../networks/two-players.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, ImageRange, Recipe } from './recipe.ts';
import { choice, number, whole } from './rows.ts';

/** The table below, as the checked values arrive. */
interface Values {
  readonly architecture: 'article' | 'conditional';
  readonly loss: string;
  readonly labelSmoothing: number;
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly adamEpsilon: number;
  readonly l2: number;
  readonly rateHoldSteps: number;
  readonly rateDecaySteps: number;
  readonly initialDeviation: number;
  readonly latentSize: number;
  readonly generatorUnits: number;
  readonly generatorFilters: number;
  readonly output: 'tanh' | 'sigmoid';
  readonly normParameters: 'scale-offset' | 'offset' | 'none';
  readonly normStatistics: 'running' | 'batch';
  readonly normEpsilon: number;
  readonly discriminatorFilters: number;
  readonly discriminatorUnits: number;
  readonly slope: number;
  readonly dropoutKeep: number;
  readonly imageRange: ImageRange;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const ANY_STEPS = [0, 100_000_000] as const;
const FILTERS = [1, 1024] as const;
const UNITS = [1, 8192] as const;
const inSteps = { unit: 'steps' } as const;
const byRatio = { scale: 'log' } as const;

const architectures = { article: 'Article', conditional: 'Paper, conditional' };
const normParameters = { 'scale-offset': 'scale and offset', offset: 'offset', none: 'nothing' };
const normStatistics = { running: 'running averages', batch: 'its batch' };

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 64, sampleEvery: 100, checkpointEvery: 1000 }),
  choice('training', 'architecture', 'Architecture', 'article', architectures,
    "The article's pair, or the paper's conditional pair: class at every layer, batch norm in both, no biases."),
  shared.lossRow('non-saturating'),
  shared.smoothingRow(0),
  shared.epsilonRow(1e-8),
  shared.l2Row(0),
  whole('training', 'rateHoldSteps', 'Hold learning rates for', 0, ANY_STEPS,
    'Steps before the learning rates begin to fall; without decay it has no effect.', inSteps),
  whole('training', 'rateDecaySteps', 'Decay learning rates over', 0, ANY_STEPS,
    'Steps over which both learning rates then fall to zero in a straight line; 0 never.', inSteps),
  number('training', 'initialDeviation', 'First weights', 0.02, [0.0001, 1],
    'Standard deviation of the normal distribution that every first weight is drawn from.', byRatio),
  shared.learningRateRow('generator', 2e-4),
  shared.beta1Row('generator', 0.5),
  shared.latentSizeRow(100),
  whole('generator', 'generatorUnits', 'First layer', 1024, UNITS,
    'Units of the first dense layer.', { unit: 'units' }),
  whole('generator', 'generatorFilters', 'Filters', 64, FILTERS,
    'Filters of the layer before the last; the smallest map before it has twice as many.'),
  shared.outputRow('tanh'),
  choice('generator', 'normParameters', 'Batch norm learns', 'scale-offset', normParameters,
    'What each batch norm layer learns besides normalising.'),
  choice('generator', 'normStatistics', 'Batch norm samples with', 'running', normStatistics,
    'Sample grids use averages kept during training, or the statistics of the very grid.'),
  number('generator', 'normEpsilon', 'Batch norm epsilon', 1e-5, [1e-12, 1e-2],
    'Added to the variance before its root is taken.', byRatio),
  shared.learningRateRow('discriminator', 2e-4),
  shared.beta1Row('discriminator', 0.5),
  whole('discriminator', 'discriminatorFilters', 'Filters', 64, FILTERS,
    'Filters of the first convolution; the second has twice as many.'),
  whole('discriminator', 'discriminatorUnits', 'Dense layer', 256, UNITS,
    'Units of the dense layer before the last.', { unit: 'units' }),
  number('discriminator', 'slope', 'Leaky ReLU slope', 0.2, [0, 1],
    "Slope below zero; the paper's is 0.2, the article's 0.01."),
  number('discriminator', 'dropoutKeep', 'Dropout keeps', 0.5, [0.05, 1],
    'Share of the dense layer that each update keeps, in both updates; 1 drops nothing.'),
  shared.imageRangeRow('-1..1'),
];

const presets: readonly Preset[] = [
  { id: 'app', label: 'App', about: "The article's network with the paper's training settings.", values: {} },
  {
    id: 'small',
    label: 'Small (DCGAN28-S)',
    about:
      'The same with a quarter of the width, for a computer without a GPU; so narrow a pair bears faster learning, ' +
      'and shows digits after 300 steps instead of 1,000.',
    values: {
      generatorUnits: 256,
      generatorFilters: 16,
      generatorLearningRate: 1e-3,
      discriminatorFilters: 16,
      discriminatorUnits: 64,
      discriminatorLearningRate: 5e-4,
    },
  },
  {
    id: 'post',
    label: 'Post',
    about:
      "The article's code: a slow discriminator, batch norm without parameters, images in 0 to 1 against tanh. " +
      'Its mistakes are left out: the generator loss has its minus sign, and leaky ReLU returns its value.',
    values: {
      discriminatorLearningRate: 1e-5,
      discriminatorBeta1: 0.1,
      slope: 0.01,
      imageRange: '0..1',
      normParameters: 'none',
      normStatistics: 'batch',
    },
  },
  {
    id: 'paper',
    label: 'Paper (conditional)',
    about:
      "The conditional network of the paper's MNIST table, from its code; that code gives each update its own batch, " +
      'here both updates of a step share the classes of one.',
    values: {
      architecture: 'conditional',
      batchSize: 128,
      discriminatorUnits: 1024,
      dropoutKeep: 1,
      l2: 2.5e-5,
      output: 'sigmoid',
      imageRange: '0..1',
      normParameters: 'none',
      normStatistics: 'batch',
      normEpsilon: 1e-8,
      // 100 + 100 epochs of 50,000 images, each batch of 128 for one of the two updates: 195 steps an epoch.
      rateHoldSteps: 19_500,
      rateDecaySteps: 19_500,
    },
  },
];

export const dcgan28: Recipe = {
  id: 'dcgan28',
  title: 'DCGAN 28x28',
  source: 'Radford, Metz, Chintala 2015, arXiv 1511.06434; the article "DCGAN on MNIST"',
  about: 'Convolutional generator and discriminator for small images such as handwritten digits.',
  parameters,
  presets,
  takes: 'images',
  data: ['mnist', 'glyphs'],
  defaultSteps: 5000,
  describe: (parameters, shape) => {
    const { generator, discriminator } = plansOf(valuesOf(parameters), shape);
    return [describeNetwork(generator), describeNetwork(discriminator)];
  },
  referenceLines: (parameters) => {
    const values = valuesOf(parameters);
    return lossReferenceLines(findLoss(values.loss), 1 - values.labelSmoothing);
  },
  imageRange: (parameters) => valuesOf(parameters).imageRange,
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const { rateHoldSteps, rateDecaySteps, adamEpsilon: epsilon, l2 } = values;
    const plan: TwoPlayers = {
      ...plansOf(values, shape),
      loss: findLoss(values.loss),
      target: 1 - values.labelSmoothing,
      latentSize: values.latentSize,
      latentLimit: 1,
      classes: classesOf(values, shape),
      optimizer: (network) => {
        const isGenerator = network.plan.name === 'generator';
        const rate = isGenerator ? values.generatorLearningRate : values.discriminatorLearningRate;
        return createAdam(tf, network.trainable, {
          learningRate: holdThenDecay(rate, rateHoldSteps, rateDecaySteps),
          beta1: isGenerator ? values.generatorBeta1 : values.discriminatorBeta1,
          beta2: 0.999,
          epsilon,
          l2,
        });
      },
    };
    return buildTwoPlayers(tf, plan, random);
  },
};

function classesOf(values: Values, shape: DataShape): number {
  if (values.architecture === 'article') return 0;
  if (shape.classes > 0) return shape.classes;
  throw new UserError('architecture: the conditional pair needs data with classes, and this data set has none');
}

function plansOf(values: Values, shape: DataShape): { generator: NetworkPlan; discriminator: NetworkPlan } {
  if (shape.height % 4 !== 0 || shape.width % 4 !== 0) {
    throw new UserError(
      `data: expected images whose sides are divisible by 4, found ${shape.width}x${shape.height}; choose another recipe`,
    );
  }
  return { generator: generatorPlan(values, shape), discriminator: discriminatorPlan(values, shape) };
}

/** z -> dense -> dense -> a quarter of the size -> half -> whole; article and conditional differ in biases, padding and classes. */
function generatorPlan(values: Values, shape: DataShape): NetworkPlan {
  const classes = classesOf(values, shape);
  const { weights, stride2, withClass } = partsOf(values, classes);
  const small = [shape.height / 4, shape.width / 4, 2 * values.generatorFilters] as const;
  const norm = (name: string): BatchNorm => normOf(values, name);
  const relu = (name: string): Activation => ({ kind: 'activation', name, of: 'relu' });
  return {
    name: 'generator',
    input: [values.latentSize + classes],
    layers: [
      { kind: 'dense', name: 'dense1', units: values.generatorUnits, ...weights },
      ...[norm('norm1'), relu('relu1'), ...withClass('class1')],
      { kind: 'dense', name: 'dense2', units: small[0] * small[1] * small[2], ...weights },
      ...[norm('norm2'), relu('relu2')],
      { kind: 'reshape', name: 'map', shape: small },
      ...withClass('class2'),
      { kind: 'transposed-convolution', name: 'up1', filters: values.generatorFilters, ...stride2 },
      ...[norm('norm3'), relu('relu3'), ...withClass('class3')],
      { kind: 'transposed-convolution', name: 'up2', filters: shape.channels, ...stride2 },
      { kind: 'activation', name: values.output, of: values.output },
    ],
  };
}

function discriminatorPlan(values: Values, shape: DataShape): NetworkPlan {
  const classes = classesOf(values, shape);
  const { weights, stride2, withClass } = partsOf(values, classes);
  const leaky = (name: string): Activation => ({ kind: 'activation', name, of: 'leaky-relu', slope: values.slope });
  const normIfConditional = (name: string): Layer[] => (classes > 0 ? [normOf(values, name)] : []);
  const flat = (shape.height / 4) * (shape.width / 4) * 2 * values.discriminatorFilters;
  return {
    name: 'discriminator',
    input: [shape.height, shape.width, shape.channels],
    layers: [
      ...withClass('class1'),
      { kind: 'convolution', name: 'conv1', filters: values.discriminatorFilters, ...stride2 },
      ...[leaky('leaky1'), ...withClass('class2')],
      { kind: 'convolution', name: 'conv2', filters: 2 * values.discriminatorFilters, ...stride2 },
      ...[...normIfConditional('norm2'), leaky('leaky2')],
      { kind: 'reshape', name: 'flat', shape: [flat] },
      ...withClass('class3'),
      { kind: 'dense', name: 'dense1', units: values.discriminatorUnits, ...weights },
      ...[...normIfConditional('norm3'), leaky('leaky3'), ...dropoutIf(values.dropoutKeep, 'dropout')],
      ...withClass('class4'),
      { kind: 'dense', name: 'logit', units: 1, ...weights },
    ],
  };
}

function partsOf(values: Values, classes: number) {
  const initializer = { kind: 'normal', deviation: values.initialDeviation } as const;
  // The conditional code has no biases and pads two pixels on every side (Theano); the article is TensorFlow.
  const weights = classes > 0 ? { initializer } : { initializer, bias: { kind: 'zeros' } as const };
  const padding = classes > 0 ? 2 : ('same' as const);
  return {
    weights,
    stride2: { ...weights, kernel: 5, stride: 2, padding },
    withClass: (name: string): Layer[] => (classes > 0 ? [{ kind: 'append-class', name, classes }] : []),
  };
}

function normOf(values: Values, name: string): BatchNorm {
  return {
    kind: 'batch-norm',
    name,
    momentum: 0.9,
    epsilon: values.normEpsilon,
    statistics: values.normStatistics,
    scale: values.normParameters === 'scale-offset',
    offset: values.normParameters !== 'none',
  };
}
