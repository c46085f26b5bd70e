// The run file from outside: what is written is what is read, in every state of a run.

import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { sendCommand, setWords } from '../../../src/main/store/words.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine, sampleImage } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const unmarked = { starred: false, measures: { 'loss/d': 0.5, 'loss/g': NaN } };
const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((one) => one.close()));

function newRun(): { folder: string; writer: () => RunWriter; reader: () => RunReader } {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const keep = <One extends { close(): void }>(one: One): One => (open.push(one), one);
  return { folder, writer: () => keep(openRunWriter(folder)), reader: () => keep(openRunReader(folder)) };
}

describe('a new run', () => {
  it('is queued and says what it was made from', () => {
    const { folder, reader } = newRun();
    const { spec, networks, referenceLines } = sampleRecord();
    expect(readdirSync(folder).sort()).toEqual(['images.sqlite', 'run.sqlite']);
    const detail = reader().detail();
    expect(detail).toMatchObject({ spec, networks, referenceLines, machine: null, scalarTags: [], imageTags: [] });
    expect(detail.events.map(({ kind, step }) => [kind, step])).toEqual([['created', 0]]);
    expect(detail.summary).toMatchObject({
      id: ID,
      name: 'first try',
      recipe: 'gan-mlp',
      state: { phase: 'queued' },
      step: 0,
      steps: 1000,
      startedMs: null,
      endedMs: null,
      stepsPerSecond: null,
      remainingMs: null,
      lastValues: {},
      newestImage: null,
      cursor: 1,
    });
  });

  it('is not made over a folder that is there, and leaves nothing half-made', () => {
    const { folder } = newRun();
    expect(() => createRun(folder, sampleRecord())).toThrow(/already there/);
    expect(readdirSync(join(folder, '..'))).toEqual([ID]);
  });

  it('says so when its folder cannot be made', () => {
    const { folder } = newRun();
    expect(() => createRun(join(folder, 'run.sqlite', 'below'), sampleRecord())).toThrow(UserError);
  });
});

describe('the state of a run', () => {
  it('follows its training process from start to end', () => {
    const { writer, reader } = newRun();
    const read = reader();
    const write = writer();
    const states = [read.summary().state];
    const note = (): number => states.push(read.summary().state);
    write.start(machine);
    note();
    write.phase('paused', 5);
    note();
    write.phase('running', 5);
    note();
    write.phase('finished', 9);
    note();
    const { pid } = process;
    expect(states).toEqual([
      { phase: 'starting', pid },
      { phase: 'running', pid },
      { phase: 'paused', pid },
      { phase: 'running', pid },
      { phase: 'finished' },
    ]);
    expect(read.detail().machine).toEqual(machine);
    expect(read.newEvents(-1).map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      'created 0',
      'started 0',
      'paused 5',
      'resumed 5',
      'finished 9',
    ]);
    const { startedMs, endedMs } = read.summary();
    expect(endedMs! - startedMs!).toBeGreaterThanOrEqual(0);
  });

  it('is failed with its message', () => {
    const { writer, reader } = newRun();
    const write = writer();
    write.phase('failed', 3, 'loss/d is not a number');
    expect(reader().summary().state).toEqual({ phase: 'failed', message: 'loss/d is not a number' });
    expect(() => write.phase('failed', 3)).toThrow(RangeError);
  });

  it('is interrupted when the writer let go in the middle, and can be written again', () => {
    const { writer, reader } = newRun();
    const write = writer();
    write.start(machine);
    write.scalar('loss/d', 1, 0.5);
    write.close();
    const read = reader();
    expect(read.summary()).toMatchObject({ state: { phase: 'interrupted' }, lastValues: { 'loss/d': 0.5 } });
    expect(read.summary().endedMs).not.toBeNull();
    const again = writer();
    again.start(machine);
    again.scalar('loss/d', 2, 0.25);
    again.phase('stopped', 2);
    expect(read.summary().state).toEqual({ phase: 'stopped' });
    expect(read.newEvents(-1).map(({ kind }) => kind)).toEqual(['created', 'started', 'resumed', 'stopped']);
    expect([...read.allPoints('loss/d')].flatMap(({ values }) => [...values])).toEqual([0.5, 0.25]);
  });

  it('has one writer: a second is refused by name until the first lets go', () => {
    const { writer, folder } = newRun();
    const first = writer();
    expect(() => openRunWriter(folder)).toThrow(
      new RegExp(`Run ${ID} is already being written by process ${process.pid} on .*Stop that training first`),
    );
    first.close();
    writer();
  });

  it('estimates the remaining time from the speed, and only while it is active', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.start(machine);
    write.progress(200, 40, true);
    expect(read.summary()).toMatchObject({ step: 200, stepsPerSecond: 40, remainingMs: 20_000 });
    write.phase('stopped', 200);
    expect(read.summary().remainingMs).toBeNull();
  });
});

