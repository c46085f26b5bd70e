// The library over real folders: what a person or another process does to them is what the library says.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { RUN_ID_PATTERN, isRunId, type RunId, type RunSummary } from '../../../src/shared/run.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { setWords } from '../../../src/main/store/words.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine } from '../store/sample-images.ts';
import { sampleRecord } from '../store/sample-run.ts';

const LOGGING = fileURLToPath(new URL('../store/logging-process.ts', import.meta.url));

let home: string;
let library: Library;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'saddle läufe 実行 '));
  library = openLibrary(join(home, 'runs'));
});
afterEach(() => {
  library.close();
  rmSync(home, { recursive: true, force: true });
});

function create(name: string): RunId {
  const { spec, networks, referenceLines } = sampleRecord();
  return library.create({ name, spec, networks, referenceLines }).id;
}

/** A run that a training process has finished. */
function createFinished(name: string): RunId {
  const id = create(name);
  const writer = openRunWriter(library.runFolder(id));
  writer.start(machine);
  writer.scalar('loss/d', 1, 0.5);
  writer.phase('finished', 1);
  writer.close();
  return id;
}

const names = (runs: readonly RunSummary[]): string[] => runs.map(({ name }) => name);

describe('the list of runs', () => {
  it('is newest first, and holds what other processes made too', () => {
    const first = create('first');
    createRun(
      join(home, 'runs', '20200101-000000-aaaa'),
      sampleRecord({ name: 'from elsewhere', createdMs: Date.UTC(2020, 0, 1) }),
    );
    createRun(
      join(home, 'runs', '20990101-000000-aaaa'),
      sampleRecord({ name: 'future', createdMs: Date.UTC(2099, 0, 1) }),
    );
    expect(names(library.list())).toEqual(['future', 'first', 'from elsewhere']);
    expect(library.list()[1]).toMatchObject({ id: first, state: { phase: 'queued' } });
  });

  it('shows a run that cannot be read with the reason, and all others as ever', () => {
    createFinished('good');
    const bad = createFinished('bad');
    writeFileSync(join(library.runFolder(bad), 'run.sqlite'), 'no longer a run');
    mkdirSync(join(home, 'runs', '20200101-000000-none'));
    mkdirSync(join(home, 'runs', 'holiday pictures'));
    writeFileSync(join(home, 'runs', 'notes.txt'), '');
    expect(
      library
        .list()
        .map(({ id, state }) => [id === bad, state.phase, 'message' in state ? state.message : ''])
        .sort(),
    ).toEqual([
      [false, 'finished', ''],
      [false, 'unreadable', expect.stringContaining('There is no run file at')],
      [true, 'unreadable', expect.stringMatching(/run\.sqlite is not a run file: .*found 15 bytes/)],
    ]);
    expect(() => library.reader(bad)).toThrow(UserError);
    library.remove(bad);
    expect(library.list()).toHaveLength(2);
  });

  it('follows changes from outside although it remembers runs that are over', async () => {
    const id = createFinished('before');
    await sleep(150);
    expect(names(library.list())).toEqual(['before']);
    expect(names(library.list())).toEqual(['before']);
    setWords(join(home, 'runs', id), { name: 'after' });
    expect(names(library.list())).toEqual(['after']);
    rmSync(join(home, 'runs', id), { recursive: true });
    expect(library.list()).toEqual([]);
  });
});

describe('new runs', () => {
  it('get ids of their own that say when they were made, in UTC', () => {
    const begun = new Date().toISOString();
    const ids = Array.from({ length: 50 }, (_, k) => create(`run ${k}`));
    expect(new Set(ids).size).toBe(50);
    expect(ids.every((id) => RUN_ID_PATTERN.test(id))).toBe(true);
    expect(ids[0]!.slice(0, 8)).toBe(begun.slice(0, 10).replaceAll('-', ''));
    expect(readdirSync(library.folder).filter(isRunId).sort()).toEqual([...ids].sort());
  });
});

