// Distributions over steps as a figure for a paper: a heat-map or ridges as on the screen, black on white, sharp at any size.
// Shapes of one tone are one path, so that the file stays small.

import { HISTOGRAM_BUCKETS as BUCKETS, type Histograms } from '../../shared/series.ts';
import { formatTick, type Extent } from './extent.ts';
import type { Drawing } from './figure-pdf.ts';
import { drawRamp, LINE, markNonFinite, openSvg, point, write } from './figure-parts.ts';
import { ridgeRows, rowStart, shapeOf } from './heat-map.ts';
import { rampColour } from './ramp.ts';
import { linearTicks } from './ticks.ts';

export interface HistogramFigure {
  readonly title: string;
  /** Whose distributions they are. */
  readonly run: string;
  readonly stepLabel: string;
  readonly valueLabel: string;
  /** What the colours of the heat-map go from 0 to 1 in. */
  readonly shareLabel: string;
  readonly histograms: Histograms;
  readonly range: Extent;
  /** Last step of the axis of steps. */
  readonly end: number;
  /** `#rgb` or `#rrggbb`. */
  readonly colour: string;
}

type Measure = (text: string) => number;

const WIDTH = 420;
const LEFT = 56;
const RIGHT = WIDTH - 12;
const PLOT_HEIGHT = 204;
const FOOT = 36;
const TONES = 64;
/** Of the colour bar. */
const PIECES = 24;

interface Frame {
  readonly top: number;
  readonly floor: number;
}

/** Steps go to the right, values up; a tone is the share of the values of its step, as on the screen. */
export function drawHeatMapFigure(figure: HistogramFigure, measure: Measure): Drawing {
  const { title, frame } = drawTitle(figure, measure);
  const { range, end, histograms } = figure;
  const x = (step: number): number => LEFT + (step / Math.max(end, 1)) * (RIGHT - LEFT);
  const y = (value: number): number => frame.floor - ((value - range.min) / (range.max - range.min)) * PLOT_HEIGHT;
  const marks = [...histograms.steps].flatMap((step, row) =>
    histograms.nonFinite[row]! > 0 ? [markNonFinite(x(step), frame.floor)] : [],
  );
  const bar = drawRamp(
    {
      title: figure.shareLabel,
      low: '0',
      high: '1',
      colours: Array.from({ length: PIECES }, (_, piece) => toneOf(figure.colour, piece / (PIECES - 1))),
      others: [],
    },
    { left: LEFT, right: RIGHT, top: frame.floor + FOOT },
    measure,
  );
  const height = frame.floor + FOOT + bar.height;
  const parts = [
    ...openSvg(WIDTH, height),
    ...title,
    ...drawTones(figure, x, y),
    ...marks,
    ...drawAcross(
      linearTicks({ min: 0, max: Math.max(end, 1) }, 7).map((step) => ({ at: x(step), label: formatTick(step) })),
      frame,
    ),
    ...linearTicks(range, 7).flatMap((value) => [
      `<path d="M${LEFT} ${point(y(value))}h-3" stroke="#000" stroke-width=".5"/>`,
      write(LEFT - 5, y(value) + 3, formatTick(value), 'end'),
    ]),
    ...drawFrame(frame, figure.stepLabel, figure.valueLabel),
    ...bar.parts,
    '</svg>',
  ];
  return { svg: parts.join('\n'), width: WIDTH, height };
}

/** Values go to the right; the newest ridge lies in front, at the bottom, and each has its step at its foot. */
export function drawRidgeFigure(figure: HistogramFigure, measure: Measure): Drawing {
  const { title, frame } = drawTitle(figure, measure);
  const { range, histograms } = figure;
  const rows = ridgeRows(histograms.steps.length);
  const apart = PLOT_HEIGHT / (rows.length + 2);
  const x = (value: number): number => LEFT + ((value - range.min) / (range.max - range.min)) * (RIGHT - LEFT);
  const ridges = rows.flatMap((row, index) => {
    const base = frame.top + (index + 3) * apart;
    const step = `<g font-size="7.5">${write(LEFT - 5, base, formatTick(histograms.steps[row]!), 'end')}</g>`;
    if (!(histograms.min[row]! <= histograms.max[row]!)) return [step];
    const fill = rampColour(['#ffffff', figure.colour], 0.25 + (0.5 * index) / rows.length);
    return [
      step,
      `<path d="${traceRidge(histograms, row, x, (share) => base - share * 2.6 * apart)}" fill="${fill}" stroke="#fff" stroke-width=".75"/>`,
    ];
  });
  const height = frame.floor + FOOT;
  const parts = [
    ...openSvg(WIDTH, height),
    ...title,
    ...ridges,
    ...drawAcross(
      linearTicks(range, 7).map((value) => ({ at: x(value), label: formatTick(value) })),
      frame,
    ),
    ...drawFrame(frame, figure.valueLabel, figure.stepLabel),
    '</svg>',
  ];
  return { svg: parts.join('\n'), width: WIDTH, height };
}

