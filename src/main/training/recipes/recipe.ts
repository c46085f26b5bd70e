// The shape of a recipe: one plain object in one file, readable next to the paper it comes from. A recipe knows
// nothing of logging, files, windows or other recipes; the loop knows nothing of any recipe.

import type * as TF from '@tensorflow/tfjs-core';
import type { RecipeInfo } from '../../../shared/contract.ts';
import type { ImageView } from '../../../shared/images.ts';
import type { ParameterValues } from '../../../shared/parameters.ts';
import type { NetworkSummary, ReferenceLine } from '../../../shared/run.ts';

export type TensorFlow = typeof TF;

/** What a recipe must know of a data set, as its view makes it. Points of d numbers are images of 1 x d x 1, as they are. */
export interface DataShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  /** Numbers of a caption's vector; 0 when the data set has none. */
  readonly captionSize?: number;
  /** Mean of each pixel over the training images, 0 to 1, shape [height, width, channels]; for recipes that start from it. */
  pixelMeans?(): Float32Array;
  /** Of points: what is known of the distribution they are drawn from. */
  readonly distribution?: Distribution;
}

/** A distribution that points are drawn from, for measures and for the D* that it makes known. */
export interface Distribution {
  readonly dimensions: 1 | 2;
  /** Probability density at a point of `dimensions` numbers. */
  density(point: ArrayLike<number>): number;
  /** Centres of its modes, one after the other, and their common standard deviation; absent where it has no such thing. */
  readonly modes?: { readonly centres: Float32Array; readonly deviation: number };
  /** Where nearly all of it lies, for drawings: the square (or interval) from -extent to extent. */
  readonly extent: number;
}

/** Value range of the images a network takes and makes: tanh nets x = u8/127.5 - 1, sigmoid nets x = u8/255. */
export type ImageRange = '-1..1' | '0..1';

/** The seeded generator all randomness comes from: of numbers for JavaScript, and of tensors that a step works with. */
export interface RandomSource {
  /** In [0, 1). */
  next(): number;
  /** Float32Array of n values, uniform in [low, high). */
  uniform(n: number, low: number, high: number): Float32Array;
  normal(n: number, mean: number, deviation: number): Float32Array;
  /** Drawn by the backend where it can: for what a step draws, which JavaScript need not see. Uniform in [low, high). */
  uniformTensor(tf: TensorFlow, shape: readonly number[], low: number, high: number): TF.Tensor;
  normalTensor(tf: TensorFlow, shape: readonly number[], mean: number, deviation: number): TF.Tensor;
  /** Each number is 1 / keep with the probability `keep`, else 0. */
  maskTensor(tf: TensorFlow, shape: readonly number[], keep: number): TF.Tensor;
  /** Whole number in [0, n). */
  below(n: number): number;
}

/** The rows every recipe has (`every-recipe.ts`) come first in its parameters. */
export interface Recipe extends RecipeInfo {
  /** How it wants its images; as the data set has them when absent. `data` is the data set's own shape. */
  view?(parameters: ParameterValues, data: DataShape): ImageView;
  /** Real images that a step takes; the row `batchSize` when absent. */
  imagesPerStep?(parameters: ParameterValues): number;
  /** Exact layers, shapes and counts, without TensorFlow. */
  describe(parameters: ParameterValues, shape: DataShape): readonly NetworkSummary[];
  referenceLines(parameters: ParameterValues): readonly ReferenceLine[];
  imageRange(parameters: ParameterValues): ImageRange;
  build(tf: TensorFlow, parameters: ParameterValues, shape: DataShape, random: RandomSource): Model;
}

export interface NamedVariable {
  /** Unique in the model: `generator/dense1/kernel`. */
  readonly name: string;
  readonly variable: TF.Variable;
  readonly trainable: boolean;
}

