// DCGAN for 28x28 images: the network of the article "DCGAN on MNIST", the conditional one that the DCGAN paper (arXiv
// 1511.06434) used for its MNIST table (Newmu/dcgan_code, mnist), and carpedm20/DCGAN-tensorflow's own of that.

import { UserError } from '../../../shared/contract.ts';
import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { describeNetwork } from '../networks/describe.ts';
import { dropoutIf, type Activation, type Initializer, type Layer, type NetworkPlan } from '../networks/layers.ts';
import { holdThenDecay } from '../networks/optimizers.ts';
import { buildTwoPlayers } from '../networks/two-players.ts';
import * as dcgan from './dcgan.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, ImageRange, Recipe } from './recipe.ts';
import { choice, number, whole } from './rows.ts';

/** The table below, as the checked values arrive. */
interface Values extends dcgan.DcganValues {
  readonly architecture: 'article' | 'conditional' | 'conditional-tensorflow';
  readonly rateHoldSteps: number;
  readonly rateDecaySteps: number;
  readonly initialDeviation: number;
  readonly generatorUnits: number;
  readonly generatorFilters: number;
  readonly output: 'tanh' | 'sigmoid';
  readonly normParameters: 'scale-offset' | 'offset' | 'none';
  readonly discriminatorFilters: number;
  readonly discriminatorUnits: number;
  readonly dropoutKeep: number;
  readonly imageRange: ImageRange;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const SIDE = 28;
const ANY_STEPS = [0, 100_000_000] as const;
const FILTERS = [1, 1024] as const;
const UNITS = [1, 8192] as const;
const inSteps = { unit: 'steps' } as const;
const byRatio = { scale: 'log' } as const;

const architectures = {
  article: 'Article',
  conditional: 'Paper, conditional',
  'conditional-tensorflow': 'carpedm20, conditional',
};
const normParameters = { 'scale-offset': 'scale and offset', offset: 'offset', none: 'nothing' };

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 64, sampleEvery: 100, checkpointEvery: 1000 }),
  choice('training', 'architecture', 'Architecture', 'article', architectures,
    "The article's pair, or a conditional one, told the class at every layer: the paper's without biases, carpedm20's with."),
  ...dcgan.trainingRows('discriminator-first'),
  whole('training', 'rateHoldSteps', 'Hold learning rates for', 0, ANY_STEPS,
    'Steps before the learning rates begin to fall; without decay it has no effect.', inSteps),
  whole('training', 'rateDecaySteps', 'Decay learning rates over', 0, ANY_STEPS,
    'Steps over which both learning rates then fall to zero in a straight line; 0 never.', inSteps),
  number('training', 'initialDeviation', 'First weights', 0.02, [0.0001, 1],
    'Standard deviation of the normal distribution that every first weight is drawn from.', byRatio),
  ...dcgan.generatorRows('uniform'),
  whole('generator', 'generatorUnits', 'First layer', 1024, UNITS,
    'Units of the first dense layer.', { unit: 'units' }),
  whole('generator', 'generatorFilters', 'Filters', 64, FILTERS,
    'Filters of the layer before the last; the smallest map before it has twice as many.'),
  shared.outputRow('tanh'),
  choice('generator', 'normParameters', 'Batch norm learns', 'scale-offset', normParameters,
    'What each batch norm layer learns besides normalising.'),
  ...dcgan.normRows(1e-5),
  ...dcgan.discriminatorRows("Slope below zero; the paper's is 0.2, the article's 0.01."),
  whole('discriminator', 'discriminatorFilters', 'Filters', 64, FILTERS,
    'Filters of the first convolution; the second has twice as many.'),
  whole('discriminator', 'discriminatorUnits', 'Dense layer', 256, UNITS,
    'Units of the dense layer before the last.', { unit: 'units' }),
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
  {
    id: 'reference',
    label: 'carpedm20 (conditional)',
    about:
      "carpedm20's conditional network: wider before the output, with biases, two generator updates a step, all from one z. Its " +
      'code trains on the 10,000 test images as well, here they stay unseen.',
    values: {
      ...{ architecture: 'conditional-tensorflow', generatorUpdates: 2, sameLatents: true },
      ...{ discriminatorUnits: 1024, dropoutKeep: 1, output: 'sigmoid', imageRange: '0..1' },
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
  data: ['mnist', 'fashion', 'kmnist', 'glyphs', 'cifar10'],
  defaultSteps: 5000,
  view: () => ({ height: SIDE, width: SIDE }),
  describe: (parameters, shape) => {
    const { generator, discriminator } = plansOf(valuesOf(parameters), shape);
    return [describeNetwork(generator), describeNetwork(discriminator)];
  },
  referenceLines: (parameters) => dcgan.referenceLinesOf(valuesOf(parameters)),
  imageRange: (parameters) => valuesOf(parameters).imageRange,
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const { rateHoldSteps, rateDecaySteps } = values;
    const schedule = (rate: number) => holdThenDecay(rate, rateHoldSteps, rateDecaySteps);
    const players = dcgan.playersOf(tf, values, plansOf(values, shape), classesOf(values, shape), schedule);
    return buildTwoPlayers(tf, players, random);
  },
};

