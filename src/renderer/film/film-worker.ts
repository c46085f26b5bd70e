// Makes a film beside the window, which stays quick: fetches and decodes grids ahead, draws them side by side, encodes with the
// browser's own encoder (of video, or of WebP pictures), and writes the file in memory. Ended from outside by ending the worker.

import { BufferTarget, CanvasSource, Mp4OutputFormat, Output, WebMOutputFormat, type OutputFormat } from 'mediabunny';
import { writeAnimatedWebp, type WebpFrame } from './animated-webp.ts';
import { filmQuality, type FilmCodec } from './film-format.ts';
import type { FilmOrder, FilmPicture, FilmReport } from './film-messages.ts';
import { readAhead, type Decoded } from './read-ahead.ts';

/** The last frame stands at least so long, so that the end can be looked at. */
const LAST_SECONDS = 1.5;
/** Between frames that stand for themselves: a player can jump there. */
const KEY_FRAME_SECONDS = 2;
const REPORT_MS = 100;

// The worker's own global, for which the window's types have no name.
const post = (report: FilmReport, give: Transferable[] = []): void => self.postMessage(report, { transfer: give });

self.onmessage = ({ data }: MessageEvent<FilmOrder>) => {
  makeFilm(data).then(
    (bytes) => post({ kind: 'done', bytes }, [bytes]),
    (problem: unknown) =>
      post({ kind: 'failed', reason: problem instanceof Error ? problem.message : String(problem) }),
  );
};

async function makeFilm(order: FilmOrder): Promise<ArrayBuffer> {
  const { codec, layout, frames } = order;
  const canvas = new OffscreenCanvas(layout.width, layout.height);
  // Frames are read back one after another: quicker from memory than from a graphics card.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
  const recorder = codec === null ? recordPictures(canvas, order) : await recordVideo(canvas, order, codec);
  prepare(context, order);
  const pictures = readAhead(frames.flatMap((frame, index) => changes(frame, frames[index - 1])));
  let told = -Infinity;
  for (const [index, frame] of frames.entries()) {
    for (const picture of changes(frame, frames[index - 1])) {
      const bitmap = (await pictures.next()).value as Decoded;
      drawTile(context, order, frame.indexOf(picture), bitmap, picture.caption);
      bitmap.close();
    }
    await recorder.add(index);
    if (performance.now() - told < REPORT_MS) continue;
    told = performance.now();
    post({ kind: 'at', done: index + 1 });
  }
  return recorder.finish();
}

/** Takes what is on the canvas, frame by frame. */
interface Recorder {
  add(index: number): Promise<void>;
  finish(): Promise<ArrayBuffer>;
}

async function recordVideo(canvas: OffscreenCanvas, order: FilmOrder, codec: FilmCodec): Promise<Recorder> {
  const { layout, perSecond, frames } = order;
  const target = new BufferTarget();
  const output = new Output({ format: formatOf(order), target });
  const quality = filmQuality(codec, layout, perSecond);
  const source = new CanvasSource(canvas, { codec, quality, keyFrameInterval: KEY_FRAME_SECONDS });
  output.addVideoTrack(source, { frameRate: perSecond });
  await output.start();
  return {
    add: (index) => source.add(index / perSecond, 1 / perSecond),
    async finish() {
      // The same picture once more: players forget how long a last frame lasts.
      const last = frames.length - 1 + Math.ceil(LAST_SECONDS * perSecond);
      await source.add(last / perSecond, 1 / perSecond);
      await output.finalize();
      return target.buffer!;
    },
  };
}

function recordPictures(canvas: OffscreenCanvas, { layout, perSecond, frames }: FilmOrder): Recorder {
  const pictures: WebpFrame[] = [];
  const pauseMs = 1000 / perSecond;
  return {
    async add(index) {
      // At this quality Chromium loses nothing; a browser without WebP gives a PNG, which is refused.
      const picture = await canvas.convertToBlob({ type: 'image/webp', quality: 1 });
      const isLast = index === frames.length - 1;
      const durationMs = isLast ? Math.max(pauseMs, LAST_SECONDS * 1000) : pauseMs;
      pictures.push({ file: new Uint8Array(await picture.arrayBuffer()), durationMs });
    },
    finish: () => Promise.resolve(writeAnimatedWebp(pictures, layout.width, layout.height).buffer),
  };
}

function formatOf({ format }: FilmOrder): OutputFormat {
  return format === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
}

/** What is not on the canvas already: a run that has no picture of its own at a step keeps the one before. */
function changes(
  frame: readonly (FilmPicture | null)[],
  before: readonly (FilmPicture | null)[] | undefined,
): readonly FilmPicture[] {
  return frame.filter((picture, run): picture is FilmPicture => picture !== null && picture.id !== before?.[run]?.id);
}

/** White paper, whatever the theme, as sheets have it; the names, which do not change. */
function prepare(context: OffscreenCanvasRenderingContext2D, { layout }: FilmOrder): void {
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, layout.width, layout.height);
  context.imageSmoothingEnabled = layout.factor < 1;
  context.imageSmoothingQuality = 'high';
}

function drawTile(
  context: OffscreenCanvasRenderingContext2D,
  { layout, names, font }: FilmOrder,
  run: number,
  picture: Decoded,
  caption: string,
): void {
  const { left, top } = layout.places[run]!;
  const { tile, factor, letters } = layout;
  const band = Math.ceil(letters * 1.6);
  context.fillStyle = '#ffffff';
  context.fillRect(left, top - band, tile.width, tile.height + band);
  const [width, height] = sizeOf(picture);
  context.drawImage(picture, left, top, Math.round(width * factor), Math.round(height * factor));
  if (letters === 0) return;
  const base = top - Math.round(letters * 0.5);
  context.font = `${letters}px ${font}`;
  context.fillStyle = '#555555';
  context.textAlign = 'right';
  context.fillText(caption, left + tile.width - 2, base);
  const room = tile.width - context.measureText(caption).width - letters - 4;
  context.font = `600 ${letters}px ${font}`;
  context.fillStyle = '#000000';
  context.textAlign = 'left';
  context.fillText(
    shorten(names[run]!, room, (words) => context.measureText(words).width),
    left + 2,
    base,
  );
}

function sizeOf(picture: Decoded): [width: number, height: number] {
  return 'displayWidth' in picture ? [picture.displayWidth, picture.displayHeight] : [picture.width, picture.height];
}

function shorten(words: string, room: number, measure: (words: string) => number): string {
  if (measure(words) <= room) return words;
  const letters = [...words];
  while (letters.length > 0 && measure(`${letters.join('')}…`) > room) letters.pop();
  return letters.length > 0 ? `${letters.join('')}…` : '';
}
