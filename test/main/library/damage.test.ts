// Whatever happened to one run, the library shows it with a sentence, and every other run as ever.

import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { temporaryFolder } from '../store/sample-run.ts';
import { finishRun } from './sample-library.ts';

let library: Library;
beforeEach(() => (library = openLibrary(temporaryFolder())));
afterEach(() => library.close());

function sql(file: string, text: string): void {
  const db = new Database(file);
  db.exec(text);
  db.close();
}

const damages: Readonly<Record<string, (folder: string) => void>> = {
  'cut short': (folder) => truncateSync(join(folder, 'run.sqlite'), 9000),
  'cut inside the header': (folder) => truncateSync(join(folder, 'run.sqlite'), 50),
  empty: (folder) => truncateSync(join(folder, 'run.sqlite')),
  noise: (folder) => writeFileSync(join(folder, 'run.sqlite'), Buffer.alloc(50_000, 'noise')),
  'noise after the header': (folder) => {
    const file = join(folder, 'run.sqlite');
    writeFileSync(file, readFileSync(file).fill(0xa5, 100));
  },
  newer: (folder) => sql(join(folder, 'run.sqlite'), 'PRAGMA user_version = 99'),
  'of another program': (folder) => sql(join(folder, 'run.sqlite'), 'PRAGMA application_id = 5'),
  'without its row': (folder) => sql(join(folder, 'run.sqlite'), 'DELETE FROM run'),
  'without a table': (folder) => sql(join(folder, 'run.sqlite'), 'DROP TABLE words'),
  'of texts that are not JSON': (folder) => sql(join(folder, 'run.sqlite'), `UPDATE run SET spec = '{'`),
  'without images': (folder) => rmSync(join(folder, 'images.sqlite')),
  'with noise for images': (folder) => writeFileSync(join(folder, 'images.sqlite'), 'noise'),
  'a folder in place of a file': (folder) => {
    rmSync(join(folder, 'run.sqlite'));
    mkdirSync(join(folder, 'run.sqlite'));
  },
  'a link to nowhere': (folder) => {
    rmSync(join(folder, 'run.sqlite'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'run.sqlite'));
  },
  'an empty folder': (folder) => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
  },
};

it('lists every damaged run with its reason beside those that are well', () => {
  const good = finishRun(library, 'good');
  const bad = Object.entries(damages).map(([name, damage]) => {
    const id = finishRun(library, name);
    damage(library.runFolder(id));
    return { id, name };
  });
  for (let look = 0; look < 2; look++) {
    const runs = new Map(library.list().map((run) => [run.id, run]));
    expect(runs.size).toBe(bad.length + 1);
    expect(runs.get(good)).toMatchObject({ name: 'good', state: { phase: 'finished' } });
    for (const { id, name } of bad) {
      const { state } = runs.get(id)!;
      expect(state, name).toMatchObject({ phase: 'unreadable' });
      // A sentence that names the file, not a stack.
      expect('message' in state && state.message, name).toMatch(
        new RegExp(`${id}.*\\.( \\(SQLITE_\\w+\\))?|${id}.*\\?`),
      );
      expect(() => library.reader(id).detail(), name).toThrow(UserError);
    }
  }
  expect(library.size().runs).toBe(bad.length + 1);
  for (const { id } of bad) library.remove(id);
  expect(library.list().map(({ id }) => id)).toEqual([good]);
});

it.runIf(process.platform !== 'win32')(
  'reads a run whose folder cannot be written, and says why it cannot be changed',
  () => {
    const id = finishRun(library, 'locked');
    const folder = library.runFolder(id);
    for (const path of [library.folder, join(library.folder, '..')]) chmodSync(path, 0o755);
    for (const path of ['run.sqlite', 'images.sqlite']) chmodSync(join(folder, path), 0o444);
    chmodSync(folder, 0o555);
    // The superuser may write anywhere.
    const superuser = process.geteuid?.() === 0;
    if (superuser) process.seteuid!(65534);
    try {
      expect(library.list()).toMatchObject([{ id, name: 'locked', state: { phase: 'finished' } }]);
      expect(library.reader(id).detail().scalarTags).toEqual(['loss/d', 'loss/g']);
      expect(() => library.setWords(id, { name: 'x' })).toThrow(UserError);
      if (superuser) {
        expect(() => library.remove(id)).toThrow(
          `Run ${id} cannot be deleted: its folder ${folder} cannot be moved away`,
        );
      }
    } finally {
      if (superuser) process.seteuid!(0);
      chmodSync(folder, 0o755);
    }
  },
);
