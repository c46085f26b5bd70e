// GAN on points of one or two numbers (posts 001 and 004): two small networks of dense layers turn uniform noise into
// a known distribution, so that the distance to it, and the best discriminator there can be, are known at each step.

import type * as TF from '@tensorflow/tfjs-core';
import type { Parameter, ParameterValues, Preset } from '../../../shared/parameters.ts';
import { findLoss, lossReferenceLines } from '../losses.ts';
import * as metrics from '../metrics/points.ts';
import type { Network } from '../networks/build.ts';
import { describeNetwork } from '../networks/describe.ts';
import type { Initializer, Layer, NetworkPlan } from '../networks/layers.ts';
import { createAdam } from '../networks/optimizers.ts';
import { buildPair, type Pair, type TwoPlayers } from '../networks/two-players.ts';
import * as plots from '../plots/points.ts';
import * as shared from './every-recipe.ts';
import type { DataShape, Distribution, Model, Picture, PictureInput, Recipe, TensorFlow } from './recipe.ts';
import { choice, whole } from './rows.ts';

/** The table below, as the checked values arrive. */
interface Values {
  readonly batchSize: number;
  readonly loss: string;
  readonly gradientPenalty: number;
  readonly discriminatorUpdates: number;
  readonly labelSmoothing: number;
  readonly adamEpsilon: number;
  readonly adamBeta2: number;
  readonly l2: number;
  readonly initialWeights: 'glorot' | 'fan-in';
  readonly generatorLearningRate: number;
  readonly generatorBeta1: number;
  readonly discriminatorLearningRate: number;
  readonly discriminatorBeta1: number;
  readonly latentSize: number;
  readonly prior: 'uniform' | 'normal';
  readonly latentLimit: number;
  readonly generatorUnits: number;
  readonly generatorLayers: number;
  readonly discriminatorUnits: number;
  readonly discriminatorLayers: number;
}
const valuesOf = (parameters: ParameterValues): Values => parameters as unknown as Values;

/** Of these the points are drawn at every sample step, as in the article. */
const FIXED_LATENTS = 200;
/** Measures need more points than the eye; these latents are of the run's seed. */
const MEASURED = 2000;

const best = { 'toy/kl_gauss': 'Lowest toy/kl_gauss', 'toy/js_grid': 'Lowest toy/js_grid' };
const initialWeights = { glorot: 'Glorot, uniform', 'fan-in': 'by number of inputs' };

// prettier-ignore
const parameters: readonly Parameter[] = [
  ...shared.everyRecipe({ batchSize: 200, sampleEvery: 100, checkpointEvery: 1000, best }),
  ...shared.lossRows('non-saturating'),
  shared.smoothingRow(0),
  shared.epsilonRow(1e-8),
  shared.beta2Row(0.999),
  shared.l2Row(0),
  choice('training', 'initialWeights', 'First weights', 'glorot', initialWeights,
    'Uniform as Glorot and Bengio found good, or normal with deviation 1/sqrt(inputs).'),
  shared.learningRateRow('generator', 1e-3),
  shared.beta1Row('generator', 0.5),
  shared.latentSizeRow(100),
  shared.priorRow('uniform'),
  shared.latentLimitRow(1),
  whole('generator', 'generatorUnits', 'Units', 100, [1, 4096],
    'Units of each hidden layer.', { unit: 'units' }),
  whole('generator', 'generatorLayers', 'Hidden layers', 2, [0, 8],
    'Dense layers with ReLU before the linear one that makes the point.'),
  shared.learningRateRow('discriminator', 1e-3),
  shared.beta1Row('discriminator', 0.5),
  whole('discriminator', 'discriminatorUnits', 'Units', 100, [1, 4096],
    'Units of each hidden layer.', { unit: 'units' }),
  whole('discriminator', 'discriminatorLayers', 'Hidden layers', 2, [0, 8],
    'Dense layers with ReLU before the logit.'),
];

