// Cuts a part out of an image, brings it to a size and to grey or colour. Pure arithmetic on bytes, the same on every
// machine: what a network sees must not depend on the version of a library.

import type { Crop, ImageView, Resize } from '../../shared/images.ts';

/** One image: rows of HWC bytes. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

export interface Box extends Size {
  readonly top: number;
  readonly left: number;
}

/** A view with nothing left open; `resize` null stands for `area` when images get smaller and `bilinear` when larger. */
export interface FullView extends Size {
  readonly channels: number;
  readonly crop: Crop;
  readonly resize: Resize | null;
}

/** What the view leaves open is as `own` has it. */
export function completeView(view: ImageView, own: FullView): FullView {
  return {
    height: view.height ?? own.height,
    width: view.width ?? own.width,
    channels: view.channels ?? own.channels,
    crop: view.crop ?? own.crop,
    resize: view.resize ?? own.resize,
  };
}

/** The part that is kept. A crop of fixed size that does not fit into the image is `centre`. */
export function cropBox(crop: Crop, image: Size, wanted: Size): Box {
  if (crop === 'stretch') return { top: 0, left: 0, height: image.height, width: image.width };
  if (crop === 'centre-108' && image.height >= 108 && image.width >= 108) return centred(image, 108, 108);
  if (crop === 'face-128' && image.height >= 178 && image.width >= 153)
    return { top: 50, left: 25, height: 128, width: 128 };
  const scale = Math.min(image.height / wanted.height, image.width / wanted.width);
  const fit = (length: number, limit: number) => Math.max(1, Math.min(limit, Math.round(length * scale)));
  return centred(image, fit(wanted.height, image.height), fit(wanted.width, image.width));
}

function centred(image: Size, height: number, width: number): Box {
  return { top: (image.height - height) >> 1, left: (image.width - width) >> 1, height, width };
}

/** The image as this view shows it; a fresh array unless nothing changes. */
export function render(image: Pixels, view: FullView): Uint8Array {
  const box = cropBox(view.crop, image, view);
  const cut = withChannels(cutOut(image, box), view.channels);
  if (cut.height === view.height && cut.width === view.width) return cut.data;
  const shrinks = view.height * view.width < cut.height * cut.width;
  const resize = view.resize ?? (shrinks ? 'area' : 'bilinear');
  return resize === 'nearest' ? pickNearest(cut, view) : blend(cut, view, resize);
}

export function cutOut(image: Pixels, { top, left, height, width }: Box): Pixels {
  if (top === 0 && left === 0 && height === image.height && width === image.width) return image;
  const { channels } = image;
  const data = new Uint8Array(height * width * channels);
  const line = width * channels;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + line), y * line);
  }
  return { height, width, channels, data };
}

/** 3 to 1 is the luma of ITU-R BT.601 (Pillow's `L`), 1 to 3 repeats the grey. */
export function withChannels(image: Pixels, channels: number): Pixels {
  if (channels === image.channels) return image;
  const { height, width } = image;
  const data = new Uint8Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel++) {
    if (channels === 3) data.fill(image.data[pixel]!, 3 * pixel, 3 * pixel + 3);
    else {
      const at = 3 * pixel;
      const luma = 299 * image.data[at]! + 587 * image.data[at + 1]! + 114 * image.data[at + 2]!;
      data[pixel] = Math.floor((luma + 500) / 1000);
    }
  }
  return { height, width, channels, data };
}

/** Left and right exchanged. */
export function mirror({ height, width, channels, data: from }: Pixels): Uint8Array {
  const data = new Uint8Array(from.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        data[(y * width + x) * channels + channel] = from[(y * width + width - 1 - x) * channels + channel]!;
  return data;
}

/** As TensorFlow 1's and PyTorch's `nearest`: the pixel at floor(place * input / output). */
function pickNearest(image: Pixels, { height, width }: Size): Uint8Array {
  const { channels } = image;
  const data = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = Math.floor((y * image.height) / height) * image.width + Math.floor((x * image.width) / width);
      for (let channel = 0; channel < channels; channel++)
        data[(y * width + x) * channels + channel] = image.data[from * channels + channel]!;
    }
  return data;
}

/** The input pixels that make one output pixel along an axis, from `start` on. */
interface Share {
  readonly start: number;
  readonly weights: Float64Array;
}

/** Both filters are separable: along the rows first, then along the columns, rounded once at the end. */
function blend(image: Pixels, { height, width }: Size, resize: 'bilinear' | 'area'): Uint8Array {
  const { channels } = image;
  const rows = new Float64Array(image.height * width * channels);
  const across = sharesOf(image.width, width, resize);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < width; x++) {
      const { start, weights } = across[x]!;
      const to = (y * width + x) * channels;
      for (let k = 0; k < weights.length; k++) {
        const from = (y * image.width + start + k) * channels;
        for (let channel = 0; channel < channels; channel++)
          rows[to + channel]! += weights[k]! * image.data[from + channel]!;
      }
    }
  const data = new Uint8Array(height * width * channels);
  const line = width * channels;
  const sums = new Float64Array(line);
  const down = sharesOf(image.height, height, resize);
  for (let y = 0; y < height; y++) {
    const { start, weights } = down[y]!;
    sums.fill(0.5);
    for (let k = 0; k < weights.length; k++)
      for (let at = 0; at < line; at++) sums[at]! += weights[k]! * rows[(start + k) * line + at]!;
    for (let at = 0; at < line; at++) data[y * line + at] = Math.min(255, Math.floor(sums[at]!));
  }
  return data;
}

/**
 * `area`: by how much of the output pixel each input pixel covers (OpenCV's INTER_AREA). `bilinear`: a triangle two
 * output pixels wide when shrinking and two input pixels wide when growing, cut off at the border (Pillow's BILINEAR).
 */
function sharesOf(input: number, output: number, resize: 'bilinear' | 'area'): Share[] {
  const scale = input / output;
  const reach = resize === 'area' ? scale / 2 : Math.max(1, scale);
  return Array.from({ length: output }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const start = Math.max(0, Math.floor(centre - reach + 1e-9));
    const end = Math.min(input, Math.ceil(centre + reach - 1e-9));
    const weights = Float64Array.from({ length: end - start }, (_unused, k) => {
      const pixel = start + k;
      if (resize === 'bilinear') return Math.max(0, 1 - Math.abs(pixel + 0.5 - centre) / reach);
      return Math.min(pixel + 1, centre + reach) - Math.max(pixel, centre - reach);
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { start, weights: weights.map((weight) => weight / sum) };
  });
}
