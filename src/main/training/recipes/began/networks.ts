// The networks of BEGAN: a decoder as generator, and an autoencoder, the same decoder behind an encoder, as
// discriminator. All convolutions are 3x3 and followed by ELU, but for the output; nothing is normalised.
//
//   encoder  C3 n -> for i = 1 ... r: C3 i n, C3 i n, then half the size (not after the last) -> F h
//   decoder  F 8x8xn -> r times: C3 n, C3 n, then twice the size (not after the last) -> C3 channels, linear
//
// r = log2(side) - 2. With `residual`, each decoder map is joined with the first 8x8 one, and each convolution that keeps
// the shape is blended with its input (vanishing residuals).

import type { Initializer, Layer, NetworkPlan, Shape } from '../../networks/layers.ts';

export interface BeganNetworks {
  /** 16, 32, 64 or 128. */
  readonly side: number;
  readonly channels: number;
  /** n. */
  readonly filters: number;
  /** Of z and of the autoencoder's code, h. */
  readonly latentSize: number;
  readonly architecture: 'plain' | 'residual';
  readonly downsampling: 'strided' | 'pooled';
  readonly initializer: Initializer;
}

const SMALLEST = 8;

export function beganPlans(networks: BeganNetworks): { generator: NetworkPlan; discriminator: NetworkPlan } {
  const { side, channels, latentSize } = networks;
  return {
    generator: { name: 'generator', input: [latentSize], layers: decoder(networks, 'decoder') },
    discriminator: {
      name: 'discriminator',
      input: [side, side, channels],
      layers: [...encoder(networks), ...decoder(networks, 'decoder')],
    },
  };
}

const repeatsOf = (side: number): number => Math.log2(side / SMALLEST) + 1;

function encoder(networks: BeganNetworks): Layer[] {
  const { side, filters, latentSize, architecture, downsampling, initializer } = networks;
  const repeats = repeatsOf(side);
  const layers: Layer[] = convolve(networks, 'encoder0', filters);
  let before = { name: 'encoder0/elu', width: filters };
  for (let block = 1; block <= repeats; block++) {
    const width = block * filters;
    for (const part of ['a', 'b']) {
      const name = `encoder${block}${part}`;
      layers.push(...convolve(networks, name, width, before.width === width ? before.name : null));
      before = { name: lastName(layers), width };
    }
    if (block === repeats) break;
    const name = `half${block}`;
    // The paper's drawing widens where it halves; carpedm20's code keeps the width until the next convolution.
    const next = architecture === 'plain' && downsampling === 'strided' ? width : width + filters;
    layers.push(...(downsampling === 'strided' ? convolve(networks, name, next, null, 2) : pool(networks, name, next)));
    before = { name: lastName(layers), width: next };
  }
  const code = SMALLEST * SMALLEST * repeats * filters;
  return [
    ...layers,
    { kind: 'reshape', name: 'flat', shape: [code] },
    { kind: 'dense', name: 'code', units: latentSize, initializer, bias: { kind: 'zeros' } },
  ];
}

function decoder(networks: BeganNetworks, prefix: string): Layer[] {
  const { side, channels, filters, architecture, initializer } = networks;
  const first: Shape = [SMALLEST, SMALLEST, filters];
  const repeats = repeatsOf(side);
  const map = `${prefix}/map`;
  const layers: Layer[] = [
    { kind: 'dense', name: prefix, units: SMALLEST * SMALLEST * filters, initializer, bias: { kind: 'zeros' } },
    { kind: 'reshape', name: map, shape: first },
  ];
  for (let block = 1; block <= repeats; block++) {
    // Behind a skip the map has twice the width, and the first convolution no input of its own shape.
    const isJoined = block > 1 && architecture === 'residual';
    layers.push(...convolve(networks, `${prefix}${block}a`, filters, isJoined ? null : lastName(layers)));
    layers.push(...convolve(networks, `${prefix}${block}b`, filters, lastName(layers)));
    if (block === repeats) break;
    layers.push({ kind: 'upsampling', name: `double${block}`, factor: 2 });
    if (architecture === 'residual') layers.push({ kind: 'append-map', name: `skip${block}`, of: map });
  }
  return [...layers, convolution(networks, `${prefix}/image`, channels, 3, 1)];
}

/** Convolution and ELU, and in the residual architecture the blend with `input`, the layer of the same shape before it. */
function convolve(
  networks: BeganNetworks,
  name: string,
  filters: number,
  input: string | null = null,
  stride = 1,
): Layer[] {
  const { architecture } = networks;
  return [
    convolution(networks, name, filters, 3, stride),
    { kind: 'activation', name: `${name}/elu`, of: 'elu' },
    ...(architecture === 'residual' && input !== null
      ? [{ kind: 'blend', name: `${name}/blend`, of: input } as const]
      : []),
  ];
}

/** A linear 1x1 convolution to the next width and the means of 2x2 pixels: the code of the post's author. */
function pool(networks: BeganNetworks, name: string, filters: number): Layer[] {
  return [convolution(networks, name, filters, 1, 1), { kind: 'average-pooling', name: `${name}/pool`, size: 2 }];
}

function convolution(
  { initializer }: BeganNetworks,
  name: string,
  filters: number,
  kernel: number,
  stride: number,
): Layer {
  return { kind: 'convolution', name, filters, kernel, stride, padding: 'same', initializer, bias: { kind: 'zeros' } };
}

const lastName = (layers: readonly Layer[]): string => layers.at(-1)!.name;
