// The plots of runs as figures for a paper: parallel coordinates and points, black on white, sharp at any size. Places are in [0, 1]
// from the low end of an axis; a run without a value on an axis has no line there.

import type { Drawing } from './figure-pdf.ts';
import { drawRamp, layOutLegend, LINE, openSvg, point, SIZE, write, type Ramp } from './figure-parts.ts';
import type { RunInk } from './run-drawing.ts';
import type { Tick } from './value-axis.ts';

export interface FigureAxis {
  readonly name: string;
  readonly ticks: readonly Tick[];
  readonly places: Float64Array;
}

export interface RunFigure extends RunInk {
  /** Of the runs, in the order of the colours. */
  readonly names: readonly string[];
  /** What the colours mean, from low to high; null where each run has its own. */
  readonly ramp: Ramp | null;
}

type Measure = (text: string) => number;

const HEIGHT = 250;
const WIDTH = 420;
/** More names than these are not read below a figure. */
const MOST_NAMES = 16;
const BACK = '#e2e2e2';
const SMALL = 7.5;

/** Axes stand at least so far apart. */
const APART = 58;
const HEAD = 32;
const FOOT = 10;

/** Grows with the number of axes: 420 points wide or more. */
export function drawParallelFigure(figure: RunFigure, axes: readonly FigureAxis[], measure: Measure): Drawing {
  const widest = Math.max(0, ...axes.map(({ name }) => measure(name)));
  const side = widest / 2 + 8;
  // Names stand in two rows in turn, so that each may be nearly two distances wide.
  const apart = Math.max(APART, widest / 2 + 6);
  const width = Math.ceil(Math.max(WIDTH, 2 * side + apart * (axes.length - 1) + 16));
  const step = axes.length > 1 ? (width - 2 * side - 16) / (axes.length - 1) : 0;
  const across = axes.map((_, index) => (axes.length === 1 ? width / 2 : side + index * step));
  const y = (place: number): number => HEAD + (1 - place) * (HEIGHT - HEAD - FOOT);
  const trace = (run: number): string => {
    const parts = axes.map(({ places }, axis) => {
      const [place, before] = [places[run]!, axis > 0 ? axes[axis - 1]!.places[run]! : Number.NaN];
      if (Number.isNaN(place)) return '';
      return `${Number.isNaN(before) ? 'M' : 'L'}${point(across[axis]!)} ${point(y(place))}`;
    });
    return parts.join('');
  };
  const lines = inOrder(figure).flatMap(({ run, isFront }) => {
    const path = trace(run);
    if (path === '') return [];
    const ink = isFront ? `stroke="${figure.colours[run]!}" stroke-opacity="${opacity(figure)}"` : `stroke="${BACK}"`;
    // A run that has a value on one axis alone is a dot by its round cap.
    return [`<path d="${path.replace(/(M[^ML]+)(?=M|$)/g, '$1h0')}" ${ink}/>`];
  });
  const legend = drawLegend(figure, { left: 12, right: width - 12, top: HEIGHT }, measure);
  const height = HEIGHT + legend.height;
  const svg = [
    ...openSvg(width, height),
    '<g fill="none" stroke-width="1" stroke-linejoin="round" stroke-linecap="round">',
    ...lines,
    '</g>',
    ...axes.flatMap((axis, index) => drawAxis(axis, across[index]!, index % 2, y, measure)),
    ...legend.parts,
    '</svg>',
  ].join('\n');
  return { svg, width, height };
}

function drawAxis(
  { name, ticks }: FigureAxis,
  x: number,
  row: number,
  y: (place: number) => number,
  measure: Measure,
): string[] {
  const labels = ticks.flatMap(({ place, label }) => {
    const ground = (measure(label) * SMALL) / SIZE + 2;
    return [
      `<path d="M${point(x - 2)} ${point(y(place))}h4" stroke="#000" stroke-width=".5"/>`,
      `<rect x="${point(x + 3)}" y="${point(y(place) - 4)}" width="${point(ground)}" height="8" fill="#fff" fill-opacity=".8"/>`,
      write(x + 4, y(place) + 2.6, label, 'start'),
    ];
  });
  return [
    `<path d="M${point(x)} ${y(1)}V${y(0)}" stroke="#000" stroke-width=".75"/>`,
    `<g font-size="${SMALL}">`,
    ...labels,
    '</g>',
    write(x, row === 0 ? 11 : 23, name, 'middle'),
  ];
}