describe('a run', () => {
  it('is found by its id, the beginning of its id or its name, and candidates are listed when that is not enough', () => {
    createRun(join(home, 'runs', '20200101-000000-aaaa'), sampleRecord({ name: 'twin' }));
    createRun(join(home, 'runs', '20200101-000000-bbbb'), sampleRecord({ name: 'twin' }));
    createRun(join(home, 'runs', '20210101-000000-cccc'), sampleRecord({ name: '2020' }));
    expect(library.resolve('20200101-000000-bbbb')).toBe('20200101-000000-bbbb');
    expect(library.resolve('20200101-000000-b')).toBe('20200101-000000-bbbb');
    expect(library.resolve('2021')).toBe('20210101-000000-cccc');
    expect(library.resolve('2020')).toBe('20210101-000000-cccc');
    expect(() => library.resolve('twin')).toThrow(
      '"twin" fits 2 runs; say which by its id:\n  20200101-000000-bbbb  twin\n  20200101-000000-aaaa  twin',
    );
    expect(() => library.resolve('2020010')).toThrow(/^"2020010" fits 2 runs/);
    expect(() => library.resolve('nobody')).toThrow(/There is no run "nobody" in .*\. The newest are:\n {2}2021/);
    expect(() => library.resolve('')).toThrow(UserError);
  });

  it('that is not there is a sentence, whatever is asked of it', () => {
    const id = '20200101-000000-zzzz' as RunId;
    const attempts = [
      () => library.reader(id),
      () => library.runFolder(id),
      () => library.rename(id, 'x'),
      () => library.command(id, 'stop'),
      () => library.remove(id),
      () => library.runFolder('../../etc' as RunId),
    ];
    for (const attempt of attempts) {
      expect(attempt).toThrow(UserError);
      expect(attempt).toThrow(/There is no run /);
    }
    expect(() => library.resolve('x')).toThrow(/holds no runs/);
  });

  it('is renamed, also while it is written', () => {
    const id = create('old');
    const writer = openRunWriter(library.runFolder(id));
    library.rename(id, 'Größer');
    expect(names(library.list())).toEqual(['Größer']);
    writer.close();
  });

  it('takes commands only while there is somebody to take them', () => {
    const id = createFinished('done');
    expect(() => library.command(id, 'pause')).toThrow('Run done is finished: there is no training process to pause.');
    const active = create('active');
    const writer = openRunWriter(library.runFolder(active));
    library.command(active, 'pause');
    expect(writer.takeCommands()).toEqual(['pause']);
    writer.close();
  });

  it('is deleted, but not while it is active', () => {
    const id = create('mine');
    const writer = openRunWriter(library.runFolder(id));
    writer.start(machine);
    library.reader(id);
    expect(() => library.remove(id)).toThrow('Run mine is running. Stop it first, then delete it.');
    writer.phase('stopped', 1);
    writer.close();
    library.remove(id);
    expect(library.list()).toEqual([]);
    expect(readdirSync(library.folder).filter(isRunId)).toEqual([]);
    expect(() => library.reader(id)).toThrow(/There is no run/);
  });

  it('is read anew when another one was copied to its place', () => {
    const [one, other] = [createFinished('one'), createFinished('other')];
    expect(library.reader(one).summary().name).toBe('one');
    const place = library.runFolder(one);
    rmSync(place, { recursive: true });
    cpSync(library.runFolder(other), place, { recursive: true });
    expect(library.reader(one).summary()).toMatchObject({ id: one, name: 'other' });
  });
});

describe('the library itself', () => {
  it('removes what a crash in the middle of making a run has left, but not what may be in the making', () => {
    const [old, young] = ['20200101-000000-aaaa.making', '20200101-000000-bbbb.making'];
    for (const name of [old, young]) mkdirSync(join(library.folder, name));
    utimesSync(join(library.folder, old), new Date(0), new Date(0));
    expect(library.list()).toEqual([]);
    openLibrary(library.folder).close();
    expect(readdirSync(library.folder).filter((name) => name.endsWith('.making'))).toEqual([young]);
  });

  it('refuses a place that cannot be a folder with a sentence', () => {
    writeFileSync(join(home, 'file'), '');
    expect(() => openLibrary(join(home, 'file'))).toThrow(/needs a folder at .*file, but there is a file of that name/);
    expect(() => openLibrary(join(home, 'file', 'below'))).toThrow(UserError);
  });

  it('keeps no more than a few runs open, and reads any of many', () => {
    const ids = Array.from({ length: 80 }, (_, k) => create(`run ${k}`));
    for (const id of [...ids, ...ids]) expect(library.reader(id).summary().id).toBe(id);
  });
});

