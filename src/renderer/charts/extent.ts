// The range of y that a chart shows, and the numbers along its axes.

import type { Columns } from './columns.ts';
import type { YScale } from './scale.ts';

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Columns on a chart: `x` of every entry, the steps where it is not given. */
export interface Placed extends Columns {
  readonly x?: Float64Array;
}

export interface ExtentOptions {
  readonly scale: YScale;
  /** Leaves out the lowest and highest hundredth, so that one spike does not flatten the rest. */
  readonly withoutOutliers: boolean;
  /** Values that must be on the chart if they are not far away, such as reference lines. */
  readonly include: readonly number[];
}

/** Range of the finite values with a little air; on a logarithmic axis of the positive ones. */
export function measureExtent(curves: readonly Placed[], range: Extent, options: ExtentOptions): Extent {
  const found = options.withoutOutliers ? innerExtent(curves, range, options) : fullExtent(curves, range, options);
  if (found.min > found.max) return options.scale === 'log' ? { min: 0.1, max: 10 } : { min: 0, max: 1 };
  const { min, max } = includeNear(found, options);
  if (options.scale === 'log') return { min: min / 1.15, max: max * 1.15 };
  if (options.scale === 'symlog') return { min: min < 0 ? min * 1.3 : min / 1.3, max: max > 0 ? max * 1.3 : max / 1.3 };
  // A line that is zero throughout has an axis to 1, not to a millionth.
  const air = max > min ? (max - min) * 0.06 : Math.abs(max) * 0.1 || 1;
  // A quantity that is never negative keeps its zero line instead of empty room below it.
  return { min: min >= 0 && min - air < 0 ? 0 : min - air, max: max + air };
}

function fullExtent(curves: readonly Placed[], range: Extent, { scale }: ExtentOptions): Extent {
  const logarithmic = scale === 'log';
  let min = Infinity;
  let max = -Infinity;
  for (const columns of curves) {
    const x = columns.x ?? columns.steps;
    for (let index = 0; index < x.length; index++) {
      if (!(x[index]! >= range.min && x[index]! <= range.max)) continue;
      const low = columns.min[index]!;
      const high = columns.max[index]!;
      // On a logarithmic axis a bucket that reaches below zero still counts from its positive end.
      const lowest = logarithmic && low <= 0 ? high : low;
      if (logarithmic && !(high > 0)) continue;
      if (lowest < min) min = lowest;
      if (high > max) max = high;
    }
  }
  return { min, max };
}

function innerExtent(curves: readonly Placed[], range: Extent, { scale }: ExtentOptions): Extent {
  const values: number[] = [];
  for (const columns of curves) {
    const x = columns.x ?? columns.steps;
    for (let index = 0; index < x.length; index++) {
      const value = columns.last[index]!;
      if (!(x[index]! >= range.min && x[index]! <= range.max)) continue;
      if (Number.isFinite(value) && !(scale === 'log' && value <= 0)) values.push(value);
    }
  }
  if (values.length === 0) return { min: Infinity, max: -Infinity };
  values.sort((a, b) => a - b);
  const cut = Math.floor(values.length / 100);
  return { min: values[cut]!, max: values[values.length - 1 - cut]! };
}

/** Widens to a wanted value only where that costs no more than half as much room again. */
function includeNear({ min, max }: Extent, { include, scale }: ExtentOptions): Extent {
  const reach = (max - min) / 2;
  for (const value of include) {
    if (scale === 'log' && value <= 0) continue;
    if (value < min && min - value <= reach) min = value;
    if (value > max && value - max <= reach) max = value;
  }
  return { min, max };
}

/** A tick's number: as short as it can be, "12k" and "1.5M" for large steps. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 1e4) return `${trim(value / 1e3)}k`;
  if (size !== 0 && size < 1e-3) return value.toExponential(0).replace('-', '−');
  return trim(value);
}

/** On a logarithmic axis only whole multiples of a power of ten are written; the ends of the axis are not round. */
export function formatLogTick(value: number): string {
  const leading = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return Math.abs(leading - Math.round(leading)) < 1e-6 ? formatTick(value) : '';
}

function trim(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '−');
}