export interface Model {
  /** Everything a checkpoint's weights consist of, in a fixed order. */
  readonly variables: readonly NamedVariable[];
  /** Tensors that are no weights but go on with them in a checkpoint: the optimizers' moments, image pools. In a fixed order. */
  readonly slots: readonly NamedVariable[];
  /** Numbers that go on likewise: the optimizers' update counts, k_t. */
  counters(): Readonly<Record<string, number>>;
  /** Takes what `counters` gave. */
  restoreCounters(counters: Readonly<Record<string, number>>): void;
  /**
   * Draws a batch of latents; shape [n, latent size], values as the recipe's prior says, from the model's generator
   * or the given one. A conditional model's latent ends with the one-hot class; here the classes take turns.
   */
  latents(n: number, random?: RandomSource): Float32Array;
  /** One step: the D update and the G update(s) that go with it, or whatever the recipe's source calls one. */
  step(batch: StepBatch): StepReport;
  /**
   * Present where a step is the same operations every time and whatever differs is a variable, a slot, a tensor of the batch, a
   * random tensor or fed (`feeds.ts`): a backend may then take it again without calling `step`. Steps whose operations
   * differ have another form; null is one that must be called. When absent, all must.
   */
  form?(): string | null;
  /**
   * For a model that is steered by what it reports: takes the scalars of a step before the next one. A step itself reads
   * nothing, for a device that works on its own can only be waited for between two steps.
   */
  follow?(scalars: ReadonlyMap<string, number>): void;
  /** The updates that `step` consists of, in order; each changes only the variables whose names start with its network's. */
  readonly turns: readonly Turn[];
  /** Images for latents of shape [n, latent size], in the recipe's range, as evaluation makes them; disposed by the caller. */
  sample(latents: TF.Tensor2D): TF.Tensor4D;
  /** How many latents a run keeps to be drawn at every sample step; 64 when absent. */
  readonly fixedLatents?: number;
  /** What is drawn at every sample step; when absent, `samples/fixed` by `sample`. */
  readonly pictures?: readonly Picture[];
  /** Numbers worked out at every sample step, one a tag (`toy/kl_gauss`). */
  measure?(input: PictureInput): Promise<Readonly<Record<string, number>>>;
  dispose(): void;
}

/** What a step gets; the tensors are the caller's. */
export interface StepBatch {
  /** [batch, height, width, channels] in the recipe's range. */
  readonly images: TF.Tensor4D;
  /** The images' classes, when the data set has them. */
  readonly labels?: Uint8Array;
  /** Of data sets with two domains: as many images of the other one, drawn on their own. */
  readonly second?: TF.Tensor4D;
  /** Of data sets with captions: [batch, captionSize], those of `images`. */
  readonly captions?: TF.Tensor2D;
}

/** Tensors for the caller to read and dispose; a step leaves no others behind. */
export interface StepReport {
  /** One a tag (`loss/d`, ...). */
  readonly scalars: Readonly<Record<string, TF.Scalar>>;
  /** Tensors of any shape whose values' distribution is worth keeping, one a tag (`hist/d_real_logit`). */
  readonly histograms?: Readonly<Record<string, TF.Tensor>>;
}

export interface Turn {
  readonly network: string;
  take(batch: StepBatch): StepReport;
}

export interface Picture {
  readonly tag: string;
  /** Cells in a row of the grid. */
  readonly columns: number;
  /** True when cell k shows the fixed latent k at every step. */
  readonly followsLatents: boolean;
  /** Images [n, height, width, channels] in the recipe's range for the caller to dispose, or finished pixels. */
  draw(input: PictureInput): TF.Tensor4D | Promise<Drawing>;
}

export interface PictureInput {
  /** The run's fixed latents. */
  readonly latents: TF.Tensor2D;
  /** The same real data at every step of the run. */
  readonly batch: StepBatch;
}

/** Pixels of a grid's cells, one cell after the other, rows of HWC bytes. */
export interface Drawing {
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}
