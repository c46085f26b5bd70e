// What a series answers, against the same question asked of plain lists of everything that was ever logged.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Series, SeriesBuckets, StepRange } from '../../../src/shared/series.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

afterEach(() => void vi.useRealTimers());

interface Point {
  readonly step: number;
  readonly value: number;
}

/** mulberry32: the same cases at every run of the tests. */
function numbersFrom(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below;
  };
}

/**
 * The definition, written as plainly as can be: points when they fit, else buckets of equal numbers of steps. Where
 * there are 16 or more points for each bucket, each 16 points of the series (or 256, 4,096 ...) go together into the
 * bucket of the last of them that is in the range.
 */
function expected(points: readonly Point[], { from = -Infinity, to = Infinity }: StepRange, maxPoints: number): object {
  const inside = points.filter(({ step }) => step >= from && step <= to);
  if (inside.length <= maxPoints) {
    return { kind: 'points', steps: inside.map(({ step }) => step), values: inside.map(({ value }) => value) };
  }
  const [first, last] = [inside[0]!.step, inside[inside.length - 1]!.step];
  const width = Math.ceil((last - first + 1) / maxPoints);
  let chunk = 1;
  while (inside.length >= maxPoints * chunk * 16) chunk *= 16;
  const begin = points.findIndex(({ step }) => step === first);
  const chunkOf = (k: number): number => Math.floor((begin + k) / chunk);
  const lastOf = new Map(inside.map(({ step }, k) => [chunkOf(k), step]));
  const all = inside.map((point, k) => ({ ...point, at: Math.floor((lastOf.get(chunkOf(k))! - first) / width) }));
  const groups = Map.groupBy(all, ({ at }) => at);
  const buckets = [...groups.values()].map((group) => {
    const finite = group.map(({ value }) => value).filter(Number.isFinite);
    return {
      step: group[group.length - 1]!.step,
      last: group[group.length - 1]!.value,
      min: finite.length > 0 ? finite.reduce((one, other) => Math.min(one, other)) : NaN,
      max: finite.length > 0 ? finite.reduce((one, other) => Math.max(one, other)) : NaN,
      count: group.length,
      nonFinite: group.length - finite.length,
    };
  });
  return {
    kind: 'buckets',
    steps: buckets.map(({ step }) => step),
    min: buckets.map(({ min }) => min),
    max: buckets.map(({ max }) => max),
    last: buckets.map(({ last }) => last),
    count: buckets.map(({ count }) => count),
    nonFinite: buckets.map(({ nonFinite }) => nonFinite),
  };
}

function plain(series: Series): object {
  const { tag: _, wallMs, ...columns } = series;
  expect(wallMs.length).toBe(series.steps.length);
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, typeof column === 'string' ? column : [...column]]),
  );
}

function newRun(): { folder: string; writer: RunWriter; reader: RunReader } {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  return { folder, writer: openRunWriter(folder), reader: openRunReader(folder) };
}

const TAGS = ['steady', 'every 7th', 'uneven', 'late'];

/** Steps of one tag, of a kind that its name tells. */
function nextStep(tag: string, step: number, random: (below: number) => number): number {
  if (tag === 'steady') return step + 1;
  if (tag === 'every 7th') return step + 7;
  if (tag === 'late') return step < 0 ? 5000 : step + (random(1000) < 1 ? 3000 : 2);
  return step + 1 + Math.floor(random(random(10) < 1 ? 400 : 5));
}

function nextValue(random: (below: number) => number): number {
  const dice = random(100);
  if (dice < 1) return NaN;
  if (dice < 2) return random(2) < 1 ? Infinity : -Infinity;
  return Math.fround(random(2) - 0.5 + (dice < 3 ? 1000 : 0));
}

describe.each([1, 2, 3, 4])('any question about random series, case %i', (seed) => {
  it('is answered like the plain lists answer it, while the run is written and afterwards', () => {
    const random = numbersFrom(seed);
    const { folder, ...opened } = newRun();
    let { writer } = opened;
    const { reader } = opened;
    const logged = new Map(TAGS.map((tag) => [tag, [] as Point[]]));
    for (let round = 0; round < 12; round++) {
      const amount = Math.floor(random(round % 3 === 0 ? 300 : 7000));
      for (const [tag, points] of logged) {
        for (let k = 0; k < amount; k++) {
          const point = { step: nextStep(tag, points.at(-1)?.step ?? -1, random), value: nextValue(random) };
          writer.scalar(tag, point.step, point.value);
          points.push(point);
        }
      }
      writer.progress(round, null, true);
      if (random(4) < 1) {
        writer.close();
        writer = openRunWriter(folder);
      }
      for (const [tag, points] of logged) checkAnswers(reader, tag, points, random);
      checkNews(reader, logged, random);
    }
    writer.close();
    const again = openRunReader(folder);
    for (const [tag, points] of logged) {
      checkAnswers(again, tag, points, random);
      const all = [...again.allPoints(tag)];
      expect(all.flatMap(({ steps }) => [...steps])).toEqual(points.map(({ step }) => step));
      expect(all.flatMap(({ values }) => [...values])).toEqual(points.map(({ value }) => value));
    }
    reader.close();
    again.close();
  });
});

function checkAnswers(reader: RunReader, tag: string, points: Point[], random: (below: number) => number): void {
  const last = points.at(-1)?.step ?? 0;
  const anyStep = (): number => Math.floor(random(last + 20) - 10);
  const ranges: StepRange[] = [{}, { from: anyStep() }, { to: anyStep() }];
  for (let k = 0; k < 5; k++) {
    const from = anyStep();
    ranges.push({ from, to: from + Math.floor(random(random(2) < 1 ? 3000 : last + 1)) });
  }
  for (const range of ranges) {
    const maxPoints = 2 + Math.floor(random(random(2) < 1 ? 30 : 3000));
    const answer = reader.series(tag, range, maxPoints);
    expect(plain(answer)).toEqual(expected(points, range, maxPoints));
    expect(answer.steps.length).toBeLessThanOrEqual(maxPoints);
    expect(reader.series(tag, range, maxPoints)).toEqual(answer);
  }
}