const presets: readonly Preset[] = [
  { id: 'app', label: 'App', about: "The article's networks, learning five times as fast.", values: {} },
  {
    id: 'small',
    label: 'Small',
    about: 'Half the width, ten random numbers, fast learning: shows a normal distribution after some 300 steps.',
    values: {
      batchSize: 64,
      generatorLearningRate: 4e-3,
      discriminatorLearningRate: 4e-3,
      latentSize: 10,
      generatorUnits: 50,
      discriminatorUnits: 50,
    },
  },
  {
    id: 'post',
    label: 'Post',
    about: "The article author's settings: learning rate 2e-4 and weight decay 1e-5.",
    values: { generatorLearningRate: 2e-4, discriminatorLearningRate: 2e-4, l2: 1e-5 },
  },
  {
    id: 'wgan-gp',
    label: 'WGAN-GP (reference)',
    about:
      "gan_toy.py of the WGAN-GP paper's authors (arXiv 1704.00028): five updates of a critic with gradient penalty, " +
      'three hidden layers of 512 units, normal latents of two numbers; first weights are Glorot instead of He.',
    values: {
      batchSize: 256,
      loss: 'wasserstein',
      gradientPenalty: 0.1,
      discriminatorUpdates: 5,
      adamBeta2: 0.9,
      generatorLearningRate: 1e-4,
      discriminatorLearningRate: 1e-4,
      latentSize: 2,
      prior: 'normal',
      generatorUnits: 512,
      generatorLayers: 3,
      discriminatorUnits: 512,
      discriminatorLayers: 3,
    },
  },
];

export const toy: Recipe = {
  id: 'toy',
  title: 'Toy GAN',
  source: 'Goodfellow et al. 2014, arXiv 1406.2661; the articles on GAN and on its variants',
  about: 'Turns noise into points of a known distribution, within a minute: shows what a GAN does and how it fails.',
  parameters,
  presets,
  takes: 'points',
  data: ['normal2d', 'normal1d', 'ring', 'two-gaussians', 'line', 'islands'],
  defaultSteps: 4000,
  imageRange: () => '-1..1',
  imagesPerStep: (parameters) => Number(parameters['batchSize']) * Number(parameters['discriminatorUpdates']),
  describe: (parameters, shape) => {
    const { generator, discriminator } = plansOf(valuesOf(parameters), shape);
    return [describeNetwork(generator), describeNetwork(discriminator)];
  },
  referenceLines: (parameters) => {
    const { loss, labelSmoothing } = valuesOf(parameters);
    return lossReferenceLines(findLoss(loss), 1 - labelSmoothing);
  },
  build: (tf, parameters, shape, random) => {
    const values = valuesOf(parameters);
    const pair = buildPair(tf, { ...plansOf(values, shape), ...rulesOf(tf, values) }, random);
    return watched(tf, pair, values, shape);
  },
};

function plansOf(values: Values, { width }: DataShape): { generator: NetworkPlan; discriminator: NetworkPlan } {
  const weights = { initializer: { kind: values.initialWeights } as Initializer, bias: { kind: 'zeros' } as const };
  const hidden = (count: number, units: number): Layer[] =>
    Array.from({ length: count }, (_, at): Layer[] => [
      { kind: 'dense', name: `dense${at + 1}`, units, ...weights },
      { kind: 'activation', name: `relu${at + 1}`, of: 'relu' },
    ]).flat();
  return {
    generator: {
      name: 'generator',
      input: [values.latentSize],
      layers: [
        ...hidden(values.generatorLayers, values.generatorUnits),
        { kind: 'dense', name: 'point', units: width, ...weights },
        { kind: 'reshape', name: 'image', shape: [1, width, 1] },
      ],
    },
    discriminator: {
      name: 'discriminator',
      input: [1, width, 1],
      layers: [
        { kind: 'reshape', name: 'flat', shape: [width] },
        ...hidden(values.discriminatorLayers, values.discriminatorUnits),
        { kind: 'dense', name: 'logit', units: 1, ...weights },
      ],
    },
  };
}

