import { expect, test } from 'vitest';
import { UserError, type Imported } from '../../../src/shared/contract.ts';
import { FolderImport } from '../../../src/renderer/state/folder-import.svelte.ts';

const imported: Imported = { data: 'folder-mine', images: 3, unreadable: [] };
const broken = { path: 'a.png', reason: 'not an image' };

test('what cannot be read is told and asked about, and another try forgets it', async () => {
  const work = new FolderImport();
  expect(await work.run(() => Promise.resolve({ data: null, images: 0, unreadable: [broken] }))).toBeNull();
  expect([work.unreadable, work.problem, work.isRunning]).toEqual([[broken], '', false]);

  const again = work.run(() => Promise.resolve(imported));
  expect([work.unreadable, work.isRunning]).toEqual([[], true]);
  expect(await again).toEqual(imported);
  expect(work.isRunning).toBe(false);
});

test('a refusal is kept in its own words', async () => {
  const work = new FolderImport();
  expect(await work.run(() => Promise.reject(new UserError('folder: there is no /nowhere')))).toBeNull();
  expect([work.problem, work.unreadable, work.isRunning]).toEqual(['folder: there is no /nowhere', [], false]);
});
