// The shape of a recipe: one plain object in one file, readable next to the paper it comes from. A recipe knows
// nothing of logging, files, windows or other recipes; the loop knows nothing of any recipe.

import type * as TF from '@tensorflow/tfjs-core';
import type { RecipeInfo } from '../../../shared/contract.ts';
import type { ParameterValues } from '../../../shared/parameters.ts';
import type { NetworkSummary, ReferenceLine } from '../../../shared/run.ts';

export type TensorFlow = typeof TF;

/** What a recipe must know of a data set. */
export interface DataShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  /** Mean of each pixel over the training images, 0 to 1, shape [height, width, channels]; for recipes that start from it. */
  pixelMeans?(): Float32Array;
}

/** Value range of the images a network takes and makes: tanh nets x = u8/127.5 - 1, sigmoid nets x = u8/255. */
export type ImageRange = '-1..1' | '0..1';

/** The seeded generator all randomness comes from. */
export interface RandomSource {
  /** In [0, 1). */
  next(): number;
  /** Float32Array of n values, uniform in [low, high). */
  uniform(n: number, low: number, high: number): Float32Array;
  normal(n: number, mean: number, deviation: number): Float32Array;
  /** Whole number in [0, n). */
  below(n: number): number;
}

/** The rows every recipe has (`every-recipe.ts`) come first in its parameters. */
export interface Recipe extends RecipeInfo {
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
  /**
   * One step: the D update and the G update(s) that go with it. `images` is [batch, height, width, channels] in
   * the recipe's range, `labels` their classes (needed by conditional models). Returns one scalar tensor a tag (`loss/d`, ...); the caller reads and disposes them.
   * Leaves no other tensor behind.
   */
  step(images: TF.Tensor4D, labels?: Uint8Array): Readonly<Record<string, TF.Scalar>>;
  /** The updates that `step` consists of, in order; each changes only the variables whose names start with its network's. */
  readonly turns: readonly Turn[];
  /** Images for latents of shape [n, latent size], in the recipe's range, as evaluation makes them; disposed by the caller. */
  sample(latents: TF.Tensor2D): TF.Tensor4D;
  dispose(): void;
}

export interface Turn {
  readonly network: string;
  take(images: TF.Tensor4D, labels?: Uint8Array): Readonly<Record<string, TF.Scalar>>;
}
