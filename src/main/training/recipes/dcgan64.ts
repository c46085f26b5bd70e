// DCGAN for 64x64 images, in the layouts of its paper (arXiv 1511.06434; Newmu/dcgan_code, faces), of the article that
// compares it with a basic GAN, of carpedm20/DCGAN-tensorflow and of pytorch/examples.

import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { describeNetwork } from '../networks/describe.ts';
import type { Activation, BatchNorm, Initializer, Layer, NetworkPlan, Padding } from '../networks/layers.ts';
import { buildTwoPlayers } from '../networks/two-players.ts';
import * as dcgan from './dcgan.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, Recipe } from './recipe.ts';
import { choice, whole } from './rows.ts';
import { squareRows, squareView, type SquareValues } from './square-view.ts';

/** The table below, as the checked values arrive. */
interface Values extends dcgan.DcganValues, SquareValues {
  readonly architecture: 'paper' | 'article' | 'tensorflow' | 'pytorch';
  readonly generatorFilters: number;
  readonly discriminatorFilters: number;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const SIDE = 64;

interface Layout {
  readonly kernel: number;
  readonly padding: Padding;
  /** The first 4x4 map: a dense layer, normalised by unit, by channel or not at all, or a transposed convolution. */
  readonly project: 'dense, norm by unit' | 'dense, norm by channel' | 'dense' | 'transposed';
  readonly denseBias: boolean;
  readonly convolutionBias: boolean;
  readonly norm: Pick<BatchNorm, 'scale' | 'offset' | 'scaleDeviation'>;
  readonly dense: Initializer;
  readonly up: Initializer;
  readonly down: Initializer;
}

const normal: Initializer = { kind: 'normal', deviation: 0.02 };
// TensorFlow throws away what lies beyond two deviations: the true one is 0.0176 (H13).
const truncated: Initializer = { kind: 'truncated-normal', deviation: 0.02 };
const learnsBoth = { scale: true, offset: true };
const newmuNorm = { ...learnsBoth, scaleDeviation: 0.02 };

// prettier-ignore
const layouts: Readonly<Record<Values['architecture'], Layout>> = {
  // Theano and PyTorch pad alike on both sides, TensorFlow more on the right (H12).
  paper: { kernel: 5, padding: 2, project: 'dense, norm by unit', denseBias: false, convolutionBias: false,
    norm: newmuNorm, dense: normal, up: normal, down: normal },
  article: { kernel: 5, padding: 'same', project: 'dense', denseBias: true, convolutionBias: false,
    norm: { scale: false, offset: true }, dense: { kind: 'normal', deviation: 0.01 }, up: truncated, down: truncated },
  tensorflow: { kernel: 5, padding: 'same', project: 'dense, norm by channel', denseBias: true, convolutionBias: true,
    norm: learnsBoth, dense: normal, up: normal, down: truncated },
  pytorch: { kernel: 4, padding: 1, project: 'transposed', denseBias: false, convolutionBias: false,
    norm: newmuNorm, dense: normal, up: normal, down: normal },
};

const architectures = {
  pytorch: 'PyTorch example: kernels of 4, no dense layers',
  paper: "Paper's code: kernels of 5, no biases",
  article: 'Article: as the paper, batch norm without scale',
  tensorflow: 'carpedm20: kernels of 5, biases',
};
const FILTERS = [1, 512] as const;

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 64, sampleEvery: 200, checkpointEvery: 1000 }),
  choice('training', 'architecture', 'Architecture', 'pytorch', architectures,
    'Which of the four published pairs; kernels of 4 with stride 2 leave less of a checkerboard.'),
  ...dcgan.trainingRows('discriminator-first'),
  ...dcgan.generatorRows('normal'),
  whole('generator', 'generatorFilters', 'Filters', 64, FILTERS,
    'Filters of the layer before the last; the 4x4 map has eight times as many.'),
  ...dcgan.normRows(1e-5),
  ...dcgan.discriminatorRows(),
  whole('discriminator', 'discriminatorFilters', 'Filters', 64, FILTERS,
    'Filters of the first convolution; the last has eight times as many.'),
  ...squareRows(),
];

const presets: readonly Preset[] = [
  {
    id: 'app',
    label: 'App',
    about:
      'The layout of the PyTorch example, with fresh latents for each update and running averages for sample grids.',
    values: {},
  },
  {
    id: 'small',
    label: 'Small (DCGAN64-S)',
    about: 'The same with a quarter of the width, for a computer without a GPU; use small data sets.',
    values: { generatorFilters: 16, discriminatorFilters: 16 },
  },
  {
    id: 'paper',
    label: 'Paper',
    about:
      "The paper's network and settings from its code for faces: no biases, batch norm of each unit of the projection, weight " +
      'decay, generator first. That code gives each update its own batch of real images, here a step has one.',
    values: {
      ...{ architecture: 'paper', batchSize: 128, order: 'generator-first', prior: 'uniform', l2: 1e-5 },
      ...{ generatorFilters: 128, discriminatorFilters: 128, normStatistics: 'batch', normEpsilon: 1e-8 },
    },
  },
  {
    id: 'post',
    label: 'Post',
    about:
      "The article's code: a discriminator half as wide as the generator, no batch norm after the projection and none with a " +
      'scale. Left out are its logarithms of probabilities without an epsilon and the minus sign its printed loss lacks; ' +
      'its batch size is not stated.',
    values: { architecture: 'article', prior: 'uniform', generatorFilters: 128, normStatistics: 'batch' },
  },
  {
    id: 'reference',
    label: 'carpedm20',
    about:
      "carpedm20's code: biases everywhere, two generator updates a step, all from one z; of CelebA the centred 108 x 108 pixels.",
    values: {
      ...{ architecture: 'tensorflow', prior: 'uniform', generatorUpdates: 2, sameLatents: true },
      crop: 'centre-108',
    },
  },
  {
    id: 'pytorch',
    label: 'PyTorch example',
    about:
      'pytorch/examples: normal latents, the same for both updates; its sample grids use the statistics of the very grid.',
    values: { sameLatents: true, normStatistics: 'batch' },
  },
];