const PLANE = { left: 56, right: 12, top: 10, bottom: 36 };

export function drawScatterFigure(figure: RunFigure, x: FigureAxis, y: FigureAxis, measure: Measure): Drawing {
  const { left, right, top, bottom } = PLANE;
  const [floor, end] = [HEIGHT - bottom, WIDTH - right];
  const placeX = (place: number): number => left + place * (end - left);
  const placeY = (place: number): number => floor - place * (floor - top);
  const dots = inOrder(figure).flatMap(({ run, isFront }) => {
    const [across, up] = [placeX(x.places[run]!), placeY(y.places[run]!)];
    if (Number.isNaN(across) || Number.isNaN(up)) return [];
    const ink = isFront ? `fill="${figure.colours[run]!}" fill-opacity="${opacity(figure)}"` : `fill="${BACK}"`;
    return [`<circle cx="${point(across)}" cy="${point(up)}" r="2.4" ${ink}/>`];
  });
  const legend = drawLegend(figure, { left, right: end, top: HEIGHT }, measure);
  const height = HEIGHT + legend.height;
  const middle = (top + floor) / 2;
  const svg = [
    ...openSvg(WIDTH, height),
    ...y.ticks.flatMap(({ place, label }) => [
      `<path d="M${left} ${point(placeY(place))}H${end}" stroke="#e3e3e3" stroke-width=".5"/>`,
      write(left - 5, placeY(place) + 3, label, 'end'),
    ]),
    ...x.ticks.flatMap(({ place, label }) => [
      `<path d="M${point(placeX(place))} ${floor}v3" stroke="#000" stroke-width=".5"/>`,
      write(placeX(place), floor + 13, label, 'middle'),
    ]),
    `<path d="M${left} ${top}V${floor}H${end}" fill="none" stroke="#000" stroke-width=".75"/>`,
    ...dots,
    write((left + end) / 2, floor + 27, x.name, 'middle'),
    `<g transform="rotate(-90 11 ${middle})">${write(11, middle, y.name, 'middle')}</g>`,
    ...legend.parts,
    '</svg>',
  ].join('\n');
  return { svg, width: WIDTH, height };
}

/** Those that stand back first, so that the others lie above them. */
function inOrder({ colours, front }: RunInk): readonly { readonly run: number; readonly isFront: boolean }[] {
  const all = colours.map((_, run) => ({ run, isFront: front?.[run] ?? true }));
  return [...all.filter(({ isFront }) => !isFront), ...all.filter(({ isFront }) => isFront)];
}

/** The more runs, the fainter each: many must still show where they run together. */
function opacity({ colours, front }: RunInk): string {
  const count = front ? front.filter(Boolean).length : colours.length;
  return Math.min(0.9, Math.max(0.3, 9 / Math.sqrt(Math.max(1, count)))).toFixed(2);
}

/** What the colours mean: a ramp with its ends, or the runs by name where they are few enough. */
function drawLegend(
  figure: RunFigure,
  box: { readonly left: number; readonly right: number; readonly top: number },
  measure: Measure,
): { readonly parts: readonly string[]; readonly height: number } {
  if (figure.ramp) return drawRamp(figure.ramp, box, measure);
  const shown = inOrder(figure).filter(({ isFront }) => isFront);
  if (shown.length > MOST_NAMES) return { parts: [], height: 0 };
  const entries = shown.map(({ run }) => ({ label: figure.names[run]!, colour: figure.colours[run]!, dash: [] }));
  const { parts, lines } = layOutLegend(entries, box, measure);
  return { parts, height: lines > 0 ? lines * LINE + 6 : 0 };
}