function checkNews(reader: RunReader, logged: Map<string, Point[]>, random: (below: number) => number): void {
  const last = logged.get('steady')!.at(-1)?.step ?? 0;
  const after = Math.floor(random(last + 3)) - 1;
  const limit = 1 + Math.floor(random(4000));
  const { points, truncated } = reader.newPoints(after, limit);
  const news = [...logged]
    .map(([tag, all]) => ({ tag, all: all.filter(({ step }) => step > after) }))
    .filter(({ all }) => all.length > 0);
  expect(truncated).toBe(news.some(({ all }) => all.length > limit));
  expect(points.map(({ tag, steps, values }) => ({ tag, steps: [...steps], values: [...values] }))).toEqual(
    news.map(({ tag, all }) => ({
      tag,
      steps: all.slice(0, limit).map(({ step }) => step),
      values: all.slice(0, limit).map(({ value }) => value),
    })),
  );
}

describe('one spike and one NaN in a million points', () => {
  it('are seen at every zoom that holds them, and the overview reads the same as all points', () => {
    const { writer, reader } = newRun();
    const count = 1_000_000;
    const points: Point[] = [];
    const [spike, hole] = [423_777, 791_234];
    for (let step = 0; step < count; step++) {
      const value = step === spike ? 1e6 : step === hole ? NaN : Math.fround(Math.sin(step / 5000));
      writer.scalar('loss/d', step, value);
      points.push({ step, value });
      if (step % 250 === 0) writer.progress(step, null);
    }
    writer.progress(count, null, true);
    const random = numbersFrom(9);
    for (let k = 0; k < 60; k++) {
      const from = k === 0 ? 0 : Math.floor(random(spike));
      const to = k === 0 ? count : hole + Math.floor(random(count - hole));
      const maxPoints = 2 + Math.floor(random(2000));
      const answer = reader.series('loss/d', { from, to }, maxPoints) as SeriesBuckets;
      expect(answer.steps.length).toBeLessThanOrEqual(maxPoints);
      if (k < 3) expect(plain(answer)).toEqual(expected(points, { from, to }, maxPoints));
      expect(answer.max.filter((value) => value === 1e6)).toHaveLength(1);
      expect(answer.nonFinite.reduce((sum, one) => sum + one, 0)).toBe(1);
      expect(answer.count.reduce((sum, one) => sum + one, 0)).toBe(Math.min(to, count - 1) - from + 1);
    }
    writer.close();
    reader.close();
  });
});

describe('the overview of an even series', () => {
  it('has rows of its two long levels that lie in one page of the file each', () => {
    const { folder, writer } = newRun();
    for (let step = 0; step < 150_000; step++) writer.scalar('loss/d', step, Math.fround(Math.sin(step)));
    writer.close();
    const db = new Database(join(folder, 'run.sqlite'), { readonly: true });
    const sizes = db.prepare('SELECT level, count(*) AS rows, max(length(walls) + length(data)) AS bytes FROM levels GROUP BY level').all(); // prettier-ignore
    // 4,061 bytes of a row lie in a page of 4,096 (sqlite.org/fileformat2.html, section 1.6); all numbers take under 80.
    expect(sizes).toEqual([
      { level: 1, rows: 36, bytes: 3104 },
      { level: 2, rows: 2, bytes: 3584 },
    ]);
    db.close();
  });
});

describe('wall times', () => {
  it('are those of the points where the clock ran evenly, in points and in buckets', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const { writer, reader } = newRun();
    const times: number[] = [];
    for (let step = 0; step < 2500; step++) {
      vi.setSystemTime(1_800_000_000_000 + 20 * step);
      writer.scalar('loss/d', step, 1);
      times.push(Date.now());
    }
    writer.progress(2500, null, true);
    const round = (column: Float64Array): number[] => [...column].map(Math.round);
    const points = reader.series('loss/d', {}, 2500);
    expect(round(points.wallMs)).toEqual(times);
    const buckets = reader.series('loss/d', {}, 100);
    expect(round(buckets.wallMs)).toEqual([...buckets.steps].map((step) => times[step]));
    writer.close();
    reader.close();
  });

  it('never run backwards when the clock is set back', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
    const { writer, reader } = newRun();
    for (let step = 0; step < 100; step++) {
      if (step === 50) vi.setSystemTime(1_700_000_000_000);
      writer.scalar('loss/d', step, 1);
    }
    writer.progress(100, null, true);
    const { wallMs } = reader.series('loss/d', {}, 100);
    expect([...wallMs].every((time, k) => k === 0 || time >= wallMs[k - 1]!)).toBe(true);
    writer.close();
    reader.close();
  });
});

describe('steps', () => {
  it('beyond 32 bits come back exactly, even and uneven', () => {
    const { writer, reader } = newRun();
    const steps = [2 ** 40, 2 ** 40 + 1, 2 ** 40 + 2, 2 ** 50];
    for (const step of steps) writer.scalar('far', step, 0);
    for (const step of steps.slice(0, 3)) writer.scalar('even', step, 0);
    writer.progress(1, null, true);
    expect([...reader.series('far', {}, 10).steps]).toEqual(steps);
    expect([...reader.series('even', {}, 10).steps]).toEqual(steps.slice(0, 3));
    writer.close();
    reader.close();
  });
});