describe('scalars', () => {
  it('keep NaN and the infinities as what they are', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    const values = [1.5, NaN, Infinity, -Infinity, -2, 3.4e38, 1e-45];
    values.forEach((value, k) => write.scalar('loss/g', k, value));
    write.scalar('nan', 4, NaN);
    write.scalar('up', 4, Infinity);
    write.progress(7, null, true);
    const points = read.series('loss/g', {}, 100);
    expect(points.kind === 'points' && points.values).toEqual(Float32Array.from(values));
    expect(read.summary().lastValues).toEqual({ 'loss/g': Math.fround(1e-45), nan: NaN, up: Infinity });
    expect(read.detail().scalarTags).toEqual(['loss/g', 'nan', 'up']);
    const whole = read.series('loss/g', {}, 1);
    expect(whole).toMatchObject({
      kind: 'buckets',
      steps: Float64Array.of(6),
      min: Float32Array.of(-2),
      max: Float32Array.of(3.4e38),
      last: Float32Array.of(1e-45),
      count: Uint32Array.of(7),
      nonFinite: Uint32Array.of(3),
    });
  });

  it('must come in order of step, tag by tag', () => {
    const { writer } = newRun();
    const write = writer();
    write.scalar('loss/d', 5, 1);
    write.scalar('loss/g', 4, 1);
    expect(() => write.scalar('loss/d', 5, 1)).toThrow('loss/d: step 5 does not follow 5');
  });

  it('are flushed after 250 steps, or after half a second without any call', async () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.start(machine);
    const before = read.cursor();
    for (let step = 1; step <= 249; step++) {
      write.scalar('loss/d', step, step);
      write.progress(step, null);
    }
    expect([read.cursor(), read.summary().step]).toEqual([before, 0]);
    write.scalar('loss/d', 250, 250);
    write.progress(250, null);
    expect([read.cursor(), read.summary().step]).toEqual([before + 1, 250]);
    write.scalar('loss/d', 251, 251);
    await sleep(1100);
    expect([read.cursor(), read.summary().lastValues['loss/d']]).toEqual([before + 2, 251]);
    await sleep(600);
    expect(read.cursor()).toBe(before + 2);
  });

  it('of one step are never parted by a flush, however long the step takes', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.scalar('a', 1, 1);
    // The process is busy for longer than a flush may wait.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    write.scalar('b', 1, 1);
    expect(read.summary().lastValues).toEqual({});
    write.scalar('a', 2, 2);
    expect(read.summary().lastValues).toEqual({ a: 1, b: 1 });
  });
});

describe('a flush that fails', () => {
  it('says why and loses nothing: the next one writes it all', () => {
    const { folder, writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    const other = new Database(join(folder, 'run.sqlite'));
    open.push(other);
    other.exec('BEGIN IMMEDIATE');
    const steps = Array.from({ length: 1500 }, (_, step) => step);
    steps.slice(0, 200).forEach((step) => write.scalar('loss/d', step, step));
    expect(() => write.progress(200, null, true)).toThrow(UserError);
    other.exec('ROLLBACK');
    steps.slice(200).forEach((step) => write.scalar('loss/d', step, step));
    write.progress(1500, null, true);
    expect([...read.allPoints('loss/d')].flatMap(({ values }) => [...values])).toEqual(steps);
    expect(read.series('loss/d', {}, 100)).toMatchObject({ count: new Uint32Array(100).fill(15) });
  });

  it('stops a writer whose run another process has taken over', () => {
    const { folder, writer } = newRun();
    const write = writer();
    const other = new Database(join(folder, 'run.sqlite'));
    other.exec('UPDATE progress SET pid = pid + 1');
    other.close();
    expect(() => write.progress(1, null, true)).toThrow(/Another process has taken over the run/);
    expect(() => write.close()).toThrow(/Another process has taken over the run/);
  });
});

describe('images, events and checkpoints', () => {
  it('come back by cursor, and images by id', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.image(sampleImage(10));
    const cursor = read.cursor();
    write.image(sampleImage(20));
    write.event('alert', 20, 'D wins');
    const row = {
      step: 20,
      file: 'checkpoints/20.safetensors',
      bytes: 9,
      sha256: 'ab',
      wallMs: 5,
      reason: 'asked',
      ...unmarked,
    };
    write.checkpoint(row);
    const [image] = read.newImages(cursor);
    expect(image).toMatchObject({ tag: 'samples', step: 20, rows: 4, columns: 8, latents: 'fixed-7', bytes: 5 });
    expect(read.newImages(cursor)).toHaveLength(1);
    expect(read.newEvents(cursor)).toMatchObject([{ kind: 'alert', step: 20, message: 'D wins' }]);
    expect(read.newCheckpoints(cursor)).toEqual([row]);
    expect(read.images('samples').map(({ step }) => step)).toEqual([10, 20]);
    expect(read.images('nothing')).toEqual([]);
    expect(read.summary().newestImage).toEqual(image);
    expect([...read.imageBytes(image!.id)!.png]).toEqual([137, 80, 78, 71, 20]);
    expect(read.imageBytes(999)).toBeNull();
    const now = read.cursor();
    expect([read.newImages(now), read.newEvents(now), read.newCheckpoints(now)]).toEqual([[], [], []]);
  });

  it('lists the tags of images in the order they first appeared', () => {
    const { writer, reader } = newRun();
    const write = writer();
    for (const [step, tag] of ['z', 'a', 'm', 'z', 'a'].entries()) write.image(sampleImage(step, tag));
    expect(reader().detail().imageTags).toEqual(['z', 'a', 'm']);
  });

  it('never uses the id of an image again', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.image(sampleImage(1));
    const old = read.newImages(-1)[0]!.id;
    write.image(sampleImage(1, 'samples', Uint8Array.of(1, 2, 3)));
    const [image] = read.images('samples');
    expect(image!.id).toBeGreaterThan(old);
    expect(read.imageBytes(old)).toBeNull();
    expect([...read.imageBytes(image!.id)!.png]).toEqual([1, 2, 3]);
  });
});

