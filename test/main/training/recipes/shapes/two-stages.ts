// A recipe of StackGAN's shape, as small as can be: captions, a first pair of networks that is frozen after some
// steps, a second pair that refines what the first makes, and rows of pictures "real, stage I, stage II".

import type * as TF from '@tensorflow/tfjs-core';
import { buildNetwork, type Network } from '../../../../../src/main/training/networks/build.ts';
import { describeNetwork, size } from '../../../../../src/main/training/networks/describe.ts';
import type { NetworkPlan } from '../../../../../src/main/training/networks/layers.ts';
import { createAdam } from '../../../../../src/main/training/networks/optimizers.ts';
import { joinReports } from '../../../../../src/main/training/networks/two-players.ts';
import { everyRecipe } from '../../../../../src/main/training/recipes/every-recipe.ts';
import { whole } from '../../../../../src/main/training/recipes/rows.ts';
import type {
  DataShape,
  Model,
  NamedVariable,
  RandomSource,
  Recipe,
  StepBatch,
  StepReport,
  TensorFlow,
  Turn,
} from '../../../../../src/main/training/recipes/recipe.ts';

const LATENT = 3;

export const twoStages: Recipe = {
  id: 'two-stages',
  title: 'Two stages',
  source: 'The shape of arXiv 1612.03242',
  about: 'Draws captions coarsely, then refines the drawing.',
  parameters: [
    ...everyRecipe({ batchSize: 2, sampleEvery: 2, checkpointEvery: 2 }),
    whole('training', 'firstStageSteps', 'Steps of stage I', 4, [1, 1000], 'Steps until its networks are frozen.'),
  ],
  presets: [{ id: 'app', label: 'App', about: 'The only one.', values: {} }],
  takes: 'captions',
  data: [],
  defaultSteps: 8,
  describe: (_parameters, shape) => plansOf(shape).map(describeNetwork),
  referenceLines: () => [],
  imageRange: () => '-1..1',
  build: (tf, parameters, shape, random) => build(tf, shape, random, Number(parameters['firstStageSteps'])),
};

const weights = { initializer: { kind: 'glorot' }, bias: { kind: 'zeros' } } as const;

function plansOf({ height, width, channels, captionSize = 0 }: DataShape): readonly NetworkPlan[] {
  const image = [height, width, channels];
  const pixels = size(image);
  const generator = (name: string, inputs: number): NetworkPlan => ({
    name,
    input: [inputs],
    layers: [
      { kind: 'dense', name: 'dense', units: pixels, ...weights },
      { kind: 'activation', name: 'tanh', of: 'tanh' },
      { kind: 'reshape', name: 'image', shape: image },
    ],
  });
  const discriminator = (name: string): NetworkPlan => ({
    name,
    input: [pixels + captionSize],
    layers: [{ kind: 'dense', name: 'logit', units: 1, ...weights }],
  });
  return [
    generator('stage1/generator', LATENT + captionSize),
    discriminator('stage1/discriminator'),
    generator('stage2/generator', pixels + captionSize),
    discriminator('stage2/discriminator'),
  ];
}

