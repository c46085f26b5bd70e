// A recipe of CycleGAN's shape, as small as can be: two domains, four networks with an optimizer each, a pool of old
// fakes that a checkpoint must hold, rows of pictures "A, A to B, back to A", and no latents at all.

import type * as TF from '@tensorflow/tfjs-core';
import { buildNetwork, type Network } from '../../../../../src/main/training/networks/build.ts';
import { describeNetwork, size } from '../../../../../src/main/training/networks/describe.ts';
import type { NetworkPlan } from '../../../../../src/main/training/networks/layers.ts';
import { createAdam } from '../../../../../src/main/training/networks/optimizers.ts';
import { joinReports } from '../../../../../src/main/training/networks/two-players.ts';
import { everyRecipe } from '../../../../../src/main/training/recipes/every-recipe.ts';
import type {
  DataShape,
  Model,
  NamedVariable,
  RandomSource,
  Recipe,
  StepBatch,
  StepReport,
  TensorFlow,
} from '../../../../../src/main/training/recipes/recipe.ts';

const POOL = 3;
const CYCLE_WEIGHT = 10;

export const twoDomains: Recipe = {
  id: 'two-domains',
  title: 'Two domains',
  source: 'The shape of arXiv 1703.10593',
  about: 'Translates images of one domain into those of another.',
  parameters: everyRecipe({ batchSize: 2, sampleEvery: 2, checkpointEvery: 2 }),
  presets: [{ id: 'app', label: 'App', about: 'The only one.', values: {} }],
  takes: 'pairs',
  data: [],
  defaultSteps: 5,
  describe: (_parameters, shape) => plansOf(shape).map(describeNetwork),
  referenceLines: () => [],
  imageRange: () => '-1..1',
  build: (tf, _parameters, shape, random) => build(tf, shape, random),
};

const weights = { initializer: { kind: 'glorot' }, bias: { kind: 'zeros' } } as const;

function plansOf({
  height,
  width,
  channels,
}: DataShape): readonly [NetworkPlan, NetworkPlan, NetworkPlan, NetworkPlan] {
  const image = [height, width, channels];
  const generator = (name: string): NetworkPlan => ({
    name,
    input: image,
    layers: [
      { kind: 'convolution', name: 'conv', filters: channels, kernel: 3, stride: 1, padding: 1, ...weights },
      { kind: 'activation', name: 'tanh', of: 'tanh' },
    ],
  });
  const discriminator = (name: string): NetworkPlan => ({
    name,
    input: image,
    layers: [
      { kind: 'reshape', name: 'flat', shape: [size(image)] },
      { kind: 'dense', name: 'score', units: 1, ...weights },
    ],
  });
  return [
    generator('generatorAB'),
    generator('generatorBA'),
    discriminator('discriminatorA'),
    discriminator('discriminatorB'),
  ];
}

