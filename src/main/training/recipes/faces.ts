// The small DCGAN for grey faces of 64x64 pixels that the article's author trained on a CPU (`people_conv`), and the
// same pair with the range of images that its paper asks for.

import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { describeNetwork } from '../networks/describe.ts';
import type { BatchNorm, Initializer, Layer, NetworkPlan } from '../networks/layers.ts';
import { buildTwoPlayers } from '../networks/two-players.ts';
import * as dcgan from './dcgan.ts';
import * as shared from './every-recipe.ts';
import type { ImageRange, Recipe } from './recipe.ts';
import { choice, whole } from './rows.ts';
import { shapeRows, squareView, type SquareValues } from './square-view.ts';

/** The table below, as the checked values arrive. */
interface Values extends dcgan.DcganValues, Omit<SquareValues, 'colours'> {
  readonly generatorFilters: number;
  readonly output: 'tanh' | 'linear';
  readonly discriminatorFilters: number;
  readonly imageRange: ImageRange;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

const SIDE = 64;
const FILTERS = [1, 512] as const;
const outputs = { tanh: 'tanh', linear: 'linear' };

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 64, sampleEvery: 100, checkpointEvery: 1000 }),
  ...dcgan.trainingRows('one-pass'),
  ...dcgan.generatorRows('uniform'),
  whole('generator', 'generatorFilters', 'Filters', 64, FILTERS,
    'Filters of the layer before the last; the 16x16 map has twice as many.'),
  choice('generator', 'output', 'Output', 'tanh', outputs,
    "The generator's last activation: tanh keeps to -1 to 1, linear to nothing."),
  ...dcgan.normRows(2e-5),
  ...dcgan.discriminatorRows(),
  whole('discriminator', 'discriminatorFilters', 'Filters', 64, FILTERS,
    'Filters of the first convolution; the second has twice as many.'),
  ...shapeRows(),
  shared.imageRangeRow('-1..1'),
];

const presets: readonly Preset[] = [
  {
    id: 'app',
    label: 'App',
    about:
      "The author's networks and order of updates, with tanh and images in its range; 3,000 to 5,000 steps show faces.",
    values: {},
  },
  {
    id: 'small',
    label: 'Small',
    about: 'A quarter of the width in both networks, for a computer without a GPU.',
    values: { generatorFilters: 16, discriminatorFilters: 16 },
  },
  {
    id: 'post',
    label: 'Post',
    about:
      "The author's code: batches of 401, a linear output against images in 0 to 1, weight decay, batch norm even on the " +
      "discriminator's first layer. Nothing is left out of this one; its sibling networks, some of them inconsistent, are.",
    values: {
      ...{ batchSize: 401, l2: 1e-5, output: 'linear', normStatistics: 'batch', imageRange: '0..1' },
      // His 62x47 pixels are stretched to a square by the library's default, nearest pixels.
      ...{ crop: 'stretch', resize: 'nearest' },
    },
  },
];

export const faces: Recipe = {
  id: 'faces',
  title: 'DCGAN for faces',
  source: 'The article on GAN and a small DCGAN; its author\'s code, "people_conv"',
  about: 'A shallow DCGAN for grey faces: one dense layer and two convolutions in each network, quick without a GPU.',
  parameters,
  presets,
  takes: 'images',
  data: ['lfw', 'olivetti', 'celeba', 'folder', 'glyphs'],
  defaultSteps: 5000,
  view: (parameters, data) => squareView({ ...valuesOf(parameters), colours: 'grey' }, SIDE, data),
  describe: (parameters) => {
    const { generator, discriminator } = plansOf(valuesOf(parameters));
    return [describeNetwork(generator), describeNetwork(discriminator)];
  },
  referenceLines: (parameters) => dcgan.referenceLinesOf(valuesOf(parameters)),
  imageRange: (parameters) => valuesOf(parameters).imageRange,
  build: (tf, parameters, _shape, random) => {
    const values = valuesOf(parameters);
    return buildTwoPlayers(tf, dcgan.playersOf(tf, values, plansOf(values)), random);
  },
};

// Chainer's first weights: normal with deviation 1/sqrt(inputs), no bias.
const weights = { initializer: { kind: 'fan-in' }, bias: { kind: 'zeros' } } satisfies Record<string, Initializer>;

/** z -> 16x16 -> 32 -> 64, and 64 -> 32 -> 16 -> logit. */
function plansOf(values: Values): dcgan.Plans {
  return { generator: generatorPlan(values), discriminator: discriminatorPlan(values) };
}

const normOf = (values: Values, name: string): BatchNorm => dcgan.normOf(values, name, { scale: true, offset: true });

function generatorPlan(values: Values): NetworkPlan {
  const filters = values.generatorFilters;
  const up = (name: string, into: number): Layer => ({
    ...{ kind: 'transposed-convolution', name, filters: into, kernel: 4, stride: 2, padding: 1, ...weights },
  });
  const relu = (name: string): Layer => ({ kind: 'activation', name, of: 'relu' });
  return {
    name: 'generator',
    input: [values.latentSize],
    layers: [
      { kind: 'dense', name: 'project', units: 16 * 16 * 2 * filters, ...weights },
      { kind: 'reshape', name: 'map', shape: [16, 16, 2 * filters] },
      ...[normOf(values, 'norm0'), relu('relu0')],
      ...[up('up1', filters), normOf(values, 'norm1'), relu('relu1')],
      up('up2', 1),
      ...(values.output === 'tanh' ? [{ kind: 'activation', name: 'tanh', of: 'tanh' } as const] : []),
    ],
  };
}

function discriminatorPlan(values: Values): NetworkPlan {
  const filters = values.discriminatorFilters;
  const down = (name: string, into: number): Layer[] => [
    { kind: 'convolution', name: `conv${name}`, filters: into, kernel: 5, stride: 2, padding: 2, ...weights },
    normOf(values, `norm${name}`),
    { kind: 'activation', name: `leaky${name}`, of: 'leaky-relu', slope: values.slope },
  ];
  return {
    name: 'discriminator',
    input: [SIDE, SIDE, 1],
    layers: [
      ...down('1', filters),
      ...down('2', 2 * filters),
      { kind: 'reshape', name: 'flat', shape: [16 * 16 * 2 * filters] },
      { kind: 'dense', name: 'logit', units: 1, ...weights },
    ],
  };
}