/** The run stands at the right of the title, below it where both are too long for a line. */
function drawTitle({ title, run }: HistogramFigure, measure: Measure): { title: readonly string[]; frame: Frame } {
  const isLong = measure(title) + measure(run) + 16 > RIGHT - LEFT;
  const top = 10 + (isLong ? 2 : 1) * LINE;
  return {
    title: [
      `<g font-weight="bold">${write(LEFT, 14, title, 'start')}</g>`,
      isLong ? write(LEFT, 14 + LINE, run, 'start') : write(RIGHT, 14, run, 'end'),
    ],
    frame: { top, floor: top + PLOT_HEIGHT },
  };
}

/** The root makes thin tails visible; `share` in [0, 1]. */
function toneOf(colour: string, share: number): string {
  return rampColour(['#ffffff', colour], Math.sqrt(share));
}

function drawTones(
  { histograms, colour }: HistogramFigure,
  x: (step: number) => number,
  y: (value: number) => number,
): string[] {
  const { steps, min, max } = histograms;
  const shapes = Array.from({ length: TONES + 1 }, (): string[] => []);
  steps.forEach((step, row) => {
    // A little wider and higher than its share: no hair of white between two.
    const [left, right] = [x(rowStart(steps, row)), Math.min(RIGHT, x(step) + 0.2)];
    const [low, high] = [min[row]!, max[row]!];
    shapeOf(histograms, row).forEach((share, part) => {
      if (share === 0) return;
      const top = y(low + ((part + 1) * (high - low)) / BUCKETS);
      const bottom = y(low + (part * (high - low)) / BUCKETS) + 0.2;
      const box = `M${point(left)} ${point(top)}H${point(Math.max(right, left + 0.5))}V${point(Math.max(bottom, top + 0.5))}H${point(left)}z`;
      shapes[Math.ceil(share * TONES)]!.push(box);
    });
  });
  return shapes.flatMap((boxes, tone) =>
    boxes.length > 0 ? [`<path d="${boxes.join('')}" fill="${toneOf(colour, tone / TONES)}"/>`] : [],
  );
}

function traceRidge(
  histograms: Histograms,
  row: number,
  x: (value: number) => number,
  y: (share: number) => number,
): string {
  const [low, high] = [histograms.min[row]!, histograms.max[row]!];
  const tops = [...shapeOf(histograms, row)].map(
    (share, part) => `L${point(x(low + ((part + 0.5) * (high - low)) / BUCKETS))} ${point(y(share))}`,
  );
  return `M${point(x(low))} ${point(y(0))}${tops.join('')}L${point(x(high))} ${point(y(0))}Z`;
}

function drawAcross(ticks: readonly { readonly at: number; readonly label: string }[], { floor }: Frame): string[] {
  return ticks.flatMap(({ at, label }) => [
    `<path d="M${point(at)} ${floor}v3" stroke="#000" stroke-width=".5"/>`,
    write(at, floor + 13, label, 'middle'),
  ]);
}

function drawFrame({ top, floor }: Frame, across: string, up: string): string[] {
  const middle = (top + floor) / 2;
  return [
    `<path d="M${LEFT} ${top}V${floor}H${RIGHT}" fill="none" stroke="#000" stroke-width=".75"/>`,
    write((LEFT + RIGHT) / 2, floor + 27, across, 'middle'),
    `<g transform="rotate(-90 11 ${middle})">${write(11, middle, up, 'middle')}</g>`,
  ];
}