function classesOf(values: Values, shape: DataShape): number {
  if (values.architecture === 'article') return 0;
  if (shape.classes > 0) return shape.classes;
  throw new UserError('architecture: a conditional pair needs data with classes, and this data set has none');
}

function plansOf(values: Values, shape: DataShape): dcgan.Plans {
  return { generator: generatorPlan(values, shape), discriminator: discriminatorPlan(values, shape) };
}

/** z -> dense -> dense -> 7x7 -> 14 -> 28; the architectures differ in biases, padding, classes and the width at 14. */
function generatorPlan(values: Values, shape: DataShape): NetworkPlan {
  const classes = classesOf(values, shape);
  const { dense, up, withClass } = partsOf(values, classes);
  const filters = values.generatorFilters;
  const small = [SIDE / 4, SIDE / 4, 2 * filters] as const;
  const atHalf = values.architecture === 'conditional-tensorflow' ? 2 * filters : filters;
  const norm = (name: string): Layer => normOf(values, name);
  const relu = (name: string): Activation => ({ kind: 'activation', name, of: 'relu' });
  return {
    name: 'generator',
    input: [values.latentSize + classes],
    layers: [
      { kind: 'dense', name: 'dense1', units: values.generatorUnits, ...dense },
      ...[norm('norm1'), relu('relu1'), ...withClass('class1')],
      { kind: 'dense', name: 'dense2', units: small[0] * small[1] * small[2], ...dense },
      ...[norm('norm2'), relu('relu2')],
      { kind: 'reshape', name: 'map', shape: small },
      ...withClass('class2'),
      { kind: 'transposed-convolution', name: 'up1', filters: atHalf, ...up },
      ...[norm('norm3'), relu('relu3'), ...withClass('class3')],
      { kind: 'transposed-convolution', name: 'up2', filters: shape.channels, ...up },
      { kind: 'activation', name: values.output, of: values.output },
    ],
  };
}

function discriminatorPlan(values: Values, shape: DataShape): NetworkPlan {
  const classes = classesOf(values, shape);
  const { dense, down, withClass } = partsOf(values, classes);
  const leaky = (name: string): Activation => ({ kind: 'activation', name, of: 'leaky-relu', slope: values.slope });
  const normIfConditional = (name: string): Layer[] => (classes > 0 ? [normOf(values, name)] : []);
  const filters = values.discriminatorFilters;
  // carpedm20 counts the maps of the class among the filters, and has no more of them at first than the image has channels.
  const isTensorFlow = values.architecture === 'conditional-tensorflow';
  const [first, second] = isTensorFlow ? [shape.channels + classes, filters + classes] : [filters, 2 * filters];
  return {
    name: 'discriminator',
    input: [SIDE, SIDE, shape.channels],
    layers: [
      ...withClass('class1'),
      { kind: 'convolution', name: 'conv1', filters: first, ...down },
      ...[leaky('leaky1'), ...withClass('class2')],
      { kind: 'convolution', name: 'conv2', filters: second, ...down },
      ...[...normIfConditional('norm2'), leaky('leaky2')],
      { kind: 'reshape', name: 'flat', shape: [(SIDE / 4) * (SIDE / 4) * second] },
      ...withClass('class3'),
      { kind: 'dense', name: 'dense1', units: values.discriminatorUnits, ...dense },
      ...[...normIfConditional('norm3'), leaky('leaky3'), ...dropoutIf(values.dropoutKeep, 'dropout')],
      ...withClass('class4'),
      { kind: 'dense', name: 'logit', units: 1, ...dense },
    ],
  };
}

function partsOf({ architecture, initialDeviation: deviation }: Values, classes: number) {
  const normal: Initializer = { kind: 'normal', deviation };
  const isTensorFlow = architecture === 'conditional-tensorflow';
  const isTheano = architecture === 'conditional';
  const bias: { bias?: Initializer } = isTheano ? {} : { bias: { kind: 'zeros' } };
  // Theano pads two pixels on every side, TensorFlow one before and two behind (H12).
  const stride2 = { kernel: 5, stride: 2, padding: isTheano ? 2 : ('same' as const), ...bias };
  const down: Initializer = isTensorFlow ? { kind: 'truncated-normal', deviation } : normal;
  return {
    dense: { initializer: normal, ...bias },
    up: { initializer: normal, ...stride2 },
    down: { initializer: down, ...stride2 },
    withClass: (name: string): Layer[] => (classes > 0 ? [{ kind: 'append-class', name, classes }] : []),
  };
}

function normOf(values: Values, name: string): Layer {
  const scale = values.normParameters === 'scale-offset';
  return dcgan.normOf(values, name, { scale, offset: values.normParameters !== 'none' });
}
