// Buckets of a range of steps, filled in order from headers and from single points alike; whichever they come from,
// the bucket is the same.

import type { SeriesBuckets } from '../../shared/series.ts';
import { firstAtLeast, stepAt, wallAt, type Header, type RawBlock } from './block.ts';

export interface Buckets {
  /** Bucket that a step falls into. */
  of(step: number): number;
  addHeader(header: Header): void;
  /** The points with begin <= index < end. */
  addPoints(block: RawBlock, begin: number, end: number): void;
  /** Buckets without points are left out. */
  finish(tag: string): SeriesBuckets;
}

type Filling = { readonly [Column in Exclude<keyof SeriesBuckets, 'kind' | 'tag'>]: SeriesBuckets[Column] };

/** Buckets of `width` steps each; the first begins at `firstStep`, and the last holds `lastStep`. */
export function makeBuckets(firstStep: number, lastStep: number, width: number): Buckets {
  const of = (step: number): number => Math.floor((step - firstStep) / width);
  const size = of(lastStep) + 1;
  const filling: Filling = {
    steps: new Float64Array(size),
    wallMs: new Float64Array(size),
    min: new Float32Array(size).fill(NaN),
    max: new Float32Array(size).fill(NaN),
    last: new Float32Array(size),
    count: new Uint32Array(size),
    nonFinite: new Uint32Array(size),
  };
  return {
    of,
    addHeader: (header) => addHeader(filling, of(header.startStep), header),
    addPoints(block, begin, end) {
      // Bucket by bucket, so that the inner loop touches nothing but values.
      for (let from = begin; from < end;) {
        const at = of(stepAt(block, from));
        const to = Math.min(end, firstAtLeast(block, firstStep + (at + 1) * width));
        addSlice(filling, at, block, from, to);
        from = to;
      }
    },
    finish(tag) {
      const { count } = filling;
      const isWhole = !count.includes(0);
      const pick = <Column extends Float64Array | Float32Array | Uint32Array>(column: Column): Column =>
        isWhole ? column : (column.filter((_, at) => count[at]! > 0) as Column);
      return {
        kind: 'buckets',
        tag,
        steps: pick(filling.steps),
        wallMs: pick(filling.wallMs),
        min: pick(filling.min),
        max: pick(filling.max),
        last: pick(filling.last),
        count: pick(count),
        nonFinite: pick(filling.nonFinite),
      };
    },
  };
}

function addHeader({ steps, wallMs, min, max, last, count, nonFinite }: Filling, at: number, header: Header): void {
  steps[at] = header.lastStep;
  wallMs[at] = header.endMs;
  last[at] = header.last;
  count[at]! += header.count;
  nonFinite[at]! += header.nonFinite;
  // The NaN of a side without finite values always gives way.
  if (!(min[at]! <= header.min) && !Number.isNaN(header.min)) min[at] = header.min;
  if (!(max[at]! >= header.max) && !Number.isNaN(header.max)) max[at] = header.max;
}

/** The points from <= index < to, all of one bucket. */
function addSlice(filling: Filling, at: number, block: RawBlock, from: number, to: number): void {
  let [low, high, odd] = [filling.min[at]!, filling.max[at]!, 0];
  for (let k = from; k < to; k++) {
    const value = block.values[k]!;
    // Not finite: the difference is NaN.
    if (value - value !== 0) odd++;
    else {
      if (!(low <= value)) low = value;
      if (!(high >= value)) high = value;
    }
  }
  filling.min[at] = low;
  filling.max[at] = high;
  filling.nonFinite[at]! += odd;
  filling.count[at]! += to - from;
  filling.last[at] = block.values[to - 1]!;
  filling.steps[at] = stepAt(block, to - 1);
  filling.wallMs[at] = wallAt(block, to - 1);
}
