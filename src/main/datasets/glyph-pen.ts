// Draws one digit as a hand would: takes a skeleton, moves its points, bends, slants and turns it, and goes along
// it with a pen whose width changes. Uses only + - * / and square roots, which IEEE 754 rounds the same way
// everywhere, so that every machine draws the same pixels.

import type { GlyphShape, Stroke } from './glyph-shapes.ts';

/** Numbers in [0, 1). */
export type Random = () => number;

/** Side of the square canvas in pixels. */
export const GLYPH_SIZE = 28;

const SAMPLES_PER_SPAN = 6;
/** Width of the soft edge of the ink, in pixels. */
const EDGE = { least: 0.85, most: 1.3 };
/** The pen's radius there, relative to its mean. */
const MOST_PRESSURE = 1.5;
/** No ink: further from every stroke than any edge reaches. */
const BLANK = -100;

/** Points along a stroke in pixels, and the pen's radius at each. */
interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;
}

/** What one hand does to all strokes of a digit. */
interface Hand {
  /** Standard deviation of a point's place, in heights of the digit. */
  readonly unrest: number;
  /** Length of the tangents: below 1 edgy, above 1 round. */
  readonly roundness: number;
  /** Radius of the pen in pixels. */
  readonly pen: number;
  /** How much the pressure changes along a stroke, as a share of the radius. */
  readonly pressure: number;
}

/** Writes the pixels of one digit, rows of bytes, white ink on black, into `pixels` (GLYPH_SIZE squared). */
export function drawGlyph(shape: GlyphShape, random: Random, pixels: Uint8Array): void {
  const hand: Hand = {
    unrest: 0.02 + 0.034 * random(),
    roundness: 0.85 + 0.35 * random(),
    pen: 0.75 + 0.6 * (random() + random()),
    pressure: 0.08 + 0.22 * random(),
  };
  const lines = shape.strokes.map((stroke) => followStroke(move(stroke, hand, random), hand, random));
  distort(lines, random);
  fit(lines, hand, random);
  ink(lines, EDGE.least + (EDGE.most - EDGE.least) * random(), 248 + 10 * random(), pixels);
}

/** Mean 0, deviation 1, never beyond 3.5: a sum of uniform numbers is normal enough and needs no logarithm. */
function normal(random: Random): number {
  return (random() + random() + random() + random() - 2) * 1.7320508;
}

function move(stroke: Stroke, hand: Hand, random: Random): Stroke {
  return stroke.map(({ x, y, corner }) => ({
    x: x + hand.unrest * normal(random),
    y: y + hand.unrest * normal(random),
    corner,
  }));
}

/** A smooth line through the points (cubic Hermite, tangents of Catmull and Rom), broken at corners. */
function followStroke(stroke: Stroke, hand: Hand, random: Random): Line {
  const samples = (stroke.length - 1) * SAMPLES_PER_SPAN + 1;
  const line: Line = {
    x: new Float64Array(samples),
    y: new Float64Array(samples),
    radius: followPressure(samples, hand, random),
  };
  for (const axis of ['x', 'y'] as const)
    for (let span = 0; span + 1 < stroke.length; span++) {
      const from = stroke[span]!;
      const to = stroke[span + 1]!;
      const chord = to[axis] - from[axis];
      const before = span === 0 || from.corner ? chord : (to[axis] - stroke[span - 1]![axis]) / 2;
      const after = span + 2 === stroke.length || to.corner ? chord : (stroke[span + 2]![axis] - from[axis]) / 2;
      for (let sample = 0; sample <= SAMPLES_PER_SPAN; sample++) {
        const t = sample / SAMPLES_PER_SPAN;
        const rest = 1 - t;
        line[axis][span * SAMPLES_PER_SPAN + sample] =
          from[axis] * rest * rest * (1 + 2 * t) +
          to[axis] * t * t * (3 - 2 * t) +
          hand.roundness * t * rest * (before * rest - after * t);
      }
    }
  return line;
}

/** The pen's radius along a stroke: a parabola through three pressures, and an edge that paper makes rough. */
function followPressure(samples: number, hand: Hand, random: Random): Float64Array {
  const start = hand.pressure * normal(random);
  const middle = hand.pressure * normal(random) * 0.5;
  const end = hand.pressure * normal(random) - 0.08;
  return Float64Array.from({ length: samples }, (_unused, sample) => {
    const t = sample / (samples - 1);
    const bend = start * (1 - t) * (1 - 2 * t) + middle * 4 * t * (1 - t) + end * t * (2 * t - 1);
    const rough = 0.12 * (random() - 0.5);
    return hand.pen * Math.min(MOST_PRESSURE, Math.max(0.55, 1 + bend + rough));
  });
}

