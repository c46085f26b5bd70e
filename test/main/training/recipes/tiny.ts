// Every recipe at a size that a test can afford: narrow networks, small batches, and data of the shape that its view
// asks for. What a preset says of anything else stays.

import type * as TF from '@tensorflow/tfjs-core';
import type { OpenDataSet } from '../../../../src/main/datasets/dataset.ts';
import { findDataSet } from '../../../../src/main/datasets/list.ts';
import { createRandom } from '../../../../src/main/training/random.ts';
import { findRecipe } from '../../../../src/main/training/recipes/list.ts';
import type {
  DataShape,
  Model,
  Recipe,
  StepBatch,
  StepReport,
  TensorFlow,
} from '../../../../src/main/training/recipes/recipe.ts';
import { shapeFor } from '../../../../src/main/training/recipes/shape.ts';
import type { RunSpec } from '../../../../src/shared/run.ts';
import { resolveParameters, type ParameterValues } from '../../../../src/shared/parameters.ts';

export const BATCH = 6;

const narrow: Readonly<Record<string, ParameterValues>> = {
  toy: { generatorUnits: 8, discriminatorUnits: 8 },
  'gan-mlp': { generatorUnits: 20, discriminatorUnits: 20 },
  basicgan: { generatorUnits: 20, discriminatorUnits: 20 },
  dcgan28: { generatorUnits: 32, generatorFilters: 8, discriminatorFilters: 8, discriminatorUnits: 16 },
  dcgan64: { generatorFilters: 4, discriminatorFilters: 4 },
  faces: { generatorFilters: 4, discriminatorFilters: 4 },
  began: { imageSize: '16', filters: 4, latentSize: 8 },
};

/** The tiny values of a recipe, for `resolveParameters` and for the specification of a run. */
export function tinyValues(recipe: string): ParameterValues {
  return { batchSize: BATCH, ...narrow[recipe] };
}

export function tinyParameters(recipe: Recipe, preset: string, changes: ParameterValues = {}): ParameterValues {
  return resolveParameters(recipe.parameters, recipe.presets, preset, { ...tinyValues(recipe.id), ...changes });
}

/** Of data such as MNIST, or of points of two numbers, as the recipe's view makes it. */
export function shapeOf(recipe: Recipe, parameters: ParameterValues, own: Partial<DataShape> = {}): DataShape {
  const data =
    recipe.takes === 'points'
      ? { height: 1, width: 2, channels: 1, classes: 0, ...own }
      : { height: 28, width: 28, channels: 1, classes: 10, ...own };
  const shape = { ...data, ...recipe.view?.(parameters, data) };
  const pixels = shape.height * shape.width * shape.channels;
  return { ...shape, pixelMeans: () => new Float32Array(pixels).fill(0.1) };
}

/** Points as they are, or 60 images of noise in the shape that the recipe's view makes of the data set. */
export async function openTiny({ recipe, parameters, data }: RunSpec): Promise<OpenDataSet> {
  const facts = findDataSet(data);
  if (facts.kind === 'points') return facts.open('');
  const { height, width, channels } = shapeFor(findRecipe(recipe), parameters, facts);
  const size = height * width * channels;
  const pixels = Uint8Array.from(createRandom(3).uniform(60 * size, 0, 256));
  return {
    ...{ count: 60, height, width, channels },
    labels: Uint8Array.from({ length: 60 }, (_, at) => at % 10),
    read: (indices) =>
      Uint8Array.from(Array.from(indices).flatMap((at) => [...pixels.subarray(at * size, (at + 1) * size)])),
    close() {},
  };
}

export interface Tiny {
  readonly recipe: Recipe;
  readonly parameters: ParameterValues;
  readonly shape: DataShape;
  readonly model: Model;
  readonly batch: StepBatch;
  dispose(): void;
}

export interface TinySettings {
  readonly changes?: ParameterValues;
  readonly seed?: number;
  readonly own?: Partial<DataShape>;
}

/** A model and a batch for it. */
export function buildTiny(tf: TensorFlow, id: string, preset: string, settings: TinySettings = {}): Tiny {
  const { changes, seed = 1, own } = settings;
  const recipe = findRecipe(id);
  const parameters = tinyParameters(recipe, preset, changes);
  const shape = shapeOf(recipe, parameters, own);
  const model = recipe.build(tf, parameters, shape, createRandom(seed));
  const batch = makeBatch(tf, recipe, parameters, shape);
  const dispose = () => {
    model.dispose();
    batch.images.dispose();
  };
  return { recipe, parameters, shape, model, batch, dispose };
}

function makeBatch(tf: TensorFlow, recipe: Recipe, parameters: ParameterValues, shape: DataShape): StepBatch {
  const count = recipe.imagesPerStep?.(parameters) ?? Number(parameters['batchSize']);
  const { height, width, channels } = shape;
  const low = recipe.imageRange(parameters) === '0..1' ? 0 : -1;
  const values = createRandom(77).uniform(count * height * width * channels, low, 1);
  const images: TF.Tensor4D = tf.tensor4d(values, [count, height, width, channels]);
  return { images, labels: Uint8Array.from({ length: count }, (_, at) => (7 * at) % 10) };
}

export function disposeReport(tf: TensorFlow, { scalars, histograms = {} }: StepReport): void {
  tf.dispose([...Object.values(scalars), ...Object.values(histograms)]);
}

/** Values of a report, which is disposed; a model that it is given too is steered by them. */
export function readReport(tf: TensorFlow, report: StepReport, model?: Model): Record<string, number> {
  const { scalars } = report;
  const values = Object.fromEntries(Object.entries(scalars).map(([tag, value]) => [tag, value.dataSync()[0]!]));
  disposeReport(tf, report);
  model?.follow?.(new Map(Object.entries(values)));
  return values;
}

/** Every variable's bits, to compare what a turn changed. */
export function bitsOf({ variables }: Model): readonly { readonly name: string; readonly bits: string }[] {
  return variables.map(({ name, variable }) => ({
    name,
    bits: Buffer.from(new Float32Array(variable.dataSync()).buffer).toString('base64'),
  }));
}

/** Shape and count of a network's layers, for the exact numbers of the recipe book. */
export function countsOf(recipe: Recipe, preset: string, changes: ParameterValues = {}, own: Partial<DataShape> = {}) {
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, changes);
  return recipe.describe(parameters, shapeOf(recipe, parameters, own));
}