function build(tf: TensorFlow, shape: DataShape, random: RandomSource, firstStageSteps: number): Model {
  const networks = plansOf(shape).map((plan) => buildNetwork(tf, plan, random));
  const [first, firstJudge, second, secondJudge] = networks as [Network, Network, Network, Network];
  const adam = { learningRate: () => 0.01, beta1: 0.5, beta2: 0.999, epsilon: 1e-8, l2: 0 };
  const optimizers = networks.map(({ trainable }) => createAdam(tf, trainable, adam));
  let steps = 0;

  const run = (network: Network, parts: TF.Tensor[]): TF.Tensor =>
    network.forward(
      tf.concat(
        parts.map((part) => tf.reshape(part, [part.shape[0]!, -1])),
        1,
      ),
      { training: true },
    );
  /** Images of stage I or II for captions; stage I is drawn anew from z. */
  const draw = (stage: 1 | 2, z: TF.Tensor, captions: TF.Tensor): TF.Tensor => {
    const coarse = run(first, [z, captions]);
    return stage === 1 ? coarse : run(second, [coarse, captions]);
  };
  const z = (n: number): TF.Tensor2D => random.uniformTensor(tf, [n, LATENT], -1, 1) as TF.Tensor2D;
  const update = (at: number, tag: string, lossOf: () => TF.Scalar): StepReport =>
    tf.tidy(() => {
      const variables = networks[at]!.trainable.map(({ variable }) => variable);
      const { value, grads } = tf.variableGrads(lossOf, variables);
      optimizers[at]!.apply(variables.map((variable) => grads[variable.name]!));
      return { scalars: { [tag]: value } };
    });
  const turnsOf = (stage: 1 | 2, judge: Network): Turn[] => [
    {
      network: `stage${stage}/discriminator`,
      take: ({ images, captions }) =>
        update(2 * stage - 1, `stage${stage}/loss_d`, () => {
          const fakes = draw(stage, z(images.shape[0]), captions!);
          return tf.add(
            tf.mean(tf.softplus(tf.neg(run(judge, [images, captions!])))),
            tf.mean(tf.softplus(run(judge, [fakes, captions!]))),
          );
        }),
    },
    {
      network: `stage${stage}/generator`,
      take: ({ images, captions }) =>
        update(2 * stage - 2, `stage${stage}/loss_g`, () => {
          const fakes = draw(stage, z(images.shape[0]), captions!);
          return tf.mean(tf.softplus(tf.neg(run(judge, [fakes, captions!]))));
        }),
    },
  ];
  const stages = [turnsOf(1, firstJudge), turnsOf(2, secondJudge)] as const;
  /** The caption of each image is the image's grey: how far off is it? */
  const mismatch = ({ images, captions }: StepBatch): StepReport => {
    const greys = tf.tidy(() => tf.reshape(tf.mean(images, [1, 2, 3]), [-1, 1]));
    const off = tf.tidy(() => tf.max(tf.abs(tf.sub(greys, tf.slice(captions!, [0, 0], [-1, 1])))) as TF.Scalar);
    greys.dispose();
    return { scalars: { 'captions/mismatch': off } };
  };
  const variables = networks.flatMap((network) => network.variables);
  const slots = optimizers.flatMap((optimizer) => optimizer.slots);
  return {
    variables,
    slots,
    counters: () => ({
      steps,
      ...Object.fromEntries(optimizers.map((optimizer, at) => [`updates/${at}`, optimizer.updates()])),
    }),
    restoreCounters: (counters) => {
      steps = counters['steps']!;
      optimizers.forEach((optimizer, at) => optimizer.restoreUpdates(counters[`updates/${at}`]!));
    },
    fixedLatents: 4,
    latents: (n, source = random) => source.uniform(n * LATENT, -1, 1),
    turns: stages.flat(),
    step: (batch) => {
      const stage = steps++ < firstStageSteps ? stages[0] : stages[1];
      return joinReports([...stage.map((turn) => turn.take(batch)), mismatch(batch)]);
    },
    sample: (latents) =>
      tf.tidy(() => draw(2, latents, tf.zeros([latents.shape[0], shape.captionSize ?? 0])) as TF.Tensor4D),
    pictures: [
      {
        tag: 'samples/stages',
        columns: 3,
        followsLatents: false,
        draw: ({ latents, batch }) =>
          tf.tidy(() => {
            const n = latents.shape[0];
            const captions = tf.slice(batch.captions!, [0, 0], [n, -1]);
            const real = tf.slice(batch.images, [0, 0, 0, 0], [n, -1, -1, -1]);
            const cells = tf.stack([real, draw(1, latents, captions), draw(2, latents, captions)], 1);
            const [, ...image] = real.shape;
            return tf.reshape(cells, [3 * n, ...image]) as TF.Tensor4D;
          }),
      },
    ],
    dispose: () => tf.dispose([...variables, ...slots].map(({ variable }: NamedVariable) => variable)),
  };
}
