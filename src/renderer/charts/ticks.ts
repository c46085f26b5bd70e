// Round numbers for the axes of an exported figure, by the same rules as on the screen.

import { timeStep, type XAxis } from './axis.ts';
import type { Extent } from './extent.ts';
import type { YScale } from './scale.ts';
import { symlogTicks } from './symlog.ts';

/** Multiples of 1, 2 or 5 times a power of ten inside the range, at most about `most`. */
export function linearTicks({ min, max }: Extent, most: number, step = roundStep((max - min) / most)): number[] {
  const ticks: number[] = [];
  for (let index = Math.ceil(min / step - 1e-9); index * step <= max + step * 1e-9; index++) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= wanted * (1 - 1e-9)) ?? 10 * power;
}

/** Powers of ten, with 2 and 5 between them where there is room. */
export function logTicks({ min, max }: Extent, most: number): number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const ticksOf = (factors: readonly number[], stride: number): number[] => {
    const ticks: number[] = [];
    for (let power = first; power <= last; power += stride) {
      for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
    }
    return ticks.filter((tick) => tick >= min && tick <= max);
  };
  const fine = ticksOf([1, 2, 5], 1);
  if (fine.length <= most) return fine;
  return ticksOf([1], Math.max(1, Math.ceil((last - first) / most)));
}

export function xTicks(axis: XAxis, range: Extent, most: number): number[] {
  return linearTicks(range, most, timeStep(axis, range, most) ?? roundStep((range.max - range.min) / most));
}

export function yTicks(scale: YScale, range: Extent, linear: number, most: number): number[] {
  if (scale === 'log') return logTicks(range, most);
  return scale === 'symlog' ? symlogTicks(range.min, range.max, linear, most) : linearTicks(range, most);
}
