// One scalar against another: the way of each run through the plane of two scalars, in the order of its steps.

import { Chart, LinearScale, LineElement, PointElement, ScatterController } from 'chart.js';
import { formatTick, type Extent } from './extent.ts';
import { fade, type Palette } from './palette.ts';
import { AXIS_WIDTH } from './plot.ts';

Chart.register(ScatterController, LineElement, PointElement, LinearScale);

/** Points of equal step; `x` and `y` are smoothed where smoothing is on. */
export interface Path {
  readonly steps: Float64Array;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface PhaseDrawing {
  readonly paths: readonly (Path & { readonly colour: string; readonly isFaded: boolean })[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly palette: Palette;
}

export class PhasePlot {
  readonly #chart: Chart<'scatter', { x: number; y: number }[]>;

  constructor(canvas: HTMLCanvasElement, onresize: () => void) {
    this.#chart = new Chart<'scatter', { x: number; y: number }[]>(canvas, {
      type: 'scatter',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        onResize: () => queueMicrotask(onresize),
        layout: { padding: { top: 6, right: 10 } },
      },
    });
  }

  show({ paths, xTitle, yTitle, palette }: PhaseDrawing): void {
    this.#chart.data.datasets = paths.map(({ x, y, colour, isFaded }) => ({
      data: Array.from({ length: x.length }, (_, index) => ({ x: finite(x[index]!), y: finite(y[index]!) })),
      showLine: true,
      borderColor: fade(colour, isFaded ? 0.12 : 0.7),
      borderWidth: 1.25,
      // Where it began is a ring, where it is now a disc.
      pointRadius: Array.from({ length: x.length }, (_, index) => (index === 0 || index === x.length - 1 ? 3.5 : 0)),
      pointBackgroundColor: Array.from({ length: x.length }, (_, index) => (index === 0 ? palette.surface : colour)),
      pointBorderColor: colour,
    }));
    const x = extentOf(paths.map((path) => path.x));
    const y = extentOf(paths.map((path) => path.y));
    this.#chart.options.scales = { x: axis(xTitle, x, palette, false), y: axis(yTitle, y, palette, true) } as never;
    this.#chart.update('none');
  }

  pixelOf(x: number, y: number): { readonly x: number; readonly y: number } {
    const { x: across, y: up } = this.#chart.scales;
    return { x: across?.getPixelForValue(x) ?? Number.NaN, y: up?.getPixelForValue(y) ?? Number.NaN };
  }

  destroy(): void {
    this.#chart.destroy();
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Of all finite values, with a little air. */
export function extentOf(columns: readonly ArrayLike<number>[]): Extent {
  let [min, max] = [Infinity, -Infinity];
  for (const column of columns) {
    for (const value of Array.from(column)) {
      if (!Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (min > max) return { min: 0, max: 1 };
  const air = (max - min) * 0.05 || Math.abs(max) * 0.1 || 1;
  return { min: min - air, max: max + air };
}

function axis(title: string, { min, max }: Extent, palette: Palette, isY: boolean): object {
  return {
    type: 'linear',
    min,
    max,
    title: { display: true, text: title, color: palette.muted, font: { size: 10.5, family: palette.font }, padding: 0 },
    grid: { color: palette.grid, drawTicks: false },
    border: { display: false },
    afterFit: (fitted: { width: number }) => {
      if (isY) fitted.width = AXIS_WIDTH + 14;
    },
    ticks: {
      color: palette.muted,
      font: { size: 10.5, family: palette.font },
      padding: 5,
      maxRotation: 0,
      includeBounds: false,
      maxTicksLimit: 6,
      callback: (value: string | number) => formatTick(Number(value)),
    },
  };
}
