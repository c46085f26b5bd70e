// Distributions in a real run file: what is written is read back, neighbours that share a row add up, and nothing of a
// step that was taken back is left.

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HISTOGRAM_BUCKETS, type Histogram } from '../../../src/shared/series.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const TAG = 'hist/d_real_logit';
let writer: RunWriter;
let reader: RunReader;

beforeEach(() => {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  writer = openRunWriter(folder);
  writer.start(machine);
  reader = openRunReader(folder);
});
afterEach(() => {
  reader.close();
  writer.close();
});

function counts(parts: Readonly<Record<number, number>>): Uint32Array {
  return Uint32Array.from({ length: HISTOGRAM_BUCKETS }, (_, at) => parts[at] ?? 0);
}
const write = (step: number, histogram: Histogram, tag = TAG) => writer.histograms(step, new Map([[tag, histogram]]));

describe('a distribution', () => {
  it('is read as it was written, counts of any size', () => {
    const sizes = { 0: 1, 1: 127, 2: 128, 3: 16_383, 4: 16_384, 29: 4_000_000 };
    write(50, { min: -1.5, max: 2.25, nonFinite: 3, counts: counts(sizes) });
    write(50, { min: 0, max: 0, nonFinite: 0, counts: counts({ 0: 64 }) }, 'hist/z');
    const read = reader.histograms(TAG, {}, 500);
    expect(read).toEqual({
      tag: TAG,
      steps: Float64Array.of(50),
      min: Float32Array.of(-1.5),
      max: Float32Array.of(2.25),
      nonFinite: Uint32Array.of(3),
      merged: Uint32Array.of(1),
      counts: Float32Array.from(counts(sizes)),
    });
    expect(reader.histograms('hist/z', {}, 500).counts[0]).toBe(64);
    expect(reader.histograms('unknown', {}, 500).steps.length).toBe(0);
    expect(reader.histogramTags()).toEqual([
      { tag: TAG, lastStep: 50 },
      { tag: 'hist/z', lastStep: 50 },
    ]);
  });

  it('without a finite value has no range', () => {
    write(1, { min: NaN, max: NaN, nonFinite: 64, counts: counts({}) });
    const read = reader.histograms(TAG, {}, 10);
    expect([read.min[0], read.max[0], read.nonFinite[0]]).toEqual([NaN, NaN, 64]);
  });

  it('of a step is the last one written', () => {
    write(1, { min: 0, max: 1, nonFinite: 0, counts: counts({ 0: 5 }) });
    write(1, { min: 0, max: 1, nonFinite: 0, counts: counts({ 0: 7 }) });
    expect([...reader.histograms(TAG, {}, 10).counts.subarray(0, 2)]).toEqual([7, 0]);
  });
});

describe('a long run', () => {
  beforeEach(() => {
    // The lower half of the steps lies in [0, 1], the upper in [1, 2], 30 values in each part.
    const full = Uint32Array.from({ length: HISTOGRAM_BUCKETS }, () => 30);
    for (let step = 10; step <= 4000; step += 10) {
      const low = step <= 2000 ? 0 : 1;
      write(step, { min: low, max: low + 1, nonFinite: step === 3990 ? 2 : 0, counts: full });
    }
  });

  it('is cut to the rows that were asked for, and no value is lost where neighbours add up', () => {
    const read = reader.histograms(TAG, {}, 100);
    expect(read.steps.length).toBe(100);
    expect(read.steps.at(-1)).toBe(4000);
    expect([...read.merged]).toEqual(Array.from({ length: 100 }, () => 4));
    expect(read.counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(400 * 900, 0);
    expect(read.nonFinite.at(-1)).toBe(2);
    expect([read.min[0], read.max[0], read.min.at(-1), read.max.at(-1)]).toEqual([0, 1, 1, 2]);
  });

  it('one row of two neighbouring ranges spans both, evenly filled', () => {
    const read = reader.histograms(TAG, { from: 1990, to: 2020 }, 1);
    expect([...read.min, ...read.max, ...read.steps]).toEqual([0, 2, 2020]);
    for (const count of read.counts) expect(count).toBeCloseTo((4 * 900) / HISTOGRAM_BUCKETS, 1);
  });

  it('is read from a step to a step, ends included', () => {
    expect([...reader.histograms(TAG, { from: 30, to: 60 }, 500).steps]).toEqual([30, 40, 50, 60]);
  });

  it('that is taken back holds what came before and can go on', () => {
    writer.progress(4000, null, true);
    writer.rollback(2005);
    expect(reader.histogramTags()).toEqual([{ tag: TAG, lastStep: 2000 }]);
    write(2010, { min: 0, max: 1, nonFinite: 0, counts: counts({ 0: 1 }) });
    expect(reader.histogramTags()).toEqual([{ tag: TAG, lastStep: 2010 }]);
  });
});

describe('verdicts', () => {
  const verdict = {
    rule: 'd-too-strong',
    since: 300,
    over: null,
    message: 'D is too strong.',
    remedy: 'Lower its rate.',
    settings: { discriminatorLearningRate: 0.0001 },
  };

  it('begin and end, each with an event, and are taken back with their step', () => {
    writer.alert(300, verdict);
    writer.progress(400, null, true);
    expect(reader.detail().health).toEqual([verdict]);
    writer.relieve(500, verdict);
    writer.alert(600, { ...verdict, since: 600 });
    expect(reader.verdicts()).toEqual([
      { ...verdict, over: 500 },
      { ...verdict, since: 600 },
    ]);
    expect(reader.newEvents(-1).slice(-3)).toMatchObject([
      { kind: 'alert', step: 300, message: 'D is too strong. Lower its rate.' },
      { kind: 'note', step: 500, message: 'Over: D is too strong.' },
      { kind: 'alert', step: 600 },
    ]);
    writer.progress(700, null, true);
    writer.rollback(450);
    expect(reader.verdicts()).toEqual([verdict]);
  });
});
