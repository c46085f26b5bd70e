// From a specification to what the loop needs: the model with its first weights, the batches, the fixed latents. A
// run and an estimate of one prepare the same way.

import type * as TF from '@tensorflow/tfjs-core';
import type { DataSetFacts } from '../../shared/contract.ts';
import type { RunSpec } from '../../shared/run.ts';
import type { OpenDataSet } from '../datasets/dataset.ts';
import { createBatches, pixelMeans, type Batch, type Batches } from './batches.ts';
import { feed } from './feeds.ts';
import { createRandom, type SeededRandom } from './random.ts';
import { findRecipe } from './recipes/list.ts';
import type { DataShape, ImageRange, Model, Recipe, StepBatch, TensorFlow } from './recipes/recipe.ts';
import { shapeFor } from './recipes/shape.ts';

/** How many latents a run keeps to be drawn again and again, unless its model asks for another number. */
const FIXED_LATENTS = 64;

/** The fixed latents have a sequence of their own, so that runs of one seed can be compared cell by cell. */
const LATENT_STREAM = 1;

export interface Prepared {
  readonly tf: TensorFlow;
  readonly spec: RunSpec;
  readonly data: OpenDataSet;
  readonly range: ImageRange;
  readonly random: SeededRandom;
  readonly model: Model;
  readonly batches: Batches;
  readonly batchSize: number;
  /** [fixedCount, latent size]. */
  readonly fixedLatents: Float32Array;
  readonly fixedCount: number;
}

/** `data` was opened with the view that the recipe has of `facts`. Throws UserError when recipe, parameters and data do not fit. */
export function prepare(
  tf: TensorFlow,
  spec: RunSpec,
  data: OpenDataSet,
  facts: DataSetFacts,
  recipe: Recipe = findRecipe(spec.recipe),
): Prepared {
  const random = createRandom(spec.seed);
  const { height, width, channels } = data;
  const shape: DataShape = {
    ...shapeFor(recipe, spec.parameters, facts),
    // What was opened is what is trained on.
    ...{ height, width, channels },
    pixelMeans: () => pixelMeans(data),
    ...(data.points && { distribution: data.points }),
  };
  const range = recipe.imageRange(spec.parameters);
  const batchSize = recipe.imagesPerStep?.(spec.parameters) ?? Number(spec.parameters['batchSize']);
  const batches = createBatches(data, batchSize, range, random);
  const model = recipe.build(tf, spec.parameters, shape, random);
  const fixedCount = model.fixedLatents ?? FIXED_LATENTS;
  const fixedLatents = model.latents(fixedCount, createRandom(spec.seed, LATENT_STREAM));
  return { tf, spec, data, range, random, model, batches, batchSize, fixedLatents, fixedCount };
}

/** The tensors of a batch, for the caller to dispose with `disposeBatch`. `latest` gives another step its own batch. */
export function stepBatch({ tf, data }: Prepared, latest: () => Batch): StepBatch {
  const { labels, second, captions } = latest();
  const imagesOf = ({ height, width, channels }: OpenDataSet, values: () => Float32Array) =>
    feed(tf, [values().length / (height * width * channels), height, width, channels], values) as TF.Tensor4D;
  return {
    images: imagesOf(data, () => latest().images),
    labels,
    ...(second && data.second && { second: imagesOf(data.second, () => latest().second!) }),
    ...(captions && data.captions && { captions: captionsOf(tf, data.captions.size, () => latest().captions!) }),
  };
}

const captionsOf = (tf: TensorFlow, size: number, values: () => Float32Array) =>
  feed(tf, [values().length / size, size], values) as TF.Tensor2D;

export function disposeBatch({ tf }: Prepared, { images, second, captions }: StepBatch): void {
  tf.dispose([images, second, captions].filter((tensor) => tensor !== undefined));
}
