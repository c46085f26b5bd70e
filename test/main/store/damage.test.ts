// Files that are not what they should be: each is refused with a sentence, and left byte for byte as it was.

import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { sendCommand, setWords } from '../../../src/main/store/words.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine, sampleImage } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

function finishedRun(): { folder: string; file: string; images: string } {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const writer = openRunWriter(folder);
  writer.start(machine);
  for (let step = 0; step < 40_000; step++) {
    for (const tag of ['loss/d', 'loss/g']) writer.scalar(tag, step, Math.sin(step));
  }
  for (let step = 0; step < 30; step++) writer.image(sampleImage(step, 'samples', new Uint8Array(30_000).fill(step)));
  writer.phase('finished', 40_000);
  writer.close();
  return { folder, file: join(folder, 'run.sqlite'), images: join(folder, 'images.sqlite') };
}

function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

const cases: readonly [string, (run: ReturnType<typeof finishedRun>) => string, RegExp][] = [
  [
    'of a newer Saddle',
    ({ file }) => (change(file, 'PRAGMA user_version = 2'), file),
    /written by a newer Saddle \(file version 2, this one reads up to 1\)\. Update Saddle/,
  ],
  [
    'whose images are of a newer Saddle',
    ({ images }) => (change(images, 'PRAGMA user_version = 9'), images),
    /images\.sqlite was written by a newer Saddle \(file version 9/,
  ],
  [
    'of another program',
    ({ file }) => (change(file, 'PRAGMA application_id = 1196444487'), file),
    /is not a run file: it is an SQLite database of another program \(application id 47504b47, expected 5341444c\)/,
  ],
  [
    'that is empty',
    ({ file }) => (writeFileSync(file, ''), file),
    /is not a run file: expected an SQLite database, found an empty file/,
  ],
  [
    'that is a text',
    ({ file }) => (writeFileSync(file, 'loss,step\n'.repeat(50)), file),
    /is not a run file: .* found 500 bytes that begin with 6c6f73732c737465/,
  ],
  [
    'that is noise',
    ({ file }) => (writeFileSync(file, createHash('shake256', { outputLength: 90_000 }).digest()), file),
    /is not a run file: .* found 90000 bytes/,
  ],
  [
    'that is cut short',
    ({ file }) => (truncateSync(file, 8192), file),
    /run\.sqlite is cut short: expected \d+ bytes, found 8192/,
  ],
  ['whose images are cut short', ({ images }) => (truncateSync(images, 16384), images), /images\.sqlite is cut short/],
  ['without its images', ({ images, file }) => (rmSync(images), file), /There is no image file at .*images\.sqlite/],
];

describe.each(cases)('a run file %s', (_, damage, sentence) => {
  it('is refused by reader, writer and words with a sentence, and is not touched', () => {
    const run = finishedRun();
    const damaged = damage(run);
    const before = readFileSync(damaged);
    for (const attempt of [() => openRunReader(run.folder), () => openRunWriter(run.folder)]) {
      expect(attempt).toThrow(UserError);
      expect(attempt).toThrow(sentence);
    }
    if (damaged === run.file && statSync(run.images, { throwIfNoEntry: false })) {
      expect(() => setWords(run.folder, { name: 'new' })).toThrow(sentence);
      expect(() => sendCommand(run.folder, 'stop')).toThrow(sentence);
    }
    expect(readFileSync(damaged).equals(before)).toBe(true);
  });
});

describe('a run file with noise in the middle', () => {
  it('fails with a sentence wherever the noise is met, never with anything else', () => {
    const { folder, file } = finishedRun();
    const whole = readFileSync(file);
    let refused = 0;
    for (let page = 0; page * 4096 < whole.length; page += page < 12 ? 1 : 7) {
      const broken = Buffer.from(whole);
      createHash('shake256', { outputLength: 4096 - 100 })
        .update(String(page))
        .digest()
        .copy(broken, page * 4096 + 100);
      writeFileSync(file, broken);
      try {
        const reader = openRunReader(folder);
        try {
          reader.detail();
          for (const tag of ['loss/d', 'loss/g']) {
            reader.series(tag, {}, 100);
            for (const _ of reader.allPoints(tag));
          }
          reader.newPoints(10, 100);
        } finally {
          reader.close();
        }
      } catch (error) {
        expect(error, `page ${page}`).toBeInstanceOf(UserError);
        expect((error as Error).message).toContain(folder);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(5);
  });
});

describe('a folder without a run', () => {
  it('is named', () => {
    const folder = temporaryFolder();
    for (const attempt of [
      () => openRunReader(folder),
      () => openRunWriter(folder),
      () => setWords(folder, { name: 'x' }),
    ]) {
      expect(attempt).toThrow(UserError);
      expect(attempt).toThrow(`There is no run file at ${join(folder, 'run.sqlite')}. Is this the folder of a run?`);
    }
  });
});

describe.runIf(process.platform !== 'win32')('a run in a folder that cannot be written', () => {
  it('is read all the same, and refuses to be changed with a sentence', () => {
    const { folder } = finishedRun();
    for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o444);
    chmodSync(folder, 0o555);
    chmodSync(join(folder, '..'), 0o755);
    // The superuser may write anywhere.
    const superuser = process.geteuid?.() === 0;
    if (superuser) process.seteuid!(65534);
    try {
      const reader = openRunReader(folder);
      expect(reader.summary()).toMatchObject({
        state: { phase: 'finished' },
        lastValues: { 'loss/d': Math.fround(Math.sin(39_999)) },
      });
      expect(reader.imageBytes(3)!.png).toHaveLength(30_000);
      reader.close();
      expect(() => openRunWriter(folder)).toThrow(UserError);
      expect(() => setWords(folder, { name: 'x' })).toThrow(/cannot be (written|opened)/);
    } finally {
      if (superuser) process.seteuid!(0);
      chmodSync(folder, 0o755);
    }
  });
});
