// Small flushes leave their points in the tail: nobody who reads may see where a point lies, and no end of a process
// may lose one.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((one) => one.close()));
const keep = <One extends { close(): void }>(one: One): One => (open.push(one), one);

function newFolder(): string {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  return folder;
}

const valueAt = (step: number): number => (step % 97 === 0 ? NaN : Math.fround(Math.sin(step)));

/** Even, uneven and rare steps, one flush every `each` steps. */
function log(writer: RunWriter, from: number, to: number, each: number): void {
  for (let step = from; step <= to; step++) {
    writer.scalar('even', step, valueAt(step));
    if (step % 3 === 0 || step % 7 === 0) writer.scalar('uneven', step, valueAt(step));
    if (step % 50 === 0) writer.scalar('rare', step, valueAt(step));
    writer.progress(step, 10, step % each === 0);
  }
}

function tailBytes(folder: string): number {
  const db = new Database(join(folder, 'run.sqlite'), { readonly: true });
  const bytes = db.prepare<[], number>('SELECT coalesce(length(tail), 0) FROM progress').pluck().get()!;
  db.close();
  return bytes;
}

/** Every way to ask for scalars; wall times are those of two different runs. */
function answers(reader: RunReader): object {
  const { scalarTags } = reader.detail();
  const read = (tag: string, from: number, to: number, most: number): object => {
    return { ...reader.series(tag, { from, to }, most), wallMs: null };
  };
  return {
    scalarTags,
    last: reader.summary().lastValues,
    all: scalarTags.map((tag) => [...reader.allPoints(tag)].flatMap(({ steps, values }) => [...steps, ...values])),
    whole: scalarTags.map((tag) => read(tag, -Infinity, Infinity, 50)),
    ends: scalarTags.map((tag) => [read(tag, 1500, 1e6, 2000), read(tag, 990, 1030, 9), read(tag, 1, 1010, 30)]),
    news: [0, 1000, 1024, 1900, 1990].map((after) =>
      reader.newPoints(after, 600).points.map((points) => ({ ...points, wallMs: null })),
    ),
  };
}

describe.each([1003, 1023, 1024, 1025, 1999])('%i steps in small flushes', (steps) => {
  it('read like the same steps in one flush, from the tail, after a kill and after the end', () => {
    const [small, whole] = [newFolder(), newFolder()];
    const writer = openRunWriter(small);
    log(writer, 1, steps, 7);
    writer.progress(steps, 10, true);
    const other = keep(openRunWriter(whole));
    log(other, 1, steps, Infinity);
    other.progress(steps, 10, true);
    const expected = answers(keep(openRunReader(whole)));
    expect(answers(keep(openRunReader(small)))).toEqual(expected);

    // What a kill leaves: the files as they lie there.
    const killed = join(temporaryFolder(), ID);
    cpSync(small, killed, { recursive: true });
    writer.close();
    expect(tailBytes(small)).toBe(0);
    expect(answers(keep(openRunReader(small)))).toEqual(expected);
    const killedBytes = tailBytes(killed);
    expect(answers(keep(openRunReader(killed)))).toEqual(expected);
    expect(tailBytes(killed)).toBe(killedBytes);
  });
});

describe('a run killed with points in its tail', () => {
  const killedAt = (steps: number): string => {
    const [folder, killed] = [newFolder(), join(temporaryFolder(), ID)];
    const writer = openRunWriter(folder);
    log(writer, 1, steps, 5);
    expect(tailBytes(folder)).toBeGreaterThan(0);
    cpSync(folder, killed, { recursive: true });
    // Its process is this one: only the copy's owner has to be gone.
    const db = new Database(join(killed, 'run.sqlite'));
    db.exec('UPDATE progress SET pid = NULL');
    db.close();
    writer.close();
    return killed;
  };

  it('goes on from them, and never lets a step stand twice', () => {
    const [killed, whole] = [killedAt(1040), newFolder()];
    const again = keep(openRunWriter(killed));
    expect(() => again.scalar('even', 1040, 1)).toThrow('even: step 1040 does not follow 1040');
    log(again, 1041, 1999, 5);
    const other = keep(openRunWriter(whole));
    log(other, 1, 1999, Infinity);
    for (const writer of [again, other]) writer.progress(1999, 10, true);
    expect(answers(keep(openRunReader(killed)))).toEqual(answers(keep(openRunReader(whole))));
  });

  it.each([0, 700, 1022, 1038])('is taken back to step %i, in the tail or before it', (step) => {
    const [killed, short] = [killedAt(1040), newFolder()];
    const again = keep(openRunWriter(killed));
    const { scalars } = again.rollback(step);
    const gone = Array.from({ length: 1040 - step }, (_, k) => step + k + 1);
    const uneven = gone.filter((one) => one % 3 === 0 || one % 7 === 0).length;
    expect(scalars).toBe(gone.length + uneven + gone.filter((one) => one % 50 === 0).length);
    const other = keep(openRunWriter(short));
    log(other, 1, step, Infinity);
    other.progress(step, 10, true);
    expect(answers(keep(openRunReader(killed)))).toEqual(answers(keep(openRunReader(short))));
  });
});

describe('a tail', () => {
  it('stays short, and one that is not whole is refused with a sentence', () => {
    const folder = newFolder();
    const writer = keep(openRunWriter(folder));
    let longest = 0;
    for (let step = 1; step <= 700; step++) {
      for (let tag = 0; tag < 11; tag++) writer.scalar(`tag ${tag}`, step, step);
      writer.progress(step, 10, step % 5 === 0);
      if (step % 5 === 0) longest = Math.max(longest, tailBytes(folder));
    }
    expect(longest).toBeGreaterThan(2000);
    expect(longest).toBeLessThanOrEqual(8192);
    const db = keep(new Database(join(folder, 'run.sqlite')));
    db.exec("UPDATE progress SET tail = x'0011223344556677'");
    expect(() => keep(openRunReader(folder)).summary()).toThrow(/is damaged: its newest points are not whole/);
  });
});
