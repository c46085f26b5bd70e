// The four x axes of a chart: step, time since the run began, time of day, epoch. Columns stay in steps; a chart places
// them on the axis that the user chose. Times are in seconds, so that one table of round distances serves both clocks.

import { formatCount } from '../text/format.ts';
import type { Columns } from './columns.ts';
import { formatTick, type Extent } from './extent.ts';

export const X_AXES = ['step', 'relative', 'wall', 'epoch'] as const;
export type XAxis = (typeof X_AXES)[number];

export function isXAxis(stored: unknown): stored is XAxis {
  return X_AXES.some((axis) => axis === stored);
}

/** What a run's steps are worth on the other axes. */
export interface RunClock {
  /** When training began, ms since 1970. */
  readonly startMs: number;
  /** Images a step over images in the data; NaN where that is not known, and the run is then not on that axis. */
  readonly epochsPerStep: number;
}

export const NO_CLOCK: RunClock = { startMs: 0, epochsPerStep: Number.NaN };

/** x of every entry, ascending as far as the clock was. */
export function placeOn(axis: XAxis, { steps, wallMs }: Columns, clock: RunClock): Float64Array {
  switch (axis) {
    case 'step':
      return steps;
    case 'relative':
      return wallMs.map((ms) => (ms - clock.startMs) / 1000);
    case 'wall':
      return wallMs.map((ms) => ms / 1000);
    case 'epoch':
      return steps.map((step) => step * clock.epochsPerStep);
  }
}

/** From the first x to the last of all curves; `whole` (in steps) on the axis of steps. */
export function xExtent(axis: XAxis, places: readonly Float64Array[], whole: Extent): Extent {
  if (axis === 'step') return whole;
  let [min, max] = [Infinity, -Infinity];
  for (const place of places) {
    const [first, last] = [place[0], place.at(-1)];
    if (first === undefined || last === undefined || Number.isNaN(first)) continue;
    min = Math.min(min, first);
    max = Math.max(max, last);
  }
  if (min > max) return { min: 0, max: 1 };
  if (axis !== 'wall') min = Math.min(0, min);
  return { min, max: max > min ? max : min + 1 };
}

/** The steps that lie between two x, one entry wider on each side so that lines reach the edge; null when none do. */
export function stepsBetween(
  curves: readonly { readonly columns: Columns; readonly x: Float64Array }[],
  range: Extent,
): Extent | null {
  let [min, max] = [Infinity, -Infinity];
  for (const { columns, x } of curves) {
    const begin = x.findIndex((value) => value >= range.min);
    const end = x.findLastIndex((value) => value <= range.max);
    if (begin === -1 || end === -1) continue;
    min = Math.min(min, columns.steps[Math.max(0, Math.min(begin, end) - 1)]!);
    max = Math.max(max, columns.steps[Math.min(x.length - 1, Math.max(begin, end) + 1)]!);
  }
  return min < max ? { min, max } : null;
}

const SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** Distance of ticks on an axis of time, so that at most `most` fit; undefined where decimal ones serve. */
export function timeStep(axis: XAxis, { min, max }: Extent, most: number): number | undefined {
  if (axis === 'step' || axis === 'epoch' || max - min < most) return undefined;
  return SECONDS.find((step) => (max - min) / step <= most) ?? Math.ceil((max - min) / most / 86_400) * 86_400;
}

/** A number along the axis; `range` says how fine it must be. */
export function formatXTick(axis: XAxis, value: number, range: Extent): string {
  if (axis === 'relative') return formatClock(value);
  if (axis === 'wall') return formatWall(value, range.max - range.min);
  return formatTick(value);
}

/** The exact place under the crosshair. */
export function formatX(axis: XAxis, value: number): string {
  if (axis === 'step') return formatCount(value);
  if (axis === 'epoch') return value.toFixed(2);
  return axis === 'relative' ? formatClock(value) : formatWall(value, 0);
}

/** Seconds -> "0.5 s", "45 s", "1:30", "2:05:00". */
export function formatClock(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 60) return `${Number(seconds.toFixed(size < 10 ? 1 : 0))} s`;
  const whole = Math.round(size);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const clock = hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return seconds < 0 ? `−${clock}` : clock;
}

function formatWall(seconds: number, spread: number): string {
  const moment = new Date(seconds * 1000);
  if (spread > 4 * 86_400) return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  const isFine = spread < 600;
  return moment.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(isFine && { second: '2-digit' }),
  });
}
