// The networks of CycleGAN (arXiv 1703.10593, section 7.2 and its PyTorch code): a generator that makes an image of an
// image by residual blocks at a quarter of the size, and a discriminator that judges patches.
//
//   generator      M3 C7/1 n -> C3/2 2n -> C3/2 4n -> N times [M1 C3 4n, ReLU, M1 C3 4n, + input] -> T3/2 2n -> T3/2 n
//                  -> M3 C7/1 channels, tanh; instance norm and ReLU after every convolution but the last
//   discriminator  C4/2 n -> C4/2 2n ... -> C4/1 (at most 8 n) -> C4/1 1, each padded by 1; instance norm after all but
//                  the first and the last, leaky ReLU 0.2 after all but the last; its output is a map of scores
//
// M: mirrored pixels around, C k/s: convolution of kernel k and stride s, T: transposed convolution, padding 1 and
// output padding 1.

import { UserError } from '../../../../shared/contract.ts';
import type { Convolution, Layer, NetworkPlan, Shape, TransposedConvolution } from '../../networks/layers.ts';

/** `plain` as in PyTorch's code, `affine` with scale and offset as in the authors' Lua; `none` to look at what a pixel sees. */
export type Norm = 'plain' | 'affine' | 'none';

export interface GeneratorSettings {
  readonly name: string;
  /** Its output has the same shape. */
  readonly image: Shape;
  /** n. */
  readonly filters: number;
  /** N. */
  readonly blocks: number;
  readonly norm?: Norm;
}

export interface DiscriminatorSettings {
  readonly name: string;
  readonly image: Shape;
  /** n. */
  readonly filters: number;
  /** Convolutions of stride 2; an output sees 16, 34, 70, 142 or 286 pixels across with 1 to 5 of them. */
  readonly layers: number;
  readonly norm?: Norm;
}

/** Throws UserError when a side of the image is no multiple of 4. */
export function generatorPlan({ name, image, filters, blocks, norm = 'plain' }: GeneratorSettings): NetworkPlan {
  const [height = 0, width = 0, channels = 0] = image;
  if (height % 4 !== 0 || width % 4 !== 0) {
    throw new UserError(`${name}: expected an image whose sides are multiples of 4, found ${height} x ${width}`);
  }
  const block = (at: number): Layer => ({
    kind: 'residual',
    name: `block${at + 1}`,
    layers: [
      mirror('pad1', 1),
      ...normalized(convolution('conv1', 4 * filters, 3), norm, true),
      mirror('pad2', 1),
      ...normalized(convolution('conv2', 4 * filters, 3), norm, false),
    ],
  });
  const layers: Layer[] = [
    mirror('pad1', 3),
    ...normalized(convolution('conv1', filters, 7), norm, true),
    ...normalized(convolution('down1', 2 * filters, 3, 2, 1), norm, true),
    ...normalized(convolution('down2', 4 * filters, 3, 2, 1), norm, true),
    ...Array.from({ length: blocks }, (_, at) => block(at)),
    ...normalized(enlarging('up1', 2 * filters), norm, true),
    ...normalized(enlarging('up2', filters), norm, true),
    mirror('pad2', 3),
    convolution('image', channels, 7),
    { kind: 'activation', name: 'tanh', of: 'tanh' },
  ];
  return { name, input: image, layers };
}

/** The layers' names count convolutions; the last is `score`. */
export function discriminatorPlan(settings: DiscriminatorSettings): NetworkPlan {
  const { name, image, filters, layers: halvings, norm = 'plain' } = settings;
  const layers: Layer[] = [convolution('conv1', filters, 4, 2, 1), leaky('conv1')];
  for (let at = 1; at <= halvings; at++) {
    const convolving = convolution(`conv${at + 1}`, filters * Math.min(2 ** at, 8), 4, at < halvings ? 2 : 1, 1);
    layers.push(...normalized(convolving, norm, false), leaky(convolving.name));
  }
  return { name, input: image, layers: [...layers, convolution('score', 1, 4, 1, 1)] };
}

const weights = { initializer: { kind: 'normal', deviation: 0.02 }, bias: { kind: 'zeros' } } as const;

const convolution = (name: string, filters: number, kernel: number, stride = 1, padding = 0): Convolution => ({
  ...{ kind: 'convolution', name, filters, kernel, stride, padding, ...weights },
});
const enlarging = (name: string, filters: number): TransposedConvolution => ({
  ...{ kind: 'transposed-convolution', name, filters, kernel: 3, stride: 2, padding: 1, ...weights },
});
const mirror = (name: string, size: number): Layer => ({ kind: 'reflection-pad', name, size });
const leaky = (name: string): Layer => ({ kind: 'activation', name: `${name}/leaky`, of: 'leaky-relu', slope: 0.2 });

function normalized(layer: Convolution | TransposedConvolution, norm: Norm, withRelu: boolean): Layer[] {
  const affine = norm === 'affine';
  const settings = { scale: affine, offset: affine, scaleDeviation: 0.02, epsilon: 1e-5 };
  return [
    layer,
    ...(norm === 'none' ? [] : [{ kind: 'instance-norm', name: `${layer.name}/norm`, ...settings } as const]),
    ...(withRelu ? [{ kind: 'activation', name: `${layer.name}/relu`, of: 'relu' } as const] : []),
  ];
}
