// A fork holds the checkpoint it starts from as soon as it is made: nothing that its parent does later takes it away.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { temporaryFolder, sampleRecord } from '../store/sample-run.ts';
import { finishRun } from './sample-library.ts';

const FILE = 'checkpoints/step-00000001.safetensors';
let library: Library;
let parent: RunId;

beforeEach(() => {
  library = openLibrary(temporaryFolder());
  parent = finishRun(library, 'parent');
  const folder = library.runFolder(parent);
  mkdirSync(join(folder, 'checkpoints'));
  writeFileSync(join(folder, FILE), 'weights');
  const writer = openRunWriter(folder);
  writer.checkpoint({
    ...{ step: 1, file: FILE, bytes: 7, sha256: '00', wallMs: 1, reason: 'every 1 steps' },
    ...{ starred: false, measures: {} },
  });
  writer.close();
});
afterEach(() => library.close());

const fork = (step: number) => {
  const { spec, networks, referenceLines } = sampleRecord();
  return library.create({
    ...{ name: 'fork', networks, referenceLines },
    spec: { ...spec, parent: { runId: parent, step } },
  });
};

it('keeps it when the parent removes its own, and when the parent is deleted', () => {
  const { folder } = fork(1);
  const parentFolder = library.runFolder(parent);
  const writer = openRunWriter(parentFolder);
  writer.dropCheckpoint(1);
  rmSync(join(parentFolder, FILE));
  writer.close();
  library.remove(parent);
  library.emptyTrash();
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe('weights');
});

it.each([
  ['has removed the row', () => dropRow()],
  ['has removed the file', () => rmSync(join(library.runFolder(parent), FILE))],
])('is not made, and leaves nothing behind, when its parent %s by then', (_what, remove) => {
  remove();
  expect(() => fork(1)).toThrow(UserError);
  expect(() => fork(1)).toThrow(/The checkpoint of step 1 is no longer there: .* Fork from a newer one\./);
  expect(readdirSync(library.folder).filter((name) => /^\d{8}-/.test(name))).toEqual([parent]);
});

function dropRow(): void {
  const writer = openRunWriter(library.runFolder(parent));
  writer.dropCheckpoint(1);
  writer.close();
}