describe('watching', () => {
  interface Told {
    changed: RunSummary[];
    removed: RunId[];
  }
  function watch(): { told: Told; until: (happened: (told: Told) => boolean, ms: number) => Promise<number> } {
    const told: Told = { changed: [], removed: [] };
    library.watch(({ changed, removed }) => {
      told.changed.push(...changed);
      told.removed.push(...removed);
    });
    const until = async (happened: (told: Told) => boolean, ms: number): Promise<number> => {
      const begun = performance.now();
      while (!happened(told)) {
        if (performance.now() - begun > ms) throw new Error(`not told within ${ms} ms: ${JSON.stringify(told)}`);
        await sleep(5);
      }
      return performance.now() - begun;
    };
    return { told, until };
  }

  it('tells of runs that are made, renamed and deleted here, and of nothing else', async () => {
    const old = createFinished('old');
    const { told, until } = watch();
    const id = create('new');
    await until(({ changed }) => names(changed).includes('new'), 200);
    library.rename(id, 'renamed');
    await until(({ changed }) => names(changed).includes('renamed'), 200);
    library.remove(id);
    await until(({ removed }) => removed.includes(id), 200);
    await sleep(1200);
    expect(told.changed.map((run) => [run.id, run.name])).toEqual([
      [id, 'new'],
      [id, 'renamed'],
    ]);
    expect(told.removed).toEqual([id]);
    expect(library.list().map((run) => run.id)).toEqual([old]);
  });

  it('tells of many deletions in a row together: each look is at every run', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => createFinished(`run ${at}`));
    const removed: RunId[][] = [];
    library.watch((changes) => removed.push([...changes.removed]));
    const begun = performance.now();
    for (const id of ids) {
      library.remove(id);
      // As calls from the window come: what is due in between is done.
      await sleep(2);
    }
    while (removed.flat().length < ids.length) await sleep(10);
    expect(removed.flat().toSorted()).toEqual(ids.toSorted());
    // However slow the machine: a look at most every 100 ms.
    expect(removed.length).toBeLessThanOrEqual(2 + (performance.now() - begun) / 100);
  });

  it('tells of folders that are copied in and removed by hand', async () => {
    const id = createFinished('here');
    const copy = '20200101-000000-copy' as RunId;
    const { until } = watch();
    cpSync(library.runFolder(id), join(library.folder, copy), { recursive: true });
    await until(({ changed }) => changed.some((run) => run.id === copy && run.state.phase === 'finished'), 2500);
    rmSync(join(library.folder, copy), { recursive: true });
    await until(({ removed }) => removed.includes(copy), 2500);
    setWords(library.runFolder(id), { name: 'renamed from outside' });
    await until(({ changed }) => names(changed).includes('renamed from outside'), 2500);
  });

  it('follows the training process of another parent from its start to its sudden end', async () => {
    const id = create('live');
    const { told, until } = watch();
    const child = spawn(process.execPath, [LOGGING, library.runFolder(id)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    try {
      await until(({ changed }) => changed.some(({ state }) => state.phase === 'running'), 20_000);
      const delays: number[] = [];
      const reader = library.reader(id);
      for (let k = 0; k < 5; k++) {
        const cursor = reader.cursor();
        await until(() => reader.cursor() > cursor, 2000);
        const now = reader.cursor();
        delays.push(await until(({ changed }) => changed.some((run) => run.cursor >= now), 2000));
      }
      expect(Math.min(...delays)).toBeLessThan(300);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await until(({ changed }) => changed.at(-1)?.state.phase === 'interrupted', 1000);
    } finally {
      child.kill('SIGKILL');
    }
    const count = told.changed.length;
    await sleep(1500);
    expect(told.changed).toHaveLength(count);
  });

  it('says nothing any more once it is ended', async () => {
    const told: unknown[] = [];
    library.watch((changes) => told.push(changes))();
    create('unseen');
    await sleep(1200);
    expect(told).toEqual([]);
    expect(existsSync(library.folder)).toBe(true);
  });
});
