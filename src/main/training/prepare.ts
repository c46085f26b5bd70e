// From a specification to what the loop needs: the model with its first weights, the batches, the fixed latents. A
// run and an estimate of one prepare the same way.

import type { RunSpec } from '../../shared/run.ts';
import type { OpenDataSet } from '../datasets/dataset.ts';
import { createBatches, pixelMeans, type Batches } from './batches.ts';
import { createRandom, type SeededRandom } from './random.ts';
import { findRecipe } from './recipes/list.ts';
import type { DataShape, ImageRange, Model, TensorFlow } from './recipes/recipe.ts';

/** Cells of a sample grid. */
export const GRID_ROWS = 8;
export const GRID_COLUMNS = 8;

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
  /** [GRID_ROWS * GRID_COLUMNS, latent size]. */
  readonly fixedLatents: Float32Array;
}

/** `classes` of the data set, 0 when it has none. Throws UserError when recipe, parameters and data do not fit. */
export function prepare(tf: TensorFlow, spec: RunSpec, data: OpenDataSet, classes: number): Prepared {
  const recipe = findRecipe(spec.recipe);
  const random = createRandom(spec.seed);
  const shape: DataShape = {
    height: data.height,
    width: data.width,
    channels: data.channels,
    classes,
    pixelMeans: () => pixelMeans(data),
  };
  const range = recipe.imageRange(spec.parameters);
  const batchSize = Number(spec.parameters['batchSize']);
  const batches = createBatches(data, batchSize, range, random);
  const model = recipe.build(tf, spec.parameters, shape, random);
  const fixedLatents = model.latents(GRID_ROWS * GRID_COLUMNS, createRandom(spec.seed, LATENT_STREAM));
  return { tf, spec, data, range, random, model, batches, batchSize, fixedLatents };
}

/** Images [batchSize, height, width, channels] as a tensor for the caller to dispose. */
export function imageTensor({ tf, data, batchSize }: Prepared, images: Float32Array) {
  return tf.tensor4d(images, [batchSize, data.height, data.width, data.channels]);
}
