// The queue over a real library and real child processes. What trains here is a process that opens its run file as
// training does, and ends when the test says so.

import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { openQueueFile, type QueueFile } from '../../../src/main/library/queue-file.ts';
import { workQueue, type QueueWorker } from '../../../src/main/runs/queue.ts';
import { startDetached } from '../../../src/main/runs/start.ts';
import { UserError } from '../../../src/shared/contract.ts';
import { openWorkplace, SPEC, type Workplace } from './program.ts';

const writerModule = pathToFileURL(resolve(import.meta.dirname, '../../../src/main/store/writer.ts')).href;
/** Trains until there is a file `end` in its folder. */
const TRAINING = `
  import { existsSync } from 'node:fs';
  import { join } from 'node:path';
  import { openRunWriter } from ${JSON.stringify(writerModule)};
  const writer = openRunWriter(process.argv[3]);
  writer.start({ backend: 'cpu', backendVersion: '1', device: 'd', threads: 1, host: 'h', platform: 'p', node: 'n', saddle: 's' });
  writer.phase('running', 0);
  setInterval(() => {
    if (!existsSync(join(process.argv[3], 'end'))) return;
    writer.phase('finished', 10);
    process.exit(0);
  }, 20);
`;

let place: Workplace;
let library: Library;
let file: QueueFile;
let worker: QueueWorker | null;
let hosts: ChildProcess[];
let problems: unknown[];

beforeEach(() => {
  place = openWorkplace();
  library = openLibrary(join(place.folder, 'library'));
  file = openQueueFile(library.folder);
  [worker, hosts, problems] = [null, [], []];
});
afterEach(() => {
  worker?.close();
  for (const host of hosts) host.kill('SIGKILL');
  for (const run of library.list()) if ('pid' in run.state) process.kill(run.state.pid, 'SIGKILL');
  file.close();
  library.close();
  place.end();
});

const add = (...names: string[]) => file.add(names.map((name) => ({ name, spec: SPEC, tags: ['group'] })));
const waiting = () => file.read().entries.map(({ name }) => name);
/** Names and phases, in the order in which the runs were made. */
const runs = () =>
  library
    .list()
    .reverse()
    .map(({ name, state }) => `${name} ${state.phase}`);
const end = (name: string) => {
  const run = library.list().find((one) => one.name === name)!;
  writeFileSync(join(library.runFolder(run.id), 'end'), '');
};
const soon = { timeout: 20_000, interval: 50 };

function work(lines = TRAINING): void {
  worker = workQueue({
    ...{ library, file, program: place.program(lines) },
    prepare({ spec, name }) {
      if (name.startsWith('gone')) throw new UserError('data: CIFAR-10 is not here any more');
      if (name.startsWith('bug')) throw new TypeError('a bug');
      return { spec, name, referenceLines: [], networks: [] };
    },
    onChange: () => {},
    report: (problem) => problems.push(problem),
  });
}

