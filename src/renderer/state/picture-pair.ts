// Two pictures under one view: the zooms there are, where a wipe's line lies, and the difference of their pixels. Places
// are in pixels of the pictures, sizes of the view in pixels of the screen; both views of a pair share one `View`.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface View {
  /** Screen pixels a picture's pixel: a whole number, or one over a whole number. */
  readonly zoom: number;
  /** The picture's place in the middle of the view. */
  readonly x: number;
  readonly y: number;
}

export const ZOOMS: readonly number[] = [
  1 / 8,
  1 / 6,
  1 / 4,
  1 / 3,
  1 / 2,
  1,
  2,
  3,
  4,
  5,
  6,
  8,
  10,
  12,
  16,
  24,
  32,
  48,
];

/** The whole picture, as large as it fits. */
export function fitView(picture: Size, room: Size): View {
  const fits = ZOOMS.findLast((zoom) => picture.width * zoom <= room.width && picture.height * zoom <= room.height);
  return { zoom: fits ?? ZOOMS[0]!, x: picture.width / 2, y: picture.height / 2 };
}

/** One zoom further (1) or back (-1); the picture's place `anchor` stays where it is on the screen. */
export function zoomView(view: View, direction: 1 | -1, anchor: { readonly x: number; readonly y: number }): View {
  const next = direction === 1 ? ZOOMS.find((zoom) => zoom > view.zoom) : ZOOMS.findLast((zoom) => zoom < view.zoom);
  if (next === undefined) return view;
  const ratio = view.zoom / next;
  return { zoom: next, x: anchor.x + (view.x - anchor.x) * ratio, y: anchor.y + (view.y - anchor.y) * ratio };
}

/** Moved by screen pixels; the middle of the view never leaves the picture. */
export function panView(view: View, picture: Size, right: number, down: number): View {
  const hold = (place: number, size: number): number => Math.min(size, Math.max(0, place));
  return {
    zoom: view.zoom,
    x: hold(view.x + right / view.zoom, picture.width),
    y: hold(view.y + down / view.zoom, picture.height),
  };
}

/** Screen pixel of the picture's upper left corner: whole, so that every pixel of it has the same size. */
export function originOf(view: View, room: Size): { readonly left: number; readonly top: number } {
  return {
    left: Math.round(room.width / 2 - view.x * view.zoom),
    top: Math.round(room.height / 2 - view.y * view.zoom),
  };
}

/** The picture's place under a screen pixel. */
export function placeAt(view: View, room: Size, left: number, top: number): { readonly x: number; readonly y: number } {
  const origin = originOf(view, room);
  return { x: (left - origin.left) / view.zoom, y: (top - origin.top) / view.zoom };
}

/** A wipe's line lies between two pixels, from 0 (all of B) to the picture's width (all of A). */
export function holdWipe(x: number, width: number): number {
  return Math.min(width, Math.max(0, Math.round(x)));
}

export interface Difference {
  /** RGBA, opaque. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Share of the pixels that differ in any channel. */
  readonly share: number;
  /** Mean absolute difference of all red, green and blue values, of 255, before it is amplified. */
  readonly mean: number;
}

/** |A - B| in each channel, times `gain`, held at 255. Both are RGBA of one length; alpha is left out. */
export function takeDifference(a: Uint8ClampedArray, b: Uint8ClampedArray, gain: number): Difference {
  const pixels = new Uint8ClampedArray(a.length);
  let [sum, differing] = [0, 0];
  for (let at = 0; at < a.length; at += 4) {
    const red = Math.abs(a[at]! - b[at]!);
    const green = Math.abs(a[at + 1]! - b[at + 1]!);
    const blue = Math.abs(a[at + 2]! - b[at + 2]!);
    const total = red + green + blue;
    sum += total;
    if (total > 0) differing++;
    pixels[at] = red * gain;
    pixels[at + 1] = green * gain;
    pixels[at + 2] = blue * gain;
    pixels[at + 3] = 255;
  }
  const count = Math.max(1, a.length / 4);
  return { pixels, share: differing / count, mean: sum / (3 * count) };
}
