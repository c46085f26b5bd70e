// The reading half of scalars: points when they fit, else buckets. Spans that lie in one bucket are taken by their headers;
// only those that a bucket's border cuts are read.

import type { Database } from 'better-sqlite3';
import type { Series, SeriesPoints, StepRange } from '../../shared/series.ts';
import { BLOCK_POINTS, stepAt, wallAt, type RawBlock } from './block.ts';
import { makeBuckets } from './buckets.ts';
import { cut, openSource, type Slice, type Source, type Span } from './spans.ts';

export interface SeriesReader {
  series(tag: string, range: StepRange, maxPoints: number): Series;
  allPoints(tag: string): Iterable<SeriesPoints>;
  newPoints(afterStep: number, limit: number): { points: SeriesPoints[]; truncated: boolean };
  /** In the order they first appeared. */
  tags(): string[];
}

interface SeriesRow {
  readonly id: number;
  readonly tag: string;
  readonly last_step: number;
}

export function openSeriesReader(path: string, db: Database): SeriesReader {
  const byTag = db.prepare<[string], SeriesRow>('SELECT id, tag, last_step FROM series WHERE tag = ?');
  const all = db.prepare<[], SeriesRow>('SELECT id, tag, last_step FROM series ORDER BY id');
  const source = openSource(path, db);

  function* allPoints(tag: string): Generator<SeriesPoints> {
    const one = byTag.get(tag);
    if (one === undefined) return;
    // What is there now; what a living writer adds meanwhile comes with the next call.
    let after = -1;
    while (after < one.last_step) {
      const block = source.nextBlock(one.id, after);
      if (block === null) return;
      yield columns(tag, [cut(block, after + 1, one.last_step)]);
      after = stepAt(block, block.count - 1);
    }
  }

  return {
    series(tag, { from = -Infinity, to = Infinity }, maxPoints) {
      const one = byTag.get(tag);
      return one === undefined ? columns(tag, []) : read(source, one, from, to, maxPoints);
    },
    allPoints,
    newPoints(afterStep, limit) {
      let truncated = false;
      const points = all
        .all()
        .filter((one) => one.last_step > afterStep)
        .map((one) => {
          const { slices, more } = readAfter(source, one.id, afterStep, limit);
          truncated ||= more;
          return columns(one.tag, slices);
        });
      return { points, truncated };
    },
    tags: () => all.all().map((one) => one.tag),
  };
}

function read(source: Source, { id, tag }: SeriesRow, from: number, to: number, maxPoints: number): Series {
  const spans = source.spans(id, from, to);
  if (spans.reduce((sum, span) => sum + countOf(span), 0) <= maxPoints) {
    const slices = spans.flatMap((span) =>
      span.kind === 'points' ? span.slice : source.blocks(id, span.header.startStep, span.header.lastStep).map(whole),
    );
    return columns(tag, slices);
  }
  const [first, last] = [firstStep(spans[0]!), lastStep(spans[spans.length - 1]!)];
  const width = Math.ceil((last - first + 1) / maxPoints);
  const buckets = makeBuckets(first, last, width);
  const fill = (span: Span): void => {
    if (span.kind === 'points') return buckets.addPoints(span.slice.block, span.slice.begin, span.slice.end);
    const { startStep, lastStep, count } = span.header;
    if (buckets.of(startStep) === buckets.of(lastStep)) return buckets.addHeader(span.header);
    if (span.kind === 'block') return buckets.addPoints(source.block(id, startStep), 0, count);
    // Where buckets are so narrow that most blocks are cut, one statement for 16 is quicker than 16.
    const blockWidth = ((lastStep - startStep + 1) / count) * BLOCK_POINTS;
    if (2 * blockWidth < width) source.headersOf(span).forEach((header) => fill({ kind: 'block', header }));
    else for (const block of source.blocks(id, startStep, lastStep)) buckets.addPoints(block, 0, block.count);
  };
  spans.forEach(fill);
  return buckets.finish(tag);
}

/** The first `limit` points after a step, and whether there are more. */
function readAfter(
  source: Source,
  series: number,
  afterStep: number,
  limit: number,
): { slices: Slice[]; more: boolean } {
  const slices: Slice[] = [];
  let [left, after] = [limit, afterStep];
  for (;;) {
    const block = source.nextBlock(series, after);
    if (block === null) return { slices, more: false };
    if (left === 0) return { slices, more: true };
    const { begin, end } = cut(block, after + 1, Infinity);
    slices.push({ block, begin, end: Math.min(end, begin + left) });
    if (end - begin > left) return { slices, more: true };
    left -= end - begin;
    after = stepAt(block, block.count - 1);
  }
}

function countOf(span: Span): number {
  return span.kind === 'points' ? span.slice.end - span.slice.begin : span.header.count;
}

function firstStep(span: Span): number {
  return span.kind === 'points' ? stepAt(span.slice.block, span.slice.begin) : span.header.startStep;
}

function lastStep(span: Span): number {
  return span.kind === 'points' ? stepAt(span.slice.block, span.slice.end - 1) : span.header.lastStep;
}

function whole(block: RawBlock): Slice {
  return { block, begin: 0, end: block.count };
}

function columns(tag: string, slices: readonly Slice[]): SeriesPoints {
  const count = slices.reduce((sum, { begin, end }) => sum + end - begin, 0);
  const steps = new Float64Array(count);
  const values = new Float32Array(count);
  const wallMs = new Float64Array(count);
  let at = 0;
  for (const { block, begin, end } of slices) {
    values.set(block.values.subarray(begin, end), at);
    for (let k = begin; k < end; k++, at++) {
      steps[at] = stepAt(block, k);
      wallMs[at] = wallAt(block, k);
    }
  }
  return { kind: 'points', tag, steps, values, wallMs };
}
