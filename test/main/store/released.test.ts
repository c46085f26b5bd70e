// A run file of every released version is opened, read and gone on with as it is: fixtures/run-vN, see released-run.ts.

import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { NAN_AT, SPIKE_AT, STEPS, valueAt } from './released-run.ts';
import { machine } from './sample-images.ts';
import { ID, temporaryFolder } from './sample-run.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

function copyOf(version: string): string {
  const folder = join(temporaryFolder(), ID);
  cpSync(join(fixtures, version), folder, { recursive: true });
  return folder;
}

describe.each(readdirSync(fixtures).filter((name) => name.startsWith('run-v')))('a file of %s', (version) => {
  it('is read, to the last bit of every point', () => {
    const reader = openRunReader(copyOf(version));
    const points = [...reader.allPoints('loss/d')].flatMap(({ values }) => [...values]);
    expect(points).toEqual(Array.from({ length: STEPS }, (_, at) => valueAt(at + 1)));
    const zoomedOut = reader.series('loss/d', {}, 200);
    if (zoomedOut.kind !== 'buckets') throw new TypeError('expected buckets');
    expect(Math.max(...zoomedOut.max)).toBe(valueAt(SPIKE_AT));
    expect(zoomedOut.nonFinite.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(reader.summary()).toMatchObject({ name: 'first try', starred: true, tags: ['baseline', '大'], step: STEPS });
    expect(reader.detail().events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['started', 'alert', 'finished']),
    );
    expect(reader.verdicts()).toMatchObject([{ rule: 'mode-collapse', since: 1900, settings: { a: 1 } }]);
    expect(reader.images('samples').map(({ step }) => step)).toEqual([1000, 2000, 3000, 4000, 5000]);
    expect(reader.histograms('hist/z', {}, 500).steps.length).toBe(STEPS / 500);
    reader.close();
  });

  it('is taken back to a step and gone on with', () => {
    const folder = copyOf(version);
    const writer = openRunWriter(folder);
    writer.rollback(NAN_AT);
    writer.start(machine);
    writer.scalar('loss/d', NAN_AT + 1, 7);
    writer.phase('finished', NAN_AT + 1);
    writer.close();
    const reader = openRunReader(folder);
    const points = [...reader.allPoints('loss/d')].flatMap(({ values }) => [...values]);
    expect(points.slice(-2)).toEqual([Number.NaN, 7]);
    expect(points.length).toBe(NAN_AT + 1);
    reader.close();
  });
});
