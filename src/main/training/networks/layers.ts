// Layers as plain data. A network is a list of these; `describe.ts` gives its shapes and counts without
// TensorFlow, `build.ts` its variables and forward pass, both from the same list.

export type Initializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'truncated-normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly range: number }
  /** N(0, 1/sqrt(inputs of a unit)). */
  | { readonly kind: 'fan-in' }
  /** U(-r, r) with r = sqrt(6 / (inputs + outputs)). */
  | { readonly kind: 'glorot' }
  /** These very values. */
  | { readonly kind: 'values'; readonly values: Float32Array };

interface Weighted {
  readonly name: string;
  readonly initializer: Initializer;
  /** Absent: no bias. */
  readonly bias?: Initializer;
}

export interface Dense extends Weighted {
  readonly kind: 'dense';
  readonly units: number;
}
/** Dense layer of units x pieces, of which each unit gives its greatest piece (Goodfellow et al. 2013). */
export interface Maxout extends Weighted {
  readonly kind: 'maxout';
  readonly units: number;
  readonly pieces: number;
}
/**
 * `same` pads as TensorFlow does (on the right and below first, output = ceil(input / stride)); a number pads
 * so many zeros on every side, as Theano and PyTorch do (H12).
 */
export type Padding = 'same' | number;
export interface Convolution extends Weighted {
  readonly kind: 'convolution';
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}
/**
 * The gradient of a convolution of the same kernel, stride and padding; the output is stride x the input, or with
 * `valid`, which pads nothing, (input - 1) x stride + kernel. With padding p it is PyTorch's ConvTranspose2d of that
 * padding and output padding stride + 2 p - kernel: 3, 2 and 1 are its output padding 1.
 */
export interface TransposedConvolution extends Weighted {
  readonly kind: 'transposed-convolution';
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding | 'valid';
}
/** Over every axis but the last; biased variance. */
export interface BatchNorm {
  readonly kind: 'batch-norm';
  readonly name: string;
  /** gamma, from 1 or from N(1, scaleDeviation). */
  readonly scale: boolean;
  readonly scaleDeviation?: number;
  /** beta, from 0. */
  readonly offset: boolean;
  /** What evaluation uses: the running averages of training, or the statistics of the very batch. */
  readonly statistics: 'running' | 'batch';
  /** running = momentum x running + (1 - momentum) x batch. */
  readonly momentum: number;
  readonly epsilon: number;
}
/** Over height and width, of each channel of each image alone; biased variance (Ulyanov et al., arXiv 1607.08022). */
export interface InstanceNorm {
  readonly kind: 'instance-norm';
  readonly name: string;
  /** gamma, from 1 or from N(1, scaleDeviation). */
  readonly scale: boolean;
  readonly scaleDeviation?: number;
  /** beta, from 0. */
  readonly offset: boolean;
  readonly epsilon: number;
}
export interface Activation {
  readonly kind: 'activation';
  readonly name: string;
  readonly of: 'relu' | 'leaky-relu' | 'elu' | 'tanh' | 'sigmoid';
  /** Of leaky ReLU, below zero. Always said, as the library's defaults differ (H5). */
  readonly slope?: number;
}
/** Keeps each value with this probability and divides it by it; does nothing in evaluation. */
export interface Dropout {
  readonly kind: 'dropout';
  readonly name: string;
  readonly keep: number;
}
/** To this shape; [n] flattens. */
export interface Reshape {
  readonly kind: 'reshape';
  readonly name: string;
  readonly shape: Shape;
}
/** Appends the one-hot class to the last axis, at every pixel of a map. */
export interface AppendClass {
  readonly kind: 'append-class';
  readonly name: string;
  readonly classes: number;
}
/** Each pixel of a map becomes factor x factor pixels. */
export interface Upsampling {
  readonly kind: 'upsampling';
  readonly name: string;
  readonly factor: number;
}
/** Means of size x size pixels; the sides must be divisible by it. */
export interface AveragePooling {
  readonly kind: 'average-pooling';
  readonly name: string;
  readonly size: number;
}
/** Appends the channels of the earlier layer `of`, its map enlarged to this one's size: a skip connection. */
export interface AppendMap {
  readonly kind: 'append-map';
  readonly name: string;
  readonly of: string;
}
/** carry x the earlier layer `of` + (1 - carry) x the input, carry being the pass's: a vanishing residual. */
export interface Blend {
  readonly kind: 'blend';
  readonly name: string;
  readonly of: string;
}

/** Appends on every side the map's mirror image, `size` pixels of it, without the edge itself; the sides must be longer. */
export interface ReflectionPad {
  readonly kind: 'reflection-pad';
  readonly name: string;
  readonly size: number;
}
/** input + inner layers of the input, with nothing after the sum. The inner layers see each other only. */
export interface Residual {
  readonly kind: 'residual';
  readonly name: string;
  /** Their names, and those of their variables, begin with this layer's: `block1/conv/kernel`. */
  readonly layers: readonly Layer[];
}

export type Layer =
  | Dense
  | Maxout
  | Convolution
  | TransposedConvolution
  | BatchNorm
  | InstanceNorm
  | Activation
  | Dropout
  | Reshape
  | AppendClass
  | Upsampling
  | AveragePooling
  | AppendMap
  | Blend
  | ReflectionPad
  | Residual;

/** Without the batch axis: [units] or [height, width, channels]. */
export type Shape = readonly number[];

export interface NetworkPlan {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly Layer[];
}

/** [dropout] when something is dropped, else nothing, for lists of layers. */
export function dropoutIf(keep: number, name: string): Layer[] {
  return keep < 1 ? [{ kind: 'dropout', name, keep }] : [];
}
