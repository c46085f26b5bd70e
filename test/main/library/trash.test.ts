// Deleting a run can be undone for a while, and then the space is back.

import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { temporaryFolder } from '../store/sample-run.ts';
import { finishRun } from './sample-library.ts';

let library: Library;
beforeEach(() => (library = openLibrary(temporaryFolder())));
afterEach(() => {
  library.close();
  vi.useRealTimers();
});

const inTrash = (): string[] => {
  const folder = join(library.folder, '.trash');
  return existsSync(folder) ? readdirSync(folder) : [];
};

it('brings a deleted run back as it was', () => {
  const id = finishRun(library, 'back again');
  const before = library.reader(id).detail();
  library.remove(id);
  expect(library.list()).toEqual([]);
  expect(library.size()).toEqual({ runs: 0, bytes: 0 });
  library.restore(id);
  expect(library.reader(id).detail()).toEqual(before);
  expect(inTrash()).toEqual([]);
});

it('gives the space back at once when asked, and then nothing can be brought back', () => {
  const id = finishRun(library, 'gone');
  library.remove(id);
  expect(inTrash()).toHaveLength(1);
  library.emptyTrash();
  expect(inTrash()).toEqual([]);
  expect(() => library.restore(id)).toThrow(UserError);
  expect(() => library.restore(id)).toThrow(`Run ${id} cannot be brought back: it is no longer in the trash`);
});

it('gives the space back by itself after ten minutes, not before', () => {
  library.close();
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 21) });
  library = openLibrary(library.folder);
  library.remove(finishRun(library, 'gone'));
  vi.advanceTimersByTime(9 * 60_000);
  expect(inTrash()).toHaveLength(1);
  vi.advanceTimersByTime(2 * 60_000);
  expect(inTrash()).toEqual([]);
});

it.each([
  ['later', 11 * 60_000, 0],
  ['within ten minutes', 5 * 60_000, 1],
  ['with a clock that was set back by a day', -86_400_000, 0],
])('gives the space back when the library is opened %s', (_, afterMs, left) => {
  const id = finishRun(library, 'gone');
  library.remove(id);
  library.close();
  const deletedMs = Number(inTrash()[0]!.split(' ')[1]);
  const folder = join(library.folder, '.trash');
  renameSync(join(folder, inTrash()[0]!), join(folder, `${id} ${deletedMs - afterMs}`));
  library = openLibrary(library.folder);
  expect(inTrash()).toHaveLength(left);
});

it('does not bring a run back over another one', () => {
  const id = finishRun(library, 'twin');
  library.remove(id);
  mkdirSync(join(library.folder, id));
  expect(() => library.restore(id)).toThrow(`there is another one at ${join(library.folder, id)}`);
  expect(inTrash()).toHaveLength(1);
});

it('brings back the one that was deleted last, and refuses ids that never were', () => {
  const id = finishRun(library, 'first');
  library.remove(id);
  const other = finishRun(library, 'second');
  renameSync(join(library.folder, other), join(library.folder, id));
  library.remove(id);
  library.restore(id);
  expect(library.list().map(({ name }) => name)).toEqual(['second']);
  expect(() => library.restore('../../etc' as RunId)).toThrow(UserError);
});

it('counts every run and all its bytes', () => {
  for (const name of ['one', 'two']) finishRun(library, name);
  const { runs, bytes } = library.size();
  expect(runs).toBe(2);
  expect(bytes).toBe(library.list().reduce((sum, run) => sum + run.sizeBytes, 0));
  expect(bytes).toBeGreaterThan(200_000);
});