describe('the queue', () => {
  it('runs its entries one after the other, in order, and gives each its name and tags', async () => {
    add('first', 'second');
    work();
    await expect.poll(runs, soon).toEqual(['first running']);
    expect(waiting()).toEqual(['second']);
    end('first');
    await expect.poll(runs, soon).toEqual(['first finished', 'second running']);
    expect(waiting()).toEqual([]);
    expect(library.list().map((run) => run.tags)).toEqual([['group'], ['group']]);
    end('second');
    await expect.poll(runs, soon).toEqual(['first finished', 'second finished']);
  });

  it('lets the next start when a run is killed, or ends before it began', async () => {
    add('killed', 'next');
    work();
    await expect.poll(runs, soon).toEqual(['killed running']);
    const { state } = library.list()[0]!;
    process.kill((state as { pid: number }).pid, 'SIGKILL');
    await expect.poll(runs, soon).toEqual(['killed interrupted', 'next running']);
    end('next');
    worker!.close();
    await expect.poll(runs, soon).toEqual(['killed interrupted', 'next finished']);
    add('stillborn', 'after it');
    work(`throw new Error('no backend')`);
    await expect.poll(() => runs().slice(2), soon).toEqual(['stillborn failed', 'after it failed']);
  });

  it('starts nothing while it is paused, and goes on when it is not', async () => {
    file.set({ paused: true });
    add('patient');
    work();
    await new Promise((later) => setTimeout(later, 1500));
    expect([runs(), waiting()]).toEqual([[], ['patient']]);
    file.set({ paused: false });
    await expect.poll(runs, soon).toEqual(['patient running']);
  });

  it('keeps the order that the user gives it, and forgets what is removed', async () => {
    const [a, b, c, d] = add('a', 'b', 'c', 'd') as [number, number, number, number];
    file.move(d, 0);
    file.move(a, 2);
    file.move(b, 99);
    expect(waiting()).toEqual(['d', 'a', 'c', 'b']);
    file.remove([c, 1234]);
    file.add([{ name: 'e', spec: SPEC, tags: [] }], 1);
    expect(waiting()).toEqual(['d', 'e', 'a', 'b']);
    expect(() => file.move(c, 0)).toThrow(`Entry ${c} waits no longer`);
    work();
    await expect.poll(runs, soon).toEqual(['d running']);
  });

  it('starts as many at once as it is told to, and counts runs that the user has started', async () => {
    const { folder } = library.create({ name: 'by hand', spec: SPEC, referenceLines: [], networks: [] });
    startDetached(place.program(TRAINING), folder);
    add('a', 'b', 'c');
    work();
    await expect.poll(runs, soon).toEqual(['by hand running']);
    file.set({ atOnce: 3 });
    await expect.poll(() => runs().sort(), soon).toEqual(['a running', 'b running', 'by hand running']);
    expect(waiting()).toEqual(['c']);
    end('by hand');
    await expect.poll(waiting, soon).toEqual([]);
  });

  it('leaves a sentence on what cannot be started, goes on with the next, and tries it again when asked', async () => {
    const [gone] = add('gone', 'bug', 'good');
    work();
    await expect.poll(runs, soon).toEqual(['good running']);
    expect(file.read().entries.map(({ name, problem }) => [name, problem])).toEqual([
      ['gone', 'data: CIFAR-10 is not here any more'],
      ['bug', 'a bug'],
    ]);
    expect(problems).toEqual([new TypeError('a bug')]);
    end('good');
    file.retry(gone!);
    expect(file.read().entries[0]!.problem).toBeNull();
    await expect.poll(() => file.read().entries[0]!.problem, soon).toContain('CIFAR-10');
  });

  it('is there after a restart of the app, with its pause and its settings', async () => {
    add('kept');
    file.set({ paused: true, atOnce: 2 });
    const before = file.read();
    file.close();
    const again = openQueueFile(library.folder);
    expect(again.read()).toEqual(before);
    expect(before).toMatchObject({ paused: true, atOnce: 2, entries: [{ name: 'kept', spec: SPEC, problem: null }] });
    again.close();
  });

  it('starts each entry once, although two apps work on it and one of them is killed', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `run ${index}`);
    add(...names);
    file.set({ atOnce: 4 });
    const { entry } = place.program(TRAINING);
    const host = join(import.meta.dirname, 'queue-process.ts');
    const errors: string[] = [];
    hosts = [1, 2].map(() =>
      spawn(process.execPath, [host, library.folder, entry], { stdio: ['ignore', 'ignore', 'pipe'] }),
    );
    for (const child of hosts) child.stderr!.on('data', (text) => errors.push(String(text)));
    const inPhase = (...phases: string[]) => library.list().filter(({ state }) => phases.includes(state.phase));
    await expect.poll(() => inPhase('running').length, soon).toBe(4);
    expect(waiting()).toEqual(names.slice(4));
    hosts[0]!.kill('SIGKILL');
    let most = 0;
    await expect
      .poll(() => {
        most = Math.max(most, inPhase('queued', 'starting', 'running').length);
        for (const run of inPhase('running')) end(run.name);
        return inPhase('finished').length;
      }, soon)
      .toBe(names.length);
    expect(most).toBeLessThanOrEqual(4);
    expect(runs().sort()).toEqual(names.map((name) => `${name} finished`).sort());
    expect([waiting(), errors]).toEqual([[], []]);
  });
});

describe('the file of the queue', () => {
  it('tells a change of another process from its own', () => {
    const other = openQueueFile(library.folder);
    file.hasChanged();
    add('mine');
    expect([file.hasChanged(), file.hasChanged()]).toEqual([false, false]);
    other.set({ paused: true });
    expect([file.hasChanged(), file.hasChanged()]).toEqual([true, false]);
    other.close();
  });

  it('refuses more than fit, and keeps what was there', () => {
    const many = Array.from({ length: 499 }, () => ({ name: '', spec: SPEC, tags: [] }));
    file.add(many);
    expect(() => add('one', 'too many')).toThrow('at most 500 runs: 499 wait, and 2 more do not fit');
    expect(file.read().entries).toHaveLength(499);
  });

  it('that is damaged is refused with a sentence, and can be moved away while the app runs', () => {
    const path = join(library.folder, 'queue.sqlite');
    writeFileSync(path, 'not a database, but long enough to look like something that was one once\n'.repeat(40));
    expect(() => file.read()).toThrow(/queue\.sqlite is damaged: .* Move it away: an empty queue is made then/);
    rmSync(path);
    expect(file.read()).toEqual({ version: 0, paused: false, atOnce: 1, entries: [] });
  });

  it('of a newer Saddle is refused and left as it is', async () => {
    const { default: Database } = await import('better-sqlite3');
    add('precious');
    file.close();
    const db = new Database(join(library.folder, 'queue.sqlite'));
    db.pragma('user_version = 7');
    db.close();
    expect(() => file.read()).toThrow(/newer Saddle \(7, this one knows 1\)/);
  });
});
