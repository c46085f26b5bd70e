// All distributions of a long run, read from a real run file as the window reads them, and the CSV made of them.

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { createRun } from '../../../src/main/store/create.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { histogramCsv } from '../../../src/renderer/charts/histogram-table.ts';
import { readWholeHistograms } from '../../../src/renderer/state/whole-histograms.ts';
import type { Call } from '../../../src/shared/messages.ts';
import { HISTOGRAM_BUCKETS } from '../../../src/shared/series.ts';
import { machine } from '../../main/store/sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from '../../main/store/sample-run.ts';

const TAG = 'hist/z';
let writer: RunWriter;
let reader: RunReader;
let asked: number;

beforeEach(() => {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  writer = openRunWriter(folder);
  writer.start(machine);
  reader = openRunReader(folder);
  asked = 0;
});
afterEach(() => {
  reader.close();
  writer.close();
});

interface Question {
  readonly tag: string;
  readonly from: number;
  readonly to: number;
  readonly maxRows: number;
}
const call = (async (_name: string, { tag, from, to, maxRows }: Question) => {
  asked++;
  return reader.histograms(tag, { from, to }, maxRows);
}) as unknown as Call;

function write(step: number, min: number, max: number, nonFinite: number, ...counts: number[]): void {
  const all = Uint32Array.from({ length: HISTOGRAM_BUCKETS }, (_, at) => counts[at] ?? 0);
  writer.histograms(step, new Map([[TAG, { min, max, nonFinite, counts: all }]]));
}

/** Rows of the CSV, without the header. */
async function readCsv(lastStep: number, signal = new AbortController().signal): Promise<string[]> {
  const shares: number[] = [];
  const pieces = await readWholeHistograms(call, { runId: ID, tag: TAG, lastStep }, signal, (share) =>
    shares.push(share),
  );
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  expect(shares.at(-1)).toBe(1);
  const [header, ...lines] = histogramCsv(pieces).trimEnd().split('\n');
  expect(header).toBe('step,bin_low,bin_high,count');
  return lines;
}

describe('the distributions of a run as CSV', () => {
  it('have a line for each part of each step, with the counts as recorded', async () => {
    write(0, -1.5, 1.5, 0, 3, 0, 16_000_001);
    const lines = await readCsv(10);
    expect(lines).toHaveLength(HISTOGRAM_BUCKETS);
    expect(lines.slice(0, 4)).toEqual(['0,-1.5,-1.4,3', '0,-1.4,-1.3,0', '0,-1.3,-1.2,16000001', '0,-1.2,-1.1,0']);
    expect(lines.at(-1)).toBe('0,1.4,1.5,0');
  });

  it('have one line for values that are all the same, and one for what is not finite', async () => {
    write(1, 0.25, 0.25, 0, 64);
    write(2, NaN, NaN, 64);
    write(3, 7, 7, 2, 62);
    expect(await readCsv(3)).toEqual(['1,0.25,0.25,64', '2,NaN,NaN,64', '3,7,7,62', '3,NaN,NaN,2']);
  });

  it('of thousands of steps are all there, none added up with another, in few calls', async () => {
    // Dense at first, then sparse: no even cut of the steps fits both.
    const steps = [
      ...Array.from({ length: 1500 }, (_, at) => at + 1),
      ...Array.from({ length: 900 }, (_, at) => 2000 + at * 1000),
    ];
    for (const step of steps) write(step, 3, 3, 0, step);
    expect(await readCsv(steps.at(-1)!)).toEqual(steps.map((step) => `${step},3,3,${step}`));
    expect(asked).toBeLessThan(40);
  });

  it('are no longer read once the user has ended it', async () => {
    write(1, 0, 1, 0, 1);
    const abort = new AbortController();
    abort.abort();
    await expect(readCsv(1, abort.signal)).rejects.toThrow('aborted');
    expect(asked).toBe(1);
  });
});