export const dcgan64: Recipe = {
  id: 'dcgan64',
  title: 'DCGAN 64x64',
  source: 'Radford, Metz, Chintala 2015, arXiv 1511.06434; the article that compares it with a basic GAN',
  about: 'The convolutional GAN of the paper for colour or grey images of 64 x 64 pixels, in four published layouts.',
  parameters,
  presets,
  takes: 'images',
  data: ['celeba', 'lfw', 'folder', 'cifar10', 'olivetti', 'mnist', 'fashion', 'kmnist', 'glyphs'],
  defaultSteps: 25_000,
  view: (parameters, data) => squareView(valuesOf(parameters), SIDE, data),
  describe: (parameters, shape) => {
    const { generator, discriminator } = plansOf(valuesOf(parameters), shape);
    return [describeNetwork(generator), describeNetwork(discriminator)];
  },
  referenceLines: (parameters) => dcgan.referenceLinesOf(valuesOf(parameters)),
  imageRange: () => '-1..1',
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const players = dcgan.playersOf(tf, values, plansOf(values, shape));
    return buildTwoPlayers(tf, { ...players, reportsBeliefTwice: true }, random);
  },
};

function plansOf(values: Values, shape: DataShape): dcgan.Plans {
  const layout = layouts[values.architecture];
  return {
    generator: generatorPlan(values, layout, shape),
    discriminator: discriminatorPlan(values, layout, shape),
  };
}

const biasIf = (has: boolean): { bias?: Initializer } => (has ? { bias: { kind: 'zeros' } } : {});

/** z -> 4x4 -> 8 -> 16 -> 32 -> 64, batch norm and ReLU after each but the last, then tanh. */
function generatorPlan(values: Values, layout: Layout, { channels }: DataShape): NetworkPlan {
  const { kernel, padding, convolutionBias, up: initializer } = layout;
  const filters = values.generatorFilters;
  const up = (name: string, into: number): Layer => ({
    ...{ kind: 'transposed-convolution', name, filters: into, kernel, stride: 2, padding, initializer },
    ...biasIf(convolutionBias),
  });
  const finish = (name: string): Layer[] => [dcgan.normOf(values, `norm${name}`, layout.norm), relu(name)];
  return {
    name: 'generator',
    input: [values.latentSize],
    layers: [
      ...projection(values, layout),
      ...[up('up1', 4 * filters), ...finish('1')],
      ...[up('up2', 2 * filters), ...finish('2')],
      ...[up('up3', filters), ...finish('3')],
      up('up4', channels),
      { kind: 'activation', name: 'tanh', of: 'tanh' },
    ],
  };
}

const relu = (name: string): Activation => ({ kind: 'activation', name: `relu${name}`, of: 'relu' });

function projection(values: Values, layout: Layout): Layer[] {
  const filters = 8 * values.generatorFilters;
  const norm = dcgan.normOf(values, 'norm0', layout.norm);
  const map: Layer = { kind: 'reshape', name: 'map', shape: [4, 4, filters] };
  const dense: Layer = {
    ...{ kind: 'dense', name: 'project', units: 16 * filters, initializer: layout.dense },
    ...biasIf(layout.denseBias),
  };
  switch (layout.project) {
    case 'dense, norm by unit':
      return [dense, norm, relu('0'), map];
    case 'dense, norm by channel':
      return [dense, map, norm, relu('0')];
    case 'dense':
      return [dense, relu('0'), map];
    case 'transposed':
      return [
        { kind: 'reshape', name: 'pixel', shape: [1, 1, values.latentSize] },
        {
          ...{ kind: 'transposed-convolution', name: 'project', filters, kernel: 4, stride: 1, padding: 'valid' },
          initializer: layout.up,
        },
        ...[norm, relu('0')],
      ];
  }
}

/** 64 -> 32 -> 16 -> 8 -> 4 -> logit; batch norm in all but the first and the last, leaky ReLU in all but the last. */
function discriminatorPlan(values: Values, layout: Layout, { channels }: DataShape): NetworkPlan {
  const { kernel, padding, convolutionBias, down: initializer } = layout;
  const down = (at: number): Layer[] => [
    {
      ...{ kind: 'convolution', name: `conv${at}`, filters: values.discriminatorFilters * 2 ** (at - 1) },
      ...{ kernel, stride: 2, padding, initializer, ...biasIf(convolutionBias) },
    },
    ...(at === 1 ? [] : [dcgan.normOf(values, `norm${at}`, layout.norm)]),
    { kind: 'activation', name: `leaky${at}`, of: 'leaky-relu', slope: values.slope },
  ];
  const last = 8 * values.discriminatorFilters;
  const head: Layer[] =
    layout.project === 'transposed'
      ? [
          { kind: 'convolution', name: 'logit', filters: 1, kernel: 4, stride: 1, padding: 0, initializer },
          { kind: 'reshape', name: 'flat', shape: [1] },
        ]
      : [
          { kind: 'reshape', name: 'flat', shape: [16 * last] },
          { kind: 'dense', name: 'logit', units: 1, initializer: layout.dense, ...biasIf(layout.denseBias) },
        ];
  return {
    name: 'discriminator',
    input: [SIDE, SIDE, channels],
    layers: [...[1, 2, 3, 4].flatMap(down), ...head],
  };
}