function rulesOf(tf: TensorFlow, values: Values): Omit<TwoPlayers, 'generator' | 'discriminator'> {
  const { latentSize, prior, latentLimit, gradientPenalty, discriminatorUpdates } = values;
  return {
    ...{ latentSize, prior, latentLimit, gradientPenalty, discriminatorUpdates },
    loss: findLoss(values.loss),
    target: 1 - values.labelSmoothing,
    classes: 0,
    optimizer: (network: Network) => {
      const isGenerator = network.plan.name === 'generator';
      const rate = isGenerator ? values.generatorLearningRate : values.discriminatorLearningRate;
      const beta1 = isGenerator ? values.generatorBeta1 : values.discriminatorBeta1;
      const { adamBeta2: beta2, adamEpsilon: epsilon, l2 } = values;
      return createAdam(tf, network.trainable, { learningRate: () => rate, beta1, beta2, epsilon, l2 });
    },
  };
}

/** The model with its pictures and measures; without a known distribution there is nothing to compare with. */
function watched(tf: TensorFlow, { model, discriminator }: Pair, values: Values, shape: DataShape): Model {
  const { distribution } = shape;
  if (!distribution) return { ...model, fixedLatents: FIXED_LATENTS };
  const latents = model.latents(MEASURED);
  const { probability } = findLoss(values.loss);
  const make = async (latents: Float32Array | TF.Tensor2D): Promise<Float32Array> => {
    const points = tf.tidy(() =>
      model.sample(
        latents instanceof Float32Array ? tf.tensor2d(latents.slice(), [MEASURED, latents.length / MEASURED]) : latents,
      ),
    );
    return read(points);
  };
  const opinion: plots.Opinion = (points) => {
    const d = distribution.dimensions;
    const said = tf.tidy(() => {
      const logits = discriminator.forward(tf.tensor4d(points.slice(), [points.length / d, 1, d, 1]), {
        training: false,
      });
      return probability ? probability(tf, logits) : logits;
    });
    return read(said);
  };
  const view = async (): Promise<plots.View> => ({
    ...{ distribution, opinion },
    made: await make(latents),
    isProbability: probability !== undefined,
  });
  const pictures: readonly Picture[] = [
    {
      tag: 'samples/points',
      columns: 1,
      followsLatents: false,
      draw: (input) => drawPoints(distribution, input, make, view),
    },
    {
      tag: 'discriminator/map',
      columns: 2,
      followsLatents: false,
      draw: async () =>
        distribution.dimensions === 1 ? plots.drawAnswers(await view()) : plots.drawMaps(await view()),
    },
  ];
  const cells = metrics.cellsOfDensity(distribution);
  const measure = async () => measurePoints(distribution, cells, await make(latents));
  return { ...model, fixedLatents: FIXED_LATENTS, pictures, measure };
}

async function drawPoints(
  distribution: Distribution,
  { latents, batch }: PictureInput,
  make: (latents: TF.Tensor2D) => Promise<Float32Array>,
  view: () => Promise<plots.View>,
) {
  if (distribution.dimensions === 1) return plots.drawDensities(distribution, (await view()).made);
  const real = (await batch.images.data()) as Float32Array;
  return plots.drawScatter(distribution, real.subarray(0, 2 * FIXED_LATENTS), await make(latents));
}

/** The numbers of a sample step; divergences from a normal distribution and modes only where the data has them. */
function measurePoints(
  distribution: Distribution,
  cells: Float64Array,
  points: Float32Array,
): Readonly<Record<string, number>> {
  const { dimensions, modes } = distribution;
  const moments = metrics.momentsOf(points, dimensions);
  const made = metrics.cellsOfPoints(points, distribution);
  const measures: Record<string, number> = {
    'toy/js_grid': metrics.gridJensenShannon(cells, made),
    'toy/kl_grid': metrics.gridDivergence(cells, made),
  };
  for (let axis = 0; axis < dimensions; axis++) {
    measures[`toy/std_${axis + 1}`] = Math.sqrt(moments.covariance[axis * (dimensions + 1)]!);
  }
  if (modes?.centres.length === dimensions) {
    measures['toy/mean_err'] = Math.hypot(...moments.mean.map((mean, axis) => mean - modes.centres[axis]!));
    measures['toy/kl_gauss'] = metrics.gaussianDivergence(moments, modes.centres, modes.deviation);
  } else if (modes) {
    const { found, share } = metrics.modesFound(points, modes, dimensions);
    measures['toy/modes'] = found;
    measures['toy/hq_frac'] = share;
  }
  return measures;
}

async function read(tensor: TF.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}
