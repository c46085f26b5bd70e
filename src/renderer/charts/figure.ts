// A chart as SVG for a paper: black on white whatever the theme, axis labels, legend below, 9-point sans-serif, lines that are
// still lines when the figure is a column wide. Written from the columns, so that it is sharp at any size.

import { formatXTick, type XAxis } from './axis.ts';
import { formatTick, type Extent } from './extent.ts';
import { dashed, layOutLegend, LINE, markNonFinite, openSvg, point, write } from './figure-parts.ts';
import type { Curve } from './plot.ts';
import type { YScale } from './scale.ts';
import { symlog } from './symlog.ts';
import { xTicks, yTicks } from './ticks.ts';

export interface FigureCurve {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Under a smoothed line, the line as recorded. */
  readonly raw: ArrayLike<number> | null;
  readonly band: { readonly min: ArrayLike<number>; readonly max: ArrayLike<number> } | null;
  /** x of what was NaN or infinite. */
  readonly nonFinite: readonly number[];
}

export interface Figure {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly axis: XAxis;
  readonly x: Extent;
  readonly y: Extent;
  readonly scale: YScale;
  readonly linear: number;
  readonly curves: readonly FigureCurve[];
  readonly references: readonly { readonly value: number; readonly label: string }[];
}

/** A curve of the screen, in the colour it has. */
export function toFigureCurve({ label, colour, dash, columns, x, smoothed }: Omit<Curve, 'isFaded'>): FigureCurve {
  const { last, min, max, nonFinite, bucketed } = columns;
  return {
    label,
    colour,
    dash,
    x,
    y: smoothed ?? last,
    raw: smoothed ? last : null,
    band: bucketed ? { min, max } : null,
    nonFinite: [...x].filter((_, index) => nonFinite[index]! > 0),
  };
}

/** In points of 1/72 inch: the width of a text column and a half. */
export const WIDTH = 420;
const HEIGHT = 250;
const LEFT = 50;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 36;

/** `measure` gives the width of a text at 9 points. */
export function drawFigure(
  figure: Figure,
  measure: (text: string) => number,
): { readonly svg: string; readonly width: number; readonly height: number } {
  const place = placer(figure);
  const legend = layOutLegend(figure.curves, { left: LEFT, right: WIDTH - RIGHT, top: HEIGHT }, measure);
  const height = HEIGHT + legend.lines * LINE + (legend.lines > 0 ? 6 : 0);
  const parts = [
    ...openSvg(WIDTH, height),
    `<defs><clipPath id="plot"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath></defs>`,
    ...drawAxes(figure, place),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...drawReferences(figure, place),
    ...figure.curves.flatMap((curve) => drawBand(curve, place)),
    ...figure.curves.flatMap((curve) => drawLines(curve, place)),
    '</g>',
    ...drawMarks(figure, place),
    ...legend.parts,
    '</svg>',
  ];
  return { svg: parts.join('\n'), width: WIDTH, height };
}

interface Place {
  x(value: number): number;
  /** At the lower edge for what the scale cannot show. */
  y(value: number): number;
}

function placer({ x, y, scale, linear }: Figure): Place {
  const across = (WIDTH - LEFT - RIGHT) / (x.max - x.min);
  const [floor, room] = [HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM];
  const bend = (value: number): number => {
    if (scale === 'log') return value > 0 ? Math.log10(value) : -Infinity;
    return scale === 'symlog' ? symlog(value, linear) : value;
  };
  const [low, high] = [bend(y.min), bend(y.max)];
  return {
    x: (value) => LEFT + (value - x.min) * across,
    y(value) {
      const bent = bend(value);
      return bent === -Infinity ? floor : floor - ((bent - low) / (high - low)) * room;
    },
  };
}

