// From the bytes of an image file to pixels: JPEG, PNG, GIF (its first frame), WebP and BMP, told by their first bytes and
// never by the file's name. Upright as EXIF says, 8 bits a channel, grey or RGB, transparency over a background.

import type sharpModule from 'sharp';
import { UserError } from '../../shared/contract.ts';
import { bmpSize, decodeBmp } from './bmp.ts';
import type { Pixels, Size } from './resample.ts';

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp';

/** Above this a file is refused before it is decoded: 100 megapixels take 300 MB. */
const MOST_PIXELS = 100_000_000;

/** Null when these are not the first 12 bytes of an image that is read here. */
export function formatOf(start: Uint8Array): ImageFormat | null {
  const text = String.fromCharCode(...start.subarray(0, 12));
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('GIF8')) return 'gif';
  if (text.startsWith('RIFF') && text.endsWith('WEBP')) return 'webp';
  return text.startsWith('BM') ? 'bmp' : null;
}

/** `background` is `#rrggbb`. Throws UserError with the reason alone: the caller knows the file's name. */
export async function decodeImage(bytes: Uint8Array, background: string): Promise<Pixels> {
  const format = formatOf(bytes);
  if (format === null) throw new UserError('expected JPEG, PNG, GIF, WebP or BMP, found none of them');
  if (format === 'bmp') {
    refuseGiants(bmpSize(bytes));
    return decodeBmp(bytes);
  }
  const sharp = await loadSharp();
  try {
    // The header alone: nothing is decoded before its size is known to be bearable.
    const header = await sharp(bytes, { limitInputPixels: false }).metadata();
    refuseGiants(header);
    if (header.space === 'cmyk')
      throw new UserError('expected grey or RGB, found CMYK (colours for print): save it as RGB first');
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .autoOrient()
      .flatten({ background })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const isGrey = (header.space === 'b-w' || header.space === 'grey16') && !header.hasAlpha;
    return toPixels(data, info, isGrey ? 1 : 3);
  } catch (problem) {
    if (problem instanceof UserError || !(problem instanceof Error)) throw problem;
    throw new UserError(`the ${format.toUpperCase()} file is damaged or cut short (${problem.message})`, {
      cause: problem,
    });
  }
}

/** sharp gives three channels or four (opaque) to grey images as well. */
function toPixels(data: Uint8Array, info: Size & { readonly channels: number }, channels: 1 | 3): Pixels {
  const { height, width } = info;
  if (info.channels === channels) return { height, width, channels, data };
  const kept = new Uint8Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (let channel = 0; channel < channels; channel++)
      kept[pixel * channels + channel] = data[pixel * info.channels + channel]!;
  return { height, width, channels, data: kept };
}

function refuseGiants({ height, width }: Size): void {
  if (height * width <= MOST_PIXELS) return;
  throw new UserError(`expected at most ${MOST_PIXELS / 1e6} megapixels, found ${width} x ${height} pixels`);
}

type Sharp = typeof sharpModule;
let loading: Promise<Sharp> | null = null;

/** Loaded when the first image is decoded: most processes decode none. */
function loadSharp(): Promise<Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // Many small images are decoded side by side; none is worth threads or a cache of its own.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
