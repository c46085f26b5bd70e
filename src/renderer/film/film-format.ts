// Which films this browser can make, and how well: its own encoders (WebCodecs) are asked before anything is offered. Pictures
// of a grid must not become mush: the quality is set so that a grey value is about one of 255 off.

import { canEncodeVideo, Quality } from 'mediabunny';
import type { Size } from '../state/picture-pair.ts';

export const FILM_FORMATS = ['mp4', 'webm'] as const;
export type FilmFormat = (typeof FILM_FORMATS)[number];
export type FilmCodec = 'avc' | 'av1' | 'vp9' | 'vp8';

/** Best first. VP9 in MP4 is legal, but few players other than browsers read it. */
const CODECS: Readonly<Record<FilmFormat, readonly FilmCodec[]>> = {
  mp4: ['avc', 'av1'],
  webm: ['vp9', 'av1', 'vp8'],
};

/** 0 is exact, 63 the worst (255 for AV1). */
const QUANTIZERS: Readonly<Partial<Record<FilmCodec, number>>> = { vp9: 16, av1: 48 };
/** For encoders that are steered by bitrate: what they need at most; they take less where that is enough. */
const BITS_A_PIXEL = 12;

export function filmQuality(codec: FilmCodec, { width, height }: Size, perSecond: number): Quality {
  const bitrate = Math.round(width * height * perSecond * BITS_A_PIXEL);
  const quantizer = QUANTIZERS[codec];
  // Where the quantizer cannot be set, the bitrate stands in.
  return new Quality(quantizer === undefined ? { bitrate } : { quantizer, bitrate });
}

/** The best codec that this browser can encode in a format; null for none. */
export async function findCodec(format: FilmFormat, size: Size, perSecond: number): Promise<FilmCodec | null> {
  if (!hasEncoders()) return null;
  for (const codec of CODECS[format]) {
    const quality = filmQuality(codec, size, perSecond);
    const { width, height } = size;
    if (await canEncodeVideo(codec, { width, height, quality, frameRate: perSecond })) return codec;
  }
  return null;
}

/** False in old browsers, and in any browser on a page that came over plain HTTP from another machine. */
export function hasEncoders(): boolean {
  return 'VideoEncoder' in globalThis;
}
