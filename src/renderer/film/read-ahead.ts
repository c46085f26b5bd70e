// The pictures of a film in its order: fetched in bundles of one run, the next ones while these are drawn, and decoded a few ahead.

import { MOST_IN_BUNDLE, splitBundle } from '../../shared/bundle.ts';
import { keys } from '../../shared/contract.ts';
import type { RunId } from '../../shared/run.ts';
import type { FilmPicture } from './film-messages.ts';

/** Decoded while others are drawn. */
const AHEAD = 16;
/** Of the files of one part, of which two are held: enough that a request is worth its trouble. */
const PART_BYTES = 8e6;

type PngBytes = Uint8Array<ArrayBuffer>;
/** To be drawn, then closed. */
export type Decoded = ImageBitmap | VideoFrame;

export async function* readAhead(pictures: readonly FilmPicture[]): AsyncGenerator<Decoded> {
  const parts = partsOf(pictures);
  let next = readPart(parts[0]);
  for (let at = 0; at < parts.length; at++) {
    const files = await next;
    next = readPart(parts[at + 1]);
    yield* decodeAhead(files);
  }
}

/** In order; each small enough to be held, and of no more pictures than one bundle may have. */
export function partsOf(pictures: readonly FilmPicture[]): FilmPicture[][] {
  const parts: FilmPicture[][] = [];
  let bytes = Infinity;
  for (const picture of pictures) {
    bytes += picture.bytes;
    if (bytes > PART_BYTES || parts.at(-1)!.length === MOST_IN_BUNDLE) {
      parts.push([]);
      bytes = picture.bytes;
    }
    parts.at(-1)!.push(picture);
  }
  return parts;
}

/** The files of the pictures, in their order. What fails here is thrown where it is waited for. */
function readPart(part: readonly FilmPicture[] = []): Promise<PngBytes[]> {
  const files = readBundles(part);
  files.catch(() => undefined);
  return files;
}

async function readBundles(part: readonly FilmPicture[]): Promise<PngBytes[]> {
  const byRun = Map.groupBy(part, ({ run }) => run);
  const bundles = await Promise.all([...byRun].map(([run, theirs]) => readBundle(run, theirs)));
  const found = new Map(bundles.flat());
  return part.map((picture) => found.get(picture)!);
}

async function readBundle(run: RunId, pictures: readonly FilmPicture[]): Promise<[FilmPicture, PngBytes][]> {
  const answer = await fetch(
    keys.imageBundle(
      run,
      pictures.map(({ id }) => id),
    ),
  );
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const files = splitBundle(new Uint8Array(await answer.arrayBuffer()));
  return pictures.map((picture, at) => [picture, files[at] as PngBytes]);
}

async function* decodeAhead(files: readonly PngBytes[]): AsyncGenerator<Decoded> {
  const decoding: Promise<Decoded>[] = [];
  for (let next = 0; next < files.length; next++) {
    while (decoding.length < AHEAD && next + decoding.length < files.length) {
      const one = decodePng(files[next + decoding.length]!);
      // What is decoded ahead may fail before it is waited for; it fails again when it is.
      one.catch(() => undefined);
      decoding.push(one);
    }
    yield await decoding.shift()!;
  }
}

/** The pixels as they are written. The decoder of WebCodecs takes half the time of a bitmap, whose file goes through a Blob. */
async function decodePng(data: PngBytes): Promise<Decoded> {
  const type = 'image/png';
  if (!('ImageDecoder' in globalThis))
    return createImageBitmap(new Blob([data], { type }), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const decoder = new ImageDecoder({ data, type, colorSpaceConversion: 'none' });
  try {
    return (await decoder.decode()).image;
  } finally {
    decoder.close();
  }
}