/** Bends, narrows, slants and turns all strokes alike. */
function distort(lines: readonly Line[], random: Random): void {
  const width = 0.72 + 0.36 * (random() + random());
  const bend = 0.16 * normal(random);
  const taper = 0.22 * normal(random);
  const slant = 0.18 + 0.24 * normal(random);
  // Sine and cosine from the tangent of half the angle, about 4 degrees.
  const half = 0.035 * normal(random);
  const cosine = (1 - half * half) / (1 + half * half);
  const sine = (2 * half) / (1 + half * half);
  for (const { x, y } of lines)
    for (let sample = 0; sample < x.length; sample++) {
      const v = y[sample]! - 0.5;
      const u = (x[sample]! - 0.33) * width * (1 + taper * v) + bend * v * v - slant * v;
      x[sample] = u * cosine - v * sine;
      y[sample] = u * sine + v * cosine;
    }
}

/** Scales to about 20 pixels and puts the centre of the ink near the middle, as MNIST does with its digits. */
function fit(lines: readonly Line[], hand: Hand, random: Random): void {
  const points = lines.reduce((total, line) => total + line.x.length, 0);
  const extent = 20 * (0.9 + 0.12 * random()) - 2 * hand.pen;
  const range = { x: rangeOf(lines, 'x'), y: rangeOf(lines, 'y') };
  const scale = extent / Math.max(range.x.high - range.x.low, range.y.high - range.y.low);
  for (const axis of ['x', 'y'] as const) {
    const { low, high, sum } = range[axis];
    const wish = GLYPH_SIZE / 2 + 0.7 * normal(random) - (sum / points) * scale;
    // The outermost pixels stay black: half a pixel, half an edge, and the pen under its highest pressure.
    const margin = 0.5 + EDGE.most / 2 + MOST_PRESSURE * hand.pen;
    const shift = Math.min(GLYPH_SIZE - margin - high * scale, Math.max(margin - low * scale, wish));
    for (const line of lines)
      for (let sample = 0; sample < line[axis].length; sample++)
        line[axis][sample] = line[axis][sample]! * scale + shift;
  }
}

function rangeOf(lines: readonly Line[], axis: 'x' | 'y'): { low: number; high: number; sum: number } {
  const range = { low: Infinity, high: -Infinity, sum: 0 };
  for (const line of lines)
    for (const place of line[axis]) {
      range.low = Math.min(range.low, place);
      range.high = Math.max(range.high, place);
      range.sum += place;
    }
  return range;
}

/** Inks every pixel by its distance to the nearest stroke: full inside, a soft edge `edge` pixels wide. */
function ink(lines: readonly Line[], edge: number, peak: number, pixels: Uint8Array): void {
  // How far inside the ink each pixel's centre lies, in pixels; negative outside.
  const depths = new Float64Array(GLYPH_SIZE * GLYPH_SIZE).fill(BLANK);
  for (const line of lines)
    for (let sample = 0; sample + 1 < line.x.length; sample++) inkSegment(line, sample, edge, depths);
  for (let pixel = 0; pixel < depths.length; pixel++) {
    const cover = Math.min(1, Math.max(0, depths[pixel]! / edge + 0.5));
    pixels[pixel] = Math.min(255, Math.floor(cover * peak + 0.5));
  }
}

function inkSegment(line: Line, sample: number, edge: number, depths: Float64Array): void {
  const fromX = line.x[sample]!;
  const fromY = line.y[sample]!;
  const fromRadius = line.radius[sample]!;
  const alongX = line.x[sample + 1]! - fromX;
  const alongY = line.y[sample + 1]! - fromY;
  const widening = line.radius[sample + 1]! - fromRadius;
  const lengthSquared = alongX * alongX + alongY * alongY + 1e-9;
  const reach = Math.max(fromRadius, fromRadius + widening) + edge;
  // Pixel k's centre lies at k + 0.5.
  const left = Math.max(0, Math.floor(Math.min(fromX, fromX + alongX) - reach));
  const right = Math.min(GLYPH_SIZE - 1, Math.floor(Math.max(fromX, fromX + alongX) + reach));
  const top = Math.max(0, Math.floor(Math.min(fromY, fromY + alongY) - reach));
  const bottom = Math.min(GLYPH_SIZE - 1, Math.floor(Math.max(fromY, fromY + alongY) + reach));
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) {
      const toX = column + 0.5 - fromX;
      const toY = row + 0.5 - fromY;
      const t = Math.min(1, Math.max(0, (toX * alongX + toY * alongY) / lengthSquared));
      const awayX = toX - t * alongX;
      const awayY = toY - t * alongY;
      const depth = fromRadius + t * widening - Math.sqrt(awayX * awayX + awayY * awayY);
      const pixel = row * GLYPH_SIZE + column;
      if (depth > depths[pixel]!) depths[pixel] = depth;
    }
}
