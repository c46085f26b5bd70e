// The user's own words and wishes about a run: kept in its file, said while it trains or afterwards.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { thinImages } from '../../../src/main/store/thin.ts';
import { setWords } from '../../../src/main/store/words.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { sampleImage } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

function newRun(): string {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  return folder;
}

it('are told by the run, and each stays until it is said anew', () => {
  const folder = newRun();
  const reader = openRunReader(folder);
  const words = () => {
    const { summary, notes } = reader.detail();
    return [summary.name, summary.tags, summary.starred, summary.archived, notes];
  };
  expect(words()).toEqual(['first try', [], false, false, '']);
  setWords(folder, { tags: ['Größe', '大'], notes: 'two\nlines', starred: true });
  expect(words()).toEqual(['first try', ['Größe', '大'], true, false, 'two\nlines']);
  setWords(folder, { archived: true, starred: false, tags: [] });
  setWords(folder, {});
  expect(words()).toEqual(['first try', [], false, true, 'two\nlines']);
  reader.close();
});

it('names the run that a fork came from', () => {
  const folder = join(temporaryFolder(), ID);
  const { spec } = sampleRecord();
  const parent = { runId: '20260101-000000-aaaa' as RunId, step: 500 };
  createRun(folder, sampleRecord({ spec: { ...spec, parent } }));
  const reader = openRunReader(folder);
  expect(reader.summary().parent).toEqual(parent);
  reader.close();
});

it('thins the images before a step to every n-th of each tag, and gives the space back', () => {
  const folder = newRun();
  const writer = openRunWriter(folder);
  for (let step = 0; step < 100; step++) {
    for (const tag of ['samples', 'real']) writer.image(sampleImage(step, tag, new Uint8Array(50_000).fill(step)));
  }
  expect(() => thinImages(folder, { olderThanStep: 60, every: 10 })).toThrow(/already being written by process/);
  writer.phase('stopped', 100);
  writer.close();
  const reader = openRunReader(folder);
  const [size, cursor] = [statSync(join(folder, 'images.sqlite')).size, reader.cursor()];
  expect(thinImages(folder, { olderThanStep: 60, every: 10 })).toEqual({ images: 108, bytes: 108 * 50_000 });
  expect(statSync(join(folder, 'images.sqlite')).size).toBeLessThan(size - 100 * 50_000);
  for (const tag of ['samples', 'real']) {
    const left = reader.images(tag);
    expect(left.map(({ step }) => step)).toEqual([
      ...[0, 10, 20, 30, 40, 50],
      ...Array.from({ length: 40 }, (_, k) => 60 + k),
    ]);
    expect(left.every(({ id, step }) => reader.imageBytes(id)!.png[0] === step)).toBe(true);
  }
  expect(reader.cursor()).toBe(cursor + 1);
  expect(reader.newEvents(cursor)).toMatchObject([
    { kind: 'note', message: expect.stringContaining('108 were removed') },
  ]);
  expect(thinImages(folder, { olderThanStep: 1, every: 10 })).toEqual({ images: 0, bytes: 0 });
  expect(() => thinImages(folder, { olderThanStep: 60, every: 1 })).toThrow(UserError);
  reader.close();
});
