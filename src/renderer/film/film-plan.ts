// A film of recorded grids planned: which picture of each run a frame shows, and where it stands. All lengths are pixels of the
// film; a grid is scaled by a whole factor, or by one over a whole number, so that its pixels stay what they are.

import type { ImageRow } from '../../shared/run.ts';
import type { Size } from '../state/picture-pair.ts';
import { rowAt, unionOfSteps } from '../state/steps.ts';
import { gridSize } from '../state/zoom.ts';

export interface FilmFrame {
  readonly step: number;
  /** Of each run its picture of that step or the nearest earlier one; null before its first. */
  readonly rows: readonly (ImageRow | null)[];
}

export interface FilmLayout extends Size {
  /** Upper left corners of the pictures, an entry a run. */
  readonly places: readonly { readonly left: number; readonly top: number }[];
  readonly tile: Size;
  readonly factor: number;
  /** Height of the letters above each picture; 0 for no captions. */
  readonly letters: number;
}

const FACTORS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 3, 4, 6, 8];
/** What decoders of every kind take (H.264's level 5.1 and above are rare in hardware). */
const MOST_SIDE = 4096;
const MOST_PIXELS = 4096 * 2304;
/** Of all frames together: the film is held in memory until it is saved, at worst a third of a byte a pixel. */
const MOST_IN_ALL = 4e9;
/** What a player shows without scrolling. */
const FIRST: Size = { width: 1440, height: 1080 };
const WIDE = 16 / 9;

/** Both ends belong to it. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** Every n-th step of the range that any run has a picture of, counted from the last. */
export function chooseFilmFrames(
  runs: readonly (readonly ImageRow[])[],
  every: number,
  { from, to }: StepRange,
): readonly FilmFrame[] {
  const steps = unionOfSteps(runs.map((rows) => rows.map(({ step }) => step))).filter(
    (step) => step >= from && step <= to,
  );
  return steps
    .filter((_, index) => (steps.length - 1 - index) % every === 0)
    .map((step) => ({ step, rows: runs.map((rows) => rowAt(rows, step)) }));
}

/** Sides are even, as every codec wants them. */
export function layOutFilm(runs: readonly (readonly ImageRow[])[], factor: number, hasCaptions: boolean): FilmLayout {
  const grids = runs.flatMap((rows) => rows.slice(-1).map(gridSize));
  const grid = {
    width: Math.max(1, ...grids.map(({ width }) => width)),
    height: Math.max(1, ...grids.map(({ height }) => height)),
  };
  const scaled = (length: number): number => Math.max(1, Math.round(length * factor));
  const tile = { width: scaled(grid.width), height: scaled(grid.height) };
  const letters = hasCaptions ? Math.min(26, Math.max(11, Math.round(tile.width * 0.045))) : 0;
  const band = Math.ceil(letters * 1.6);
  const gap = runs.length > 1 ? Math.max(2, Math.round(tile.width * 0.02)) : 0;
  const columns = chooseColumns(runs.length, tile.width + gap, tile.height + band + gap);
  const places = runs.map((_, index) => ({
    left: (index % columns) * (tile.width + gap),
    top: Math.floor(index / columns) * (tile.height + band + gap) + band,
  }));
  const lines = Math.ceil(runs.length / columns);
  return {
    width: even(columns * (tile.width + gap) - gap),
    height: even(lines * (tile.height + band + gap) - gap),
    places,
    tile,
    factor,
    letters,
  };
}

/** Those that players take and memory holds, small first. */
export function filmSizes(
  runs: readonly (readonly ImageRow[])[],
  frames: number,
  hasCaptions: boolean,
): readonly FilmLayout[] {
  return FACTORS.map((factor) => layOutFilm(runs, factor, hasCaptions)).filter(
    ({ width, height, tile }) =>
      Math.max(width, height) <= MOST_SIDE &&
      width * height <= MOST_PIXELS &&
      width * height * frames <= MOST_IN_ALL &&
      Math.min(tile.width, tile.height) >= 16,
  );
}

/** The largest that a player shows whole. */
export function firstSize(sizes: readonly FilmLayout[]): FilmLayout | null {
  return sizes.findLast(({ width, height }) => width <= FIRST.width && height <= FIRST.height) ?? sizes[0] ?? null;
}

/** As many as bring the whole nearest to the shape of a screen. */
function chooseColumns(count: number, width: number, height: number): number {
  const distance = (columns: number): number =>
    Math.abs(Math.log((columns * width) / (Math.ceil(count / columns) * height) / WIDE));
  const choices = Array.from({ length: Math.max(1, count) }, (_, index) => index + 1);
  return choices.reduce((best, columns) => (distance(columns) < distance(best) ? columns : best));
}

function even(length: number): number {
  return length + (length % 2);
}
