// One chart.js line chart, driven from outside: it is told what to draw and when. Keeps no data of its own but what
// chart.js holds, and knows nothing of runs.

import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js';
import type { ChartDataset, ScaleOptionsByType } from 'chart.js';
import { formatXTick, timeStep, type XAxis } from './axis.ts';
import type { Columns } from './columns.ts';
import { formatLogTick, formatTick, type Extent } from './extent.ts';
import {
  drawBands,
  drawBranchLabels,
  drawBranchLines,
  drawNonFinite,
  drawReferenceLabels,
  drawReferenceLines,
} from './layers.ts';
import { drawLine } from './lines.ts';
import { fade, type Palette } from './palette.ts';
import type { YScale } from './scale.ts';
import { SymlogScale } from './symlog-scale.ts';
import { thinCurve, thinLine } from './thin-curve.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, SymlogScale);

/** Width of the y axis, the same for all charts so that steps stand under each other. */
export const AXIS_WIDTH = 46;

export interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly columns: Columns;
  /** Place of every entry on the x axis. */
  readonly x: Float64Array;
  /** Null when nothing is smoothed: the raw line is then the line. */
  readonly smoothed: Float64Array | null;
  /** Not what is looked for in the legend. */
  readonly isFaded: boolean;
}

/** Where a fork left its parent. */
export interface Branch {
  readonly step: number;
  readonly label: string;
  readonly colour: string;
}

export interface Drawing {
  readonly curves: readonly Curve[];
  readonly references: readonly { readonly value: number; readonly label: string }[];
  readonly branches: readonly Branch[];
  readonly axis: XAxis;
  readonly x: Extent;
  readonly y: Extent;
  readonly scale: YScale;
  /** Of a symmetric logarithm, where its nearly linear part ends. */
  readonly linear: number;
  readonly palette: Palette;
}

interface Place {
  readonly x: number;
  readonly y: number;
}
type LineData = ChartDataset<'line', Place[]>;

export class Plot {
  readonly #chart: Chart<'line', Place[]>;
  #drawing: Drawing | null = null;

  /** `onresize` says that places in pixels are others now. */
  constructor(canvas: HTMLCanvasElement, onresize: () => void = () => {}) {
    const layer = (draw: (chart: Chart, drawing: Drawing) => void) => (chart: Chart) => {
      if (this.#drawing) draw(chart, this.#drawing);
    };
    this.#chart = new Chart<'line', Place[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        normalized: true,
        parsing: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        onResize: () => queueMicrotask(onresize),
        layout: { padding: { top: 6, right: 10 } },
        elements: { point: { radius: 0 }, line: { borderWidth: 1.5, tension: 0, borderJoinStyle: 'bevel' } },
      },
      plugins: [
        {
          id: 'layers',
          beforeDatasetsDraw: layer(drawUnder),
          beforeDatasetDraw: (chart, { meta }) => drawLine(chart, meta.dataset as LineElement | undefined),
          afterDatasetsDraw: layer(drawOver),
        },
      ],
    });
  }

  show(whole: Drawing): void {
    const width = Math.max(1, Math.round(this.#chart.width - AXIS_WIDTH));
    const drawing = { ...whole, curves: whole.curves.map((curve) => thinCurve(curve, whole.x, width)) };
    this.#drawing = drawing;
    const points: Points = (x, values) => pointsOf(x, values, whole.x, width);
    const faint = drawing.curves.filter((curve) => curve.smoothed).map((curve) => rawLine(curve, points, true));
    const clear = drawing.curves.map((curve) =>
      curve.smoothed ? smoothedLine(curve, points) : rawLine(curve, points, false),
    );
    this.#chart.data.datasets = [...faint, ...clear];
    this.#chart.options.scales = { x: axis('x', drawing), y: axis('y', drawing) } as never;
    this.#chart.update('none');
  }

  /** Inner area in CSS pixels. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 };
  }

  xAt(pixel: number): number {
    return this.#chart.scales['x']?.getValueForPixel(pixel) ?? 0;
  }

  pixelOfX(x: number): number {
    return this.#chart.scales['x']?.getPixelForValue(x) ?? 0;
  }

  pixelOfValue(value: number): number {
    return this.#chart.scales['y']?.getPixelForValue(value) ?? Number.NaN;
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

function drawUnder(chart: Chart, drawing: Drawing): void {
  drawBands(chart, drawing);
  drawReferenceLines(chart, drawing);
  drawBranchLines(chart, drawing);
}

function drawOver(chart: Chart, drawing: Drawing): void {
  drawReferenceLabels(chart, drawing);
  drawBranchLabels(chart, drawing);
  drawNonFinite(chart, drawing);
}

/** What chart.js gets of a line. */
type Points = (x: Float64Array, values: ArrayLike<number>) => Place[];

function rawLine(curve: Curve, points: Points, faint: boolean): LineData {
  return {
    data: points(curve.x, curve.columns.last),
    borderColor: faint || curve.isFaded ? fade(curve.colour, curve.isFaded ? 0.12 : 0.3) : curve.colour,
    borderWidth: faint || curve.isFaded ? 1 : 1.5,
    borderDash: [...curve.dash],
    ...dots(curve),
  };
}

function smoothedLine(curve: Curve, points: Points): LineData {
  const data = points(curve.x, curve.smoothed!);
  const borderColor = curve.isFaded ? fade(curve.colour, 0.15) : curve.colour;
  return { data, borderColor, borderWidth: curve.isFaded ? 1 : 1.5, borderDash: [...curve.dash], ...dots(curve) };
}

/** A line of one point is invisible: show the point. */
function dots(curve: Curve): Partial<LineData> {
  return curve.x.length === 1 ? { pointRadius: 2, pointBackgroundColor: curve.colour } : {};
}

function pointsOf(x: Float64Array, values: ArrayLike<number>, extent: Extent, width: number): Place[] {
  return Array.from(thinLine(x, values, extent, width), (index) => {
    const value = values[index]!;
    // chart.js leaves a gap at NaN; an infinity would be drawn as a line to the edge.
    return { x: x[index]!, y: Number.isFinite(value) ? value : Number.NaN };
  });
}

const SCALE_TYPES = { linear: 'linear', log: 'logarithmic', symlog: 'symlog' } as const;
const MOST_X_TICKS = 7;

function axis(which: 'x' | 'y', drawing: Drawing): Partial<ScaleOptionsByType<'linear'>> {
  const { palette, linear } = drawing;
  const { min, max } = drawing[which];
  const scale = which === 'y' ? drawing.scale : 'linear';
  return {
    type: SCALE_TYPES[scale],
    min,
    max,
    linear,
    grid: { color: palette.grid, drawTicks: false, display: which === 'y' },
    border: { display: which === 'x', color: palette.grid },
    afterFit: (fitted: { width: number }) => {
      if (which === 'y') fitted.width = AXIS_WIDTH;
    },
    ticks: {
      color: palette.muted,
      font: { size: 10.5, family: palette.font },
      padding: 5,
      maxRotation: 0,
      includeBounds: false,
      autoSkip: true,
      maxTicksLimit: which === 'x' ? MOST_X_TICKS : 6,
      stepSize: which === 'x' ? timeStep(drawing.axis, drawing.x, MOST_X_TICKS) : undefined,
      callback: (value: string | number) => {
        if (which === 'x') return formatXTick(drawing.axis, Number(value), drawing.x);
        return scale === 'log' ? formatLogTick(Number(value)) : formatTick(Number(value));
      },
    },
  } as unknown as Partial<ScaleOptionsByType<'linear'>>;
}
