// The catalogue is an index: whatever happens to it, the library says what the run folders say.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src/shared/run.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { setWords } from '../../../src/main/store/words.ts';
import { sampleRecord, temporaryFolder } from '../store/sample-run.ts';
import { finishRun } from './sample-library.ts';

let library: Library;
beforeEach(() => (library = openLibrary(temporaryFolder())));
afterEach(() => library.close());

const file = (): string => join(library.folder, 'catalogue.sqlite');

function reopen(): readonly RunSummary[] {
  library.close();
  library = openLibrary(library.folder);
  return library.list();
}

/** Ids that the file holds. */
function catalogued(): unknown[] {
  const db = new Database(file(), { readonly: true });
  try {
    return db.prepare('SELECT id FROM runs ORDER BY id').pluck().all();
  } finally {
    db.close();
  }
}

async function someRuns(): Promise<readonly RunSummary[]> {
  for (const name of ['one', 'two', 'three']) finishRun(library, name);
  // Files that were written just now may change again within the tick of the clock that stamps them.
  await sleep(150);
  const runs = library.list();
  expect(catalogued()).toEqual(runs.map(({ id }) => id).sort());
  return runs;
}

describe('the next start', () => {
  it('reads runs that are over from the catalogue, NaN and all, and is told of what changed meanwhile', async () => {
    const runs = await someRuns();
    const db = new Database(file());
    db.exec(`UPDATE runs SET summary = replace(summary, '"name":"two"', '"name":"from the catalogue"')`);
    db.close();
    library.close();
    setWords(join(library.folder, runs[0]!.id), { name: 'renamed', tags: ['good'] });
    const again = reopen();
    expect(new Set(again.map(({ name }) => name))).toEqual(
      new Set(['renamed', 'from the catalogue', ...runs.slice(1).flatMap(({ name }) => (name === 'two' ? [] : name))]),
    );
    expect(again.every(({ lastValues }) => Number.isNaN(lastValues['loss/g']))).toBe(true);
  });

  it('forgets runs that are gone', async () => {
    const runs = await someRuns();
    rmSync(join(library.folder, runs[0]!.id), { recursive: true });
    expect(reopen()).toEqual(runs.slice(1));
    expect(catalogued()).toEqual(
      runs
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('a catalogue', () => {
  const damages: readonly [string, () => void][] = [
    ['that is missing', () => rmSync(file())],
    ['that is noise', () => writeFileSync(file(), Buffer.alloc(20_000, 'noise'))],
    ['that is empty', () => truncateSync(file())],
    ['that is cut short', () => truncateSync(file(), 5000)],
    ['with noise in the middle', () => writeFileSync(file(), readFileSync(file()).fill(0xa5, 4096))],
    ['of another version', () => change('PRAGMA user_version = 99')],
    ['of another program', () => change('PRAGMA application_id = 7')],
    ['whose entries are not JSON', () => change(`UPDATE runs SET summary = '{'`)],
  ];
  function change(sql: string): void {
    const db = new Database(file());
    db.exec(sql);
    db.close();
  }

  it.each(damages)('%s comes back without a word', async (_, damage) => {
    const runs = await someRuns();
    library.close();
    damage();
    expect(reopen()).toEqual(runs);
    expect(reopen()).toEqual(runs);
    expect(catalogued()).toHaveLength(3);
  });

  it('that is thrown away while the library is open changes nothing', async () => {
    const runs = await someRuns();
    rmSync(file());
    finishRun(library, 'four');
    await sleep(150);
    expect(library.list()).toHaveLength(4);
    expect(reopen().slice(1)).toEqual(runs);
  });

  it('that another program has locked is done without', async () => {
    const runs = await someRuns();
    library.close();
    const other = new Database(file());
    other.exec('BEGIN IMMEDIATE');
    expect(reopen()).toEqual(runs);
    other.close();
    expect(reopen()).toEqual(runs);
  });
});

it('is shared by two libraries in two processes, with three writers at work', async () => {
  const { spec, networks, referenceLines } = sampleRecord();
  const folders = ['a', 'b', 'c'].map((name) => library.create({ spec, networks, referenceLines, name }));
  for (let k = 0; k < 10; k++) finishRun(library, `over ${k}`);
  const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const start = (...args: string[]) => spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const writers = folders.map(({ folder }) => start(program('../store/logging-process.ts'), folder));
  const other = start(program('listing-process.ts'), library.folder, '2000');
  let said = '';
  other.stdout.on('data', (text) => (said += String(text)));
  try {
    const exited = once(other, 'exit');
    let done = false;
    void exited.then(() => (done = true));
    for (let k = 0; !done; k++) {
      const runs = library.list();
      expect(runs.map(({ state }) => state.phase)).not.toContain('unreadable');
      expect(runs.length).toBeGreaterThanOrEqual(13);
      library.setWords(folders[k % 3]!.id, { notes: `look ${k}` });
      await sleep(20);
    }
    expect(await exited).toEqual([0, null]);
    expect(said).toMatch(/^\d+ lists, 13 runs in the last, none unreadable\n$/);
  } finally {
    for (const child of writers) child.kill('SIGKILL');
    await Promise.all(writers.map((child) => once(child, 'exit')));
  }
  for (const { folder } of folders) {
    for (const name of ['run.sqlite', 'images.sqlite']) {
      const db = new Database(join(folder, name));
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
    }
  }
  expect(library.list().filter(({ state }) => state.phase === 'interrupted')).toHaveLength(3);
});
