// One chart.js line chart, driven from outside: it is told what to draw and when. Keeps no data of its own but what
// chart.js holds, and knows nothing of runs.

import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js';
import type { ChartDataset, ScaleOptionsByType } from 'chart.js';
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
import { fade, type Palette } from './palette.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** Width of the y axis, the same for all charts so that steps stand under each other. */
export const AXIS_WIDTH = 46;

export interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly columns: Columns;
  /** Null when nothing is smoothed: the raw line is then the line. */
  readonly smoothed: Float64Array | null;
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
  readonly x: Extent;
  readonly y: Extent;
  readonly logarithmic: boolean;
  readonly palette: Palette;
}

type LineData = ChartDataset<'line', { x: number; y: number }[]>;

export class Plot {
  readonly #chart: Chart<'line', { x: number; y: number }[]>;
  #drawing: Drawing | null = null;

  constructor(canvas: HTMLCanvasElement) {
    const layer = (draw: (chart: Chart, drawing: Drawing) => void) => (chart: Chart) => {
      if (this.#drawing) draw(chart, this.#drawing);
    };
    this.#chart = new Chart<'line', { x: number; y: number }[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        normalized: true,
        parsing: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 10 } },
        elements: { point: { radius: 0 }, line: { borderWidth: 1.5, tension: 0, borderJoinStyle: 'round' } },
      },
      plugins: [{ id: 'layers', beforeDatasetsDraw: layer(drawUnder), afterDatasetsDraw: layer(drawOver) }],
    });
  }

  show(drawing: Drawing): void {
    this.#drawing = drawing;
    const faint = drawing.curves.filter((curve) => curve.smoothed).map((curve) => rawLine(curve, true));
    const clear = drawing.curves.map((curve) => (curve.smoothed ? smoothedLine(curve) : rawLine(curve, false)));
    this.#chart.data.datasets = [...faint, ...clear];
    this.#chart.options.scales = { x: axis('x', drawing), y: axis('y', drawing) } as never;
    this.#chart.update('none');
  }

  /** Inner area in CSS pixels. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea ?? { left: 0, right: 0, top: 0, bottom: 0 };
  }

  stepAt(pixel: number): number {
    return this.#chart.scales['x']?.getValueForPixel(pixel) ?? 0;
  }

  pixelOfStep(step: number): number {
    return this.#chart.scales['x']?.getPixelForValue(step) ?? 0;
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

function rawLine(curve: Curve, faint: boolean): LineData {
  return {
    data: points(curve.columns.steps, curve.columns.last),
    borderColor: faint ? fade(curve.colour, 0.3) : curve.colour,
    borderWidth: faint ? 1 : 1.5,
    borderDash: [...curve.dash],
    ...dots(curve),
  };
}

function smoothedLine(curve: Curve): LineData {
  const data = points(curve.columns.steps, curve.smoothed!);
  return { data, borderColor: curve.colour, borderDash: [...curve.dash], ...dots(curve) };
}

/** A line of one point is invisible: show the point. */
function dots(curve: Curve): Partial<LineData> {
  return curve.columns.steps.length === 1 ? { pointRadius: 2, pointBackgroundColor: curve.colour } : {};
}

function points(steps: ArrayLike<number>, values: ArrayLike<number>): { x: number; y: number }[] {
  // chart.js leaves a gap at NaN; an infinity would be drawn as a line to the edge.
  return Array.from({ length: steps.length }, (_, index) => {
    const value = values[index]!;
    return { x: steps[index]!, y: Number.isFinite(value) ? value : Number.NaN };
  });
}

function axis(which: 'x' | 'y', drawing: Drawing): Partial<ScaleOptionsByType<'linear'>> {
  const { palette } = drawing;
  const { min, max } = drawing[which];
  const logarithmic = which === 'y' && drawing.logarithmic;
  return {
    type: logarithmic ? 'logarithmic' : 'linear',
    min,
    max,
    grid: { color: palette.grid, drawTicks: false, display: which === 'y' },
    border: { display: which === 'x', color: palette.grid },
    afterFit: (scale: { width: number }) => {
      if (which === 'y') scale.width = AXIS_WIDTH;
    },
    ticks: {
      color: palette.muted,
      font: { size: 10.5, family: palette.font },
      padding: 5,
      maxRotation: 0,
      includeBounds: false,
      autoSkip: true,
      maxTicksLimit: which === 'x' ? 7 : 6,
      callback: (value: string | number) => (logarithmic ? formatLogTick(Number(value)) : formatTick(Number(value))),
    },
  } as unknown as Partial<ScaleOptionsByType<'linear'>>;
}