function build(tf: TensorFlow, shape: DataShape, random: RandomSource): Model {
  const networks = plansOf(shape).map((plan) => buildNetwork(tf, plan, random));
  const [ab, ba, judgeA, judgeB] = networks as [Network, Network, Network, Network];
  const adam = { learningRate: () => 0.01, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, l2: 0 };
  const optimizers = networks.map(({ trainable }) => createAdam(tf, trainable, adam));
  const pools = { a: createPool(tf, 'pool/a', shape, random), b: createPool(tf, 'pool/b', shape, random) };

  const translate = (by: Network, x: TF.Tensor) => by.forward(x, { training: true });
  const update = (at: number, tag: string, lossOf: () => TF.Scalar): StepReport => {
    const variables = networks[at]!.trainable.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(lossOf, variables);
    optimizers[at]!.apply(variables.map((variable) => grads[variable.name]!)).dispose();
    tf.dispose(Object.values(grads));
    return { scalars: { [tag]: value } };
  };
  const improve = (
    at: number,
    tag: string,
    there: Network,
    back: Network,
    judge: Network,
    from: TF.Tensor,
  ): StepReport =>
    update(at, tag, () => {
      const fake = translate(there, from);
      const fooled = tf.mean(tf.square(tf.sub(translate(judge, fake), 1)));
      const cycle = tf.mean(absolute(tf, tf.sub(translate(back, fake), from)));
      return tf.add(fooled, tf.mul(cycle, CYCLE_WEIGHT));
    });
  const teach = (at: number, tag: string, judge: Network, real: TF.Tensor, fake: TF.Tensor): StepReport =>
    update(at, tag, () =>
      tf.add(
        tf.mul(tf.mean(tf.square(tf.sub(translate(judge, real), 1))), 0.5),
        tf.mul(tf.mean(tf.square(translate(judge, fake))), 0.5),
      ),
    );
  const turns = [
    { network: 'generatorAB', take: ({ images }: StepBatch) => improve(0, 'loss/g_ab', ab, ba, judgeB, images) },
    {
      network: 'discriminatorB',
      take: ({ images, second }: StepBatch) =>
        withTensor(pools.b.exchange(tf.tidy(() => translate(ab, images))), (old) =>
          teach(3, 'loss/d_b', judgeB, second!, old),
        ),
    },
    { network: 'generatorBA', take: ({ second }: StepBatch) => improve(1, 'loss/g_ba', ba, ab, judgeA, second!) },
    {
      network: 'discriminatorA',
      take: ({ images, second }: StepBatch) =>
        withTensor(pools.a.exchange(tf.tidy(() => translate(ba, second!))), (old) =>
          teach(2, 'loss/d_a', judgeA, images, old),
        ),
    },
  ];
  const rows = (from: TF.Tensor4D, there: Network, back: Network): TF.Tensor4D =>
    tf.tidy(() => {
      const across = translate(there, from);
      const [n, ...image] = from.shape;
      return tf.reshape(tf.stack([from, across, translate(back, across)], 1), [3 * n, ...image] as typeof from.shape);
    });
  const means = ({ images, second }: StepBatch): StepReport => ({
    scalars: { 'mean/a': tf.mean(images), 'mean/b': tf.mean(second!) },
  });
  const variables = networks.flatMap((network) => network.variables);
  const slots = [...optimizers.flatMap((optimizer) => optimizer.slots), pools.a.slot, pools.b.slot];
  return {
    variables,
    slots,
    counters: () => ({
      ...Object.fromEntries(
        optimizers.map((optimizer, at) => [`updates/${networks[at]!.plan.name}`, optimizer.updates()]),
      ),
      'pool/a': pools.a.filled(),
      'pool/b': pools.b.filled(),
    }),
    restoreCounters: (counters) => {
      optimizers.forEach((optimizer, at) => optimizer.restoreUpdates(counters[`updates/${networks[at]!.plan.name}`]!));
      pools.a.restore(counters['pool/a']!);
      pools.b.restore(counters['pool/b']!);
    },
    latents: () => new Float32Array(0),
    turns,
    step: (batch) => joinReports([...turns.map((turn) => turn.take(batch)), means(batch)]),
    sample: () => {
      throw new TypeError('images are made from images, not from latents');
    },
    pictures: [
      { tag: 'samples/a_b_a', columns: 3, followsLatents: false, draw: ({ batch }) => rows(batch.images, ab, ba) },
      { tag: 'samples/b_a_b', columns: 3, followsLatents: false, draw: ({ batch }) => rows(batch.second!, ba, ab) },
    ],
    dispose: () => tf.dispose([...variables, ...slots].map(({ variable }: NamedVariable) => variable)),
  };
}

/** |x| with gradient 0 at 0. */
const absolute = (tf: TensorFlow, x: TF.Tensor): TF.Tensor => tf.add(tf.relu(x), tf.relu(tf.neg(x)));

function withTensor(tensor: TF.Tensor, use: (tensor: TF.Tensor) => StepReport): StepReport {
  const report = use(tensor);
  tensor.dispose();
  return report;
}

/** Old fakes: kept until full; then each new one is, half of the time, swapped for a kept one. */
function createPool(tf: TensorFlow, name: string, { height, width, channels }: DataShape, random: RandomSource) {
  const length = height * width * channels;
  const variable = tf.tidy(() => tf.variable(tf.zeros([POOL, height, width, channels]), false));
  let filled = 0;
  return {
    slot: { name, variable, trainable: false } satisfies NamedVariable,
    filled: () => filled,
    restore: (count: number) => void (filled = count),
    /** Takes the images and disposes them; gives as many. */
    exchange(images: TF.Tensor): TF.Tensor {
      const kept = new Float32Array(variable.dataSync());
      const given = new Float32Array(images.dataSync());
      for (let at = 0; at < images.shape[0]!; at++) {
        const image = given.slice(at * length, (at + 1) * length);
        if (filled < POOL) kept.set(image, filled++ * length);
        else if (random.next() < 0.5) {
          const place = random.below(POOL);
          given.set(kept.subarray(place * length, (place + 1) * length), at * length);
          kept.set(image, place * length);
        }
      }
      tf.tidy(() => variable.assign(tf.tensor(kept, variable.shape)));
      const result = tf.tensor(given, images.shape);
      images.dispose();
      return result;
    },
  };
}
