// Pictures of points: where the made ones lie among the real ones, and what the discriminator takes each place for,
// beside the best answer there is, D* = p / (p + q).

import type { Distribution, Drawing } from '../recipes/recipe.ts';
import {
  BLUE,
  GREY,
  ORANGE,
  PALE,
  colourOf,
  createCanvas,
  drawCurve,
  drawDot,
  fill,
  middles,
  type Canvas,
} from './canvas.ts';
import { estimateDensity } from './density.ts';

const SIDE = 256;
/** Places of a map on each axis, and the pixels of each. */
const PLACES = 64;
const PIXELS = SIDE / PLACES;

/** What the discriminator says of points, one after the other: D from 0 to 1, or a critic's scores. */
export type Opinion = (points: Float32Array) => Promise<Float32Array>;

export interface View {
  readonly distribution: Distribution;
  /** Points of the generator, to estimate its density from. */
  readonly made: Float32Array;
  readonly opinion: Opinion;
  /** False for critics: their scores have no scale and no D* to compare with. */
  readonly isProbability: boolean;
}

/** Cells beside each other. */
function cells(canvases: readonly Canvas[]): Drawing {
  const [first] = canvases as readonly [Canvas];
  const bytes = first.pixels.length;
  const pixels = new Uint8Array(bytes * canvases.length);
  canvases.forEach((canvas, at) => pixels.set(canvas.pixels, at * bytes));
  return { columns: canvases.length, cellWidth: first.width, cellHeight: first.height, channels: 3, pixels };
}

/** Made points (orange) over real ones (grey), on the square that holds nearly all real ones. */
export function drawScatter({ extent }: Distribution, real: ArrayLike<number>, made: ArrayLike<number>): Drawing {
  const canvas = createCanvas(SIDE, SIDE, [-extent, -extent], [extent, extent]);
  drawAxes(canvas);
  for (let at = 0; at < real.length; at += 2) drawDot(canvas, real[at]!, real[at + 1]!, 3, GREY);
  for (let at = 0; at < made.length; at += 2) drawDot(canvas, made[at]!, made[at + 1]!, 3, ORANGE);
  return cells([canvas]);
}

function drawAxes(canvas: Canvas): void {
  fill(canvas, SIDE / 2, 0, 1, SIDE, PALE);
  fill(canvas, 0, SIDE / 2, SIDE, 1, PALE);
}

/** D everywhere, orange for made as in the scatter and blue for real, and beside it D* with q estimated from `made`; a critic's scores from least to greatest. */
export async function drawMaps({ distribution, made, opinion, isProbability }: View): Promise<Drawing> {
  const { extent } = distribution;
  const places = middles(PLACES, -extent, extent);
  const grid = new Float32Array(PLACES * PLACES * 2);
  for (let at = 0; at < PLACES * PLACES; at++) {
    grid.set([places[at % PLACES]!, places[Math.floor(at / PLACES)]!], 2 * at);
  }
  const said = await opinion(grid);
  if (!isProbability) return cells([drawMap(scaled(said), extent)]);
  const q = estimateDensity(made, places, places);
  const p = q.map((_, at) => distribution.density(grid.subarray(2 * at, 2 * at + 2)));
  return cells([drawMap(said, extent), drawMap(bestAnswers(p, q), extent)]);
}

/** D* of each place; one half where neither has as much as a hundredth of the greatest p, as no points lie there. */
function bestAnswers(p: Float64Array, q: Float64Array): Float64Array {
  const little = 0.01 * p.reduce((most, value) => Math.max(most, value), 0);
  return p.map((value, at) => (value + little / 2) / (value + q[at]! + little));
}

function scaled(values: Float32Array): Float32Array {
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const greatest = values.reduce((high, value) => Math.max(high, value), -Infinity);
  return values.map((value) => (greatest > least ? (value - least) / (greatest - least) : 0.5));
}

function drawMap(values: ArrayLike<number>, extent: number): Canvas {
  const canvas = createCanvas(SIDE, SIDE, [-extent, -extent], [extent, extent]);
  for (let at = 0; at < PLACES * PLACES; at++) {
    const top = (PLACES - 1 - Math.floor(at / PLACES)) * PIXELS;
    fill(canvas, (at % PLACES) * PIXELS, top, PIXELS, PIXELS, colourOf(values[at]!));
  }
  return canvas;
}

/** In one dimension: p (grey) and the estimated q (orange). */
export function drawDensities({ density, extent }: Distribution, made: Float32Array): Drawing {
  const xs = middles(SIDE, -extent, extent);
  const p = Float64Array.from(xs, (x) => density([x]));
  const top = 1.6 * p.reduce((most, value) => Math.max(most, value), 0);
  const canvas = createCanvas(SIDE, SIDE, [-extent, 0], [extent, top]);
  const q = estimateDensity(made, xs);
  drawCurve(canvas, (column) => p[column]!, GREY);
  drawCurve(canvas, (column) => q[column]!, ORANGE);
  return cells([canvas]);
}

/** In one dimension: D (blue) over D* (grey) from 0 to 1; a critic's scores alone, from least to greatest. */
export async function drawAnswers({ distribution, made, opinion, isProbability }: View): Promise<Drawing> {
  const { extent, density } = distribution;
  const xs = middles(SIDE, -extent, extent);
  const canvas = createCanvas(SIDE, SIDE, [-extent, 0], [extent, 1]);
  const said = await opinion(xs);
  drawAxes(canvas);
  if (isProbability) {
    const p = Float64Array.from(xs, (x) => density([x]));
    const best = bestAnswers(p, estimateDensity(made, xs));
    drawCurve(canvas, (column) => best[column]!, GREY);
  }
  const shown = isProbability ? said : scaled(said);
  drawCurve(canvas, (column) => shown[column]!, BLUE);
  return cells([canvas]);
}