describe("the user's words", () => {
  it('reach a run while it is being written, and commands are taken once, in order', () => {
    const { folder, writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.start(machine);
    setWords(folder, { name: 'Größer 大' });
    expect(read.summary().name).toBe('Größer 大');
    sendCommand(folder, 'pause');
    sendCommand(folder, 'stop');
    expect(write.takeCommands()).toEqual(['pause', 'stop']);
    expect(write.takeCommands()).toEqual([]);
  });

  it('waits for a queued run, but does not outlive the process it was meant for', () => {
    const { folder, writer } = newRun();
    sendCommand(folder, 'stop');
    const first = writer();
    expect(first.takeCommands()).toEqual(['stop']);
    first.start(machine);
    sendCommand(folder, 'pause');
    first.close();
    expect(writer().takeCommands()).toEqual([]);
  });
});

describe('the files', () => {
  it('are the run: a copy of a closed folder reads the same', () => {
    const { folder, writer, reader } = newRun();
    const write = writer();
    write.start(machine);
    for (let step = 0; step < 3000; step++) write.scalar('loss/d', step, Math.sin(step));
    write.image(sampleImage(7));
    write.phase('finished', 3000);
    const watching = reader();
    write.close();
    expect(existsSync(join(folder, 'run.sqlite-wal'))).toBe(true);
    const copy = join(temporaryFolder(), ID);
    cpSync(folder, copy, { recursive: true });
    const copied = openRunReader(copy);
    open.push(copied);
    const { sizeBytes: _, ...summary } = copied.detail().summary;
    expect(watching.detail().summary).toMatchObject(summary);
    expect([...copied.allPoints('loss/d')]).toEqual([...watching.allPoints('loss/d')]);
    expect(copied.imageBytes(1)).toEqual(watching.imageBytes(1));
  });

  it('leave no log behind when writer and readers have gone, in whichever order', () => {
    for (const readerLast of [true, false]) {
      const { folder } = newRun();
      const [write, read] = [openRunWriter(folder), openRunReader(folder)];
      write.image(sampleImage(1));
      read.summary();
      if (!readerLast) read.close();
      write.close();
      if (readerLast) read.close();
      expect(readdirSync(folder).sort()).toEqual(['images.sqlite', 'run.sqlite']);
    }
  });

  it('are written ahead, with 16 KB pages for images, and say whose they are', () => {
    const { folder } = newRun();
    const pragmas = ['run.sqlite', 'images.sqlite'].map((file) => {
      const db = new Database(join(folder, file));
      const found = ['journal_mode', 'page_size', 'application_id', 'user_version', 'integrity_check'].map((name) =>
        db.pragma(name, { simple: true }),
      );
      db.close();
      return found;
    });
    expect(pragmas).toEqual([
      ['wal', 4096, 0x5341444c, 1, 'ok'],
      ['wal', 16384, 0x53414449, 1, 'ok'],
    ]);
  });
});
