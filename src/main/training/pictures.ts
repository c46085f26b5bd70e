// What is drawn of a model at a sample step: its own pictures, or the images of the fixed latents. The same real data
// goes into them at every step of every run of a data set, and nothing here touches the run's own generator.

import type * as TF from '@tensorflow/tfjs-core';
import type { Step } from '../../shared/run.ts';
import type { OpenDataSet } from '../datasets/dataset.ts';
import type { Batch } from './batches.ts';
import { floatsFromPixels, pixelsFromFloats, type GridShape } from './grid.ts';
import { disposeBatch, stepBatch, type Prepared } from './prepare.ts';
import { createRandom } from './random.ts';
import type { Drawing, Picture, PictureInput } from './recipes/recipe.ts';

const COLUMNS = 8;
/** Real images that pictures get: those of a batch, but so many at least and at most. */
const FEWEST_REALS = 8;
const MOST_REALS = 64;
const REAL_POINTS = 200;
/** Sequence of the seed 0, whatever the run's seed: runs of one data set show the same real images. */
const REALS_STREAM = 2;
/** The random samples of step s have the sequence RANDOM_STREAM + s, so that a resumed run draws the same ones. */
const RANDOM_STREAM = 1000;

/** Cells of a grid, with what is known of them. */
export interface Sheet {
  readonly tag: string;
  readonly shape: GridShape;
  readonly cells: Uint8Array;
  /** True when cell k shows the fixed latent k. */
  readonly followsLatents: boolean;
  /** What `cells` was made from, in the recipe's range; absent for finished pixels. */
  readonly values?: Float32Array;
}

/** True when the model makes images from random numbers, one from each. */
export function makesSamples({ data, fixedLatents }: Prepared): boolean {
  return !data.points && fixedLatents.length > 0;
}

/** The model's own pictures; points without any have none, as their samples are no images. */
export function picturesOf(prepared: Prepared): readonly Picture[] {
  const { model } = prepared;
  if (model.pictures) return model.pictures;
  const draw = ({ latents }: PictureInput) => model.sample(latents);
  return prepared.data.points ? [] : [{ tag: 'samples/fixed', columns: COLUMNS, followsLatents: true, draw }];
}

/** The real data of every picture. */
export function fixedReals({ data, range, batchSize }: Prepared): Batch {
  const random = createRandom(0, REALS_STREAM);
  const { points, second, captions } = data;
  if (points) {
    const images = points.draw(Math.max(batchSize, REAL_POINTS), () => random.next());
    return { images, pixels: new Uint8Array(0), labels: new Uint8Array(0) };
  }
  const count = Math.min(data.count, Math.max(FEWEST_REALS, Math.min(MOST_REALS, batchSize)));
  const choose = (of: OpenDataSet) => Uint32Array.from({ length: count }, () => random.below(of.count));
  const indices = choose(data);
  const pixels = data.read(indices);
  return {
    images: floatsFromPixels(pixels, range),
    pixels,
    labels: Uint8Array.from(indices, (index) => data.labels[index] ?? 0),
    ...(second && { second: floatsFromPixels(second.read(choose(second)), range) }),
    ...(captions && { captions: captions.read(indices) }),
  };
}

/** Runs `work` with the tensors that pictures and measures get. */
export async function withInput<Result>(
  prepared: Prepared,
  reals: Batch,
  work: (input: PictureInput) => Promise<Result>,
): Promise<Result> {
  const { tf, fixedLatents, fixedCount } = prepared;
  const latents = tf.tensor2d(fixedLatents.slice(), [fixedCount, fixedLatents.length / fixedCount]);
  const batch = stepBatch(prepared, () => reals);
  try {
    return await work({ latents, batch });
  } finally {
    latents.dispose();
    disposeBatch(prepared, batch);
  }
}

/** Waits for the device. */
export async function drawPicture(prepared: Prepared, picture: Picture, input: PictureInput): Promise<Sheet> {
  const { tag, columns, followsLatents } = picture;
  const drawn = picture.draw(input);
  if ('then' in drawn) return { tag, followsLatents, ...sheetOf(await drawn) };
  return { tag, followsLatents, ...(await readImages(prepared, drawn, columns)) };
}

/** Disposes the images. */
async function readImages({ range }: Prepared, images: TF.Tensor4D, columns: number) {
  const [count, cellHeight, cellWidth, channels] = images.shape;
  try {
    const values = (await images.data()) as Float32Array;
    const shape = { rows: Math.ceil(count / columns), columns, cellWidth, cellHeight, channels };
    return { shape, cells: pixelsFromFloats(values, range), values };
  } finally {
    images.dispose();
  }
}

function sheetOf({ columns, cellWidth, cellHeight, channels, pixels }: Drawing): Pick<Sheet, 'shape' | 'cells'> {
  const count = pixels.length / (cellWidth * cellHeight * channels);
  if (!Number.isInteger(count)) {
    throw new TypeError(
      `a drawing of ${pixels.length} bytes is no number of cells of ${cellWidth} x ${cellHeight} x ${channels}`,
    );
  }
  return { shape: { rows: Math.ceil(count / columns), columns, cellWidth, cellHeight, channels }, cells: pixels };
}

/** Images of fresh latents, from a sequence that belongs to the step. */
export async function drawRandom(prepared: Prepared, step: Step): Promise<Sheet> {
  const { tf, model, spec, fixedCount } = prepared;
  const fresh = model.latents(fixedCount, createRandom(spec.seed, RANDOM_STREAM + step));
  const latents = tf.tensor2d(fresh, [fixedCount, fresh.length / fixedCount]);
  const images = model.sample(latents);
  latents.dispose();
  return { tag: 'samples/random', followsLatents: false, ...(await readImages(prepared, images, COLUMNS)) };
}

/** Real images as they were read, at most as many as an 8 x 8 grid holds. */
export function sheetOfReals(tag: string, { height, width, channels }: OpenDataSet, pixels: Uint8Array): Sheet {
  const bytes = height * width * channels;
  const count = Math.min(COLUMNS * COLUMNS, pixels.length / bytes);
  const shape = {
    rows: Math.ceil(count / COLUMNS),
    columns: COLUMNS,
    cellWidth: width,
    cellHeight: height,
    channels,
  };
  return { tag, followsLatents: false, shape, cells: pixels.subarray(0, count * bytes) };
}
