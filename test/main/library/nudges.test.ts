// The system's word of writes, with real folders and a real run file.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openNudges } from '../../../src/main/library/nudges.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine } from '../store/sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from '../store/sample-run.ts';

it('tells of a commit to a run that is followed, and of none when it is not', async () => {
  const home = temporaryFolder();
  createRun(join(home, ID), sampleRecord());
  const writer = openRunWriter(join(home, ID));
  writer.start(machine);
  const commit = (step: number): void => {
    writer.scalar('loss/d', step, 0.5);
    writer.progress(step, 100, true);
  };
  let [told, othersTold] = [0, 0];
  const folderOf = (id: string): string => join(home, id);
  const nudges = openNudges(folderOf, () => (told += 1));
  const other = openNudges(folderOf, () => (othersTold += 1));

  nudges.follow([ID]);
  commit(1);
  await vi.waitFor(() => expect(told).toBeGreaterThan(0));

  nudges.follow([]);
  const before = told;
  other.follow([ID]);
  commit(2);
  await vi.waitFor(() => expect(othersTold).toBeGreaterThan(0));
  expect(told).toBe(before);
  other.close();
  writer.close();
});

it('does without a word where a run is gone, before it is followed or meanwhile', async () => {
  const home = temporaryFolder();
  let told = 0;
  const nudges = openNudges(
    (id) => join(home, id),
    () => (told += 1),
  );
  expect(() => nudges.follow([ID])).not.toThrow();
  nudges.follow([]);
  mkdirSync(join(home, ID));
  nudges.follow([ID]);
  writeFileSync(join(home, ID, 'run.sqlite'), '');
  await vi.waitFor(() => expect(told).toBeGreaterThan(0));
  rmSync(join(home, ID), { recursive: true });
  expect(() => nudges.close()).not.toThrow();
});
