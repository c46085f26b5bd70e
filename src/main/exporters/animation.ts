// The training as one moving picture: the recorded grids of a tag in order of step, as an animated GIF or WebP. WebP keeps
// every pixel; GIF has 256 colours a frame, so that grey is at most one of 255 off.

import { decode } from 'fast-png';
import type sharpModule from 'sharp';
import { UserError } from '../../shared/contract.ts';
import type { ImageRow, Step } from '../../shared/run.ts';
import type { RunReader } from '../store/store.ts';
import { padStep } from './grid.ts';

export const ANIMATION_FORMATS = ['gif', 'webp'] as const;
export type AnimationFormat = (typeof ANIMATION_FORMATS)[number];

export interface AnimationWish {
  readonly format: AnimationFormat;
  /** Every n-th grid, the last among them. */
  readonly every: number;
  /** Grids a second; a GIF knows hundredths of a second, so at most 50. */
  readonly perSecond: number;
  /** Screen pixels to one of the grid. */
  readonly zoom: number;
  /** Steps of the first and the last grid, both among them. */
  readonly from: Step;
  readonly to: Step;
}

export interface AnimationExport {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly frames: number;
}

const CHANNELS = 3;
/** All frames are held at once, three bytes a pixel. */
const MOST_PIXELS = 600e6;
/** Longer than the others, so that the end can be looked at before it starts again. */
const LAST_FRAME_MS = 1500;

/** Throws UserError for a tag without images, and for more pixels than can be held. */
export async function exportAnimation(
  reader: RunReader,
  tag: string,
  { format, every, perSecond, zoom, from, to }: AnimationWish,
): Promise<AnimationExport> {
  const recorded = reader.images(tag);
  const rows = chooseFrames(
    recorded.filter(({ step }) => step >= from && step <= to),
    every,
  );
  const last = rows.at(-1);
  if (!last && recorded.length > 0) {
    throw new UserError(
      `${tag}: expected grids from step ${from} to ${to}, found none; they are recorded from ${recorded[0]!.step} to ${recorded.at(-1)!.step}`,
    );
  }
  if (!last) throw new UserError(`${tag}: no images are recorded under this tag, so there is nothing to animate`);
  const [width, height] = [last.columns * last.cellWidth, last.rows * last.cellHeight];
  const pixels = rows.length * width * height * zoom ** 2;
  if (pixels > MOST_PIXELS) {
    throw new UserError(
      `${tag}: ${rows.length} grids of ${width * zoom} x ${height * zoom} pixels are more than fit in one animation; ` +
        `take every ${every * Math.ceil(pixels / MOST_PIXELS)}th grid, or a smaller zoom`,
    );
  }
  const data = new Uint8Array(pixels * CHANNELS);
  for (const [index, row] of rows.entries()) {
    drawFrame(data.subarray((index * data.length) / rows.length), bytesOf(reader, row), zoom);
    // A turn for the other calls between the frames.
    await new Promise(setImmediate);
  }
  const pause = Math.max(20, Math.round(100 / perSecond) * 10);
  const delay = rows.map((_, index) => (index === rows.length - 1 ? Math.max(pause, LAST_FRAME_MS) : pause));
  const sharp = await loadSharp();
  const pageHeight = height * zoom;
  const stack = { width: width * zoom, height: pageHeight * rows.length, channels: CHANNELS, pageHeight } as const;
  const film = sharp(data, { raw: stack, limitInputPixels: false });
  const encoded =
    format === 'gif'
      ? film.gif({ delay, loop: 0, dither: 0, interPaletteMaxError: 0, effort: 2 })
      : film.webp({ delay, loop: 0, lossless: true, effort: 1 });
  const name = `${tag.replaceAll('/', '-')}-to-step-${padStep(last.step)}.${format}`;
  return { fileName: name, bytes: await encoded.toBuffer(), frames: rows.length };
}

/** Every n-th counted from the last, of the last one's size: frames of one animation have one size. */
export function chooseFrames(rows: readonly ImageRow[], every: number): readonly ImageRow[] {
  const last = rows.at(-1);
  const isAlike = (row: ImageRow): boolean =>
    row.columns * row.cellWidth === last!.columns * last!.cellWidth &&
    row.rows * row.cellHeight === last!.rows * last!.cellHeight;
  return rows.filter((row, index) => (rows.length - 1 - index) % every === 0 && isAlike(row));
}

/** Writes one grid as colours, `zoom` pixels for each of its own. */
function drawFrame(into: Uint8Array, png: Uint8Array, zoom: number): void {
  const { width, height, channels, data } = decode(png);
  const line = width * zoom * CHANNELS;
  for (let y = 0; y < height; y++) {
    const start = y * zoom * line;
    for (let x = 0; x < width * zoom; x++) {
      const from = (y * width + Math.floor(x / zoom)) * channels;
      for (let channel = 0; channel < CHANNELS; channel++) {
        into[start + x * CHANNELS + channel] = data[from + (channels >= CHANNELS ? channel : 0)]!;
      }
    }
    for (let copy = 1; copy < zoom; copy++) into.copyWithin(start + copy * line, start, start + line);
  }
}

function bytesOf(reader: RunReader, row: ImageRow): Uint8Array {
  const image = reader.imageBytes(row.id);
  if (!image) throw new Error(`image ${row.id} is listed but has no bytes`);
  return image.png;
}

let loading: Promise<typeof sharpModule> | null = null;

/** Loaded when the first animation is made: most hosts make none. */
function loadSharp(): Promise<typeof sharpModule> {
  loading ??= import('sharp').then(({ default: sharp }) => sharp);
  return loading;
}
