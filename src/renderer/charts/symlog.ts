// The symmetric logarithm: linear near zero, logarithmic on both sides, so that values of either sign and many orders fit.
// u(v) = sign(v) log10(1 + |v| / c), the bisymmetric transformation of Webber (Meas. Sci. Technol. 24 (2013) 027001, eq. 3).

import type { Columns } from './columns.ts';

/** `linear` is c: below it the axis is nearly linear. */
export function symlog(value: number, linear: number): number {
  return Math.sign(value) * Math.log10(1 + Math.abs(value) / linear);
}

export function unsymlog(place: number, linear: number): number {
  return Math.sign(place) * linear * (10 ** Math.abs(place) - 1);
}

/**
 * c for these curves: a power of ten near their small values (the fifth percentile of |v|), at most a thousandth and at
 * least a millionth of the greatest, so that noise around zero does not take the whole axis.
 */
export function linearPart(curves: readonly Pick<Columns, 'last'>[]): number {
  const sizes = curves.flatMap(({ last }) => [...last].filter((value) => Number.isFinite(value) && value !== 0));
  if (sizes.length === 0) return 1;
  const sorted = sizes.map(Math.abs).sort((a, b) => a - b);
  const greatest = sorted.at(-1)!;
  const small = sorted[Math.floor(sorted.length * 0.05)]!;
  const wanted = Math.min(greatest / 1e3, Math.max(greatest / 1e6, small));
  return 10 ** Math.floor(Math.log10(wanted));
}

/** Zero and the powers of ten between `min` and `max`, at most `most`; every second or third power where they crowd. */
export function symlogTicks(min: number, max: number, linear: number, most: number): number[] {
  // The power of c itself stands a third of an order from zero: too near to write both.
  const first = Math.round(Math.log10(linear)) + 1;
  const last = Math.floor(Math.log10(Math.max(Math.abs(min), Math.abs(max), linear)) + 1e-9);
  for (let stride = 1; ; stride++) {
    const sizes: number[] = [];
    for (let power = last; power >= first; power -= stride) sizes.unshift(Number(`1e${power}`));
    const ticks = [...sizes.toReversed().map((size) => -size), 0, ...sizes].filter(
      (tick) => tick >= min && tick <= max,
    );
    if (ticks.length <= most || stride > last - first) return ticks;
  }
}