function drawAxes(figure: Figure, place: Place): string[] {
  const { axis, x, y, scale, linear } = figure;
  const floor = HEIGHT - BOTTOM;
  const right = WIDTH - RIGHT;
  const parts: string[] = [];
  for (const tick of yTicks(scale, y, linear, 7)) {
    const at = point(place.y(tick));
    parts.push(`<path d="M${LEFT} ${at}H${right}" stroke="#e3e3e3" stroke-width=".5"/>`);
    parts.push(write(LEFT - 5, Number(at) + 3, formatTick(tick), 'end'));
  }
  for (const tick of xTicks(axis, x, 7)) {
    const at = point(place.x(tick));
    parts.push(`<path d="M${at} ${floor}v3" stroke="#000" stroke-width=".5"/>`);
    parts.push(write(Number(at), floor + 13, formatXTick(axis, tick, x), 'middle'));
  }
  parts.push(`<path d="M${LEFT} ${TOP}V${floor}H${right}" fill="none" stroke="#000" stroke-width=".75"/>`);
  parts.push(write((LEFT + right) / 2, floor + 27, figure.xLabel, 'middle'));
  const middle = (TOP + floor) / 2;
  parts.push(`<g transform="rotate(-90 11 ${middle})">${write(11, middle, figure.yLabel, 'middle')}</g>`);
  return parts;
}

function drawReferences({ references, y }: Figure, place: Place): string[] {
  return references
    .filter(({ value }) => value >= y.min && value <= y.max)
    .flatMap(({ value, label }) => [
      `<path d="M${LEFT} ${point(place.y(value))}H${WIDTH - RIGHT}" stroke="#777" stroke-width=".6" stroke-dasharray="3 3"/>`,
      `<g fill="#555" font-size="7.5">${write(LEFT + 4, place.y(value) - 3, label, 'start')}</g>`,
    ]);
}

function drawBand({ x, band, colour }: FigureCurve, place: Place): string[] {
  if (!band) return [];
  return stretches(x, band.min).map(([from, to]) => {
    const upper: string[] = [];
    const lower: string[] = [];
    for (let index = from; index < to; index++) {
      upper.push(`${point(place.x(x[index]!))} ${point(place.y(band.max[index]!))}`);
      lower.unshift(`${point(place.x(x[index]!))} ${point(place.y(band.min[index]!))}`);
    }
    return `<path d="M${[...upper, ...lower].join('L')}Z" fill="${colour}" fill-opacity=".16"/>`;
  });
}

function drawLines({ x, y, raw, colour, dash }: FigureCurve, place: Place): string[] {
  const line = (values: ArrayLike<number>): string =>
    stretches(x, values)
      .map(([from, to]) => {
        const points = Array.from({ length: to - from }, (_, index) => {
          return `${point(place.x(x[from + index]!))} ${point(place.y(values[from + index]!))}`;
        });
        // A line of one point is drawn as a dot by its round cap.
        return `M${points.length === 1 ? `${points[0]!}h0` : points.join('L')}`;
      })
      .join('');
  const faint = raw ? [`<path d="${line(raw)}" stroke="${colour}" stroke-opacity=".3" stroke-width=".6"/>`] : [];
  return [
    ...faint,
    `<path d="${line(y)}" stroke="${colour}" stroke-width="1.2" stroke-linecap="round"${dashed(dash)}/>`,
  ];
}

/** From and to of each run of places that have a finite value. */
function stretches(x: ArrayLike<number>, values: ArrayLike<number>): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let index = 0; index <= values.length; index++) {
    const isFinite = index < values.length && Number.isFinite(values[index]!) && Number.isFinite(x[index]!);
    if (isFinite && start === -1) start = index;
    if (!isFinite && start !== -1) {
      found.push([start, index]);
      start = -1;
    }
  }
  return found;
}

/** Where values were NaN or infinite, no closer than can be told apart. */
function drawMarks({ curves, x }: Figure, place: Place): string[] {
  const floor = HEIGHT - BOTTOM;
  return curves.flatMap(({ nonFinite }) => {
    let last = -Infinity;
    return nonFinite.flatMap((value) => {
      const at = place.x(value);
      if (value < x.min || value > x.max || at - last < 4) return [];
      last = at;
      return [markNonFinite(at, floor)];
    });
  });
}
