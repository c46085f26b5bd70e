// CycleGAN-S as a recipe for bench/train.ts alone: 32 x 32 images in colour of two domains, networks that a processor
// can train, and the step of the real thing.

import { buildCycle, type CyclePlan } from '../../src/main/training/recipes/cyclegan/step.ts';
import { discriminatorPlan, generatorPlan } from '../../src/main/training/recipes/cyclegan/networks.ts';
import { describeNetwork } from '../../src/main/training/networks/describe.ts';
import { createAdam } from '../../src/main/training/networks/optimizers.ts';
import { everyRecipe } from '../../src/main/training/recipes/every-recipe.ts';
import type { Recipe, TensorFlow } from '../../src/main/training/recipes/recipe.ts';

const image = [32, 32, 3];
const generator = (name: string) => generatorPlan({ name: `generator/${name}`, image, filters: 8, blocks: 2 });
const discriminator = (name: string) =>
  discriminatorPlan({ name: `discriminator/${name}`, image, filters: 16, layers: 1 });

export const cycleganSmallPlan = (tf: TensorFlow): CyclePlan => ({
  generatorAB: generator('ab'),
  generatorBA: generator('ba'),
  discriminatorA: discriminator('a'),
  discriminatorB: discriminator('b'),
  cycleWeight: 10,
  identityWeight: 5,
  poolSize: 50,
  optimizer: (trainable) =>
    createAdam(tf, trainable, { learningRate: () => 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, l2: 0 }),
});

export const cycleganSmall: Recipe = {
  id: 'cyclegan-small',
  title: 'CycleGAN-S',
  source: 'arXiv 1703.10593',
  about: 'Translates images of one domain into those of another.',
  parameters: everyRecipe({ batchSize: 4, sampleEvery: 100, checkpointEvery: 1000 }),
  presets: [{ id: 'app', label: 'App', about: 'The only one.', values: {} }],
  takes: 'pairs',
  data: [],
  defaultSteps: 1000,
  view: () => ({ height: 32, width: 32, channels: 3 }),
  describe: () => [generator('ab'), generator('ba'), discriminator('a'), discriminator('b')].map(describeNetwork),
  referenceLines: () => [],
  imageRange: () => '-1..1',
  build: (tf, _parameters, _shape, random) => buildCycle(tf, cycleganSmallPlan(tf), random).model,
};
