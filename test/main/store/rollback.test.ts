// A resume takes back what came after its checkpoint: afterwards the run reads as if it had never been.

import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { setWords, starCheckpoint } from '../../../src/main/store/words.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine, sampleImage } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((one) => one.close()));

function newRun(): { folder: string; writer: () => RunWriter; reader: () => RunReader } {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const keep = <One extends { close(): void }>(one: One): One => (open.push(one), one);
  return { folder, writer: () => keep(openRunWriter(folder)), reader: () => keep(openRunReader(folder)) };
}

const checkpoint = (step: number) => ({
  step,
  file: `checkpoints/${step}.safetensors`,
  bytes: 10,
  sha256: 'ab',
  wallMs: 1_800_000_000_000,
  reason: 'every 500 steps',
  starred: false,
  measures: { 'loss/d': step },
});

/** Even, uneven and rare steps; one NaN in 97. */
function log(writer: RunWriter, from: number, to: number): void {
  for (let step = from; step <= to; step++) {
    const value = step % 97 === 0 ? NaN : Math.fround(Math.sin(step));
    writer.scalar('loss/d', step, value);
    if (step % 3 === 0 || step % 7 === 0) writer.scalar('uneven', step, value);
    if (step > 900 && step % 100 === 0) writer.scalar('late', step, value);
    if (step % 100 === 0) writer.image(sampleImage(step));
    if (step % 2500 === 0) writer.checkpoint(checkpoint(step));
    writer.progress(step, 100);
  }
}

/** Everything but wall times, ids and cursors. */
function contents(reader: RunReader): object {
  const { scalarTags, imageTags, checkpoints } = reader.detail();
  const { step, lastValues } = reader.summary();
  return {
    step,
    lastValues,
    imageTags,
    checkpoints,
    points: scalarTags.map((tag) => [
      tag,
      [...reader.allPoints(tag)].flatMap(({ steps, values }) => [...steps].map((one, k) => [one, values[k]])),
    ]),
    overviews: scalarTags.map((tag) => ({ ...reader.series(tag, {}, 50), wallMs: null })),
    zooms: scalarTags.map((tag) => ({ ...reader.series(tag, { from: 37, to: 1e5 }, 20), wallMs: null })),
    images: reader.images('samples').map((row) => [row.step, [...reader.imageBytes(row.id)!.png]]),
  };
}

describe.each([0, 1, 333, 1024, 1500, 16_384, 17_408, 20_000])('a run taken back to step %i', (step) => {
  it('reads like one that never went further, says what went, and goes on like it', () => {
    const [long, short] = [newRun(), newRun()];
    const first = long.writer();
    first.start(machine);
    log(first, 1, 20_500);
    first.close();
    const reference = short.writer();
    reference.start(machine);
    log(reference, 1, step);
    reference.progress(step, null, true);

    const resumed = long.writer();
    const done = resumed.rollback(step);
    const reader = long.reader();
    expect(contents(reader)).toEqual(contents(short.reader()));
    const uneven = Array.from({ length: 20_500 }, (_, k) => k + 1).filter(
      (k) => k > step && (k % 3 === 0 || k % 7 === 0),
    );
    const late = Array.from({ length: 205 }, (_, k) => 100 * (k + 1)).filter((k) => k > step && k > 900);
    expect(done).toEqual({
      step,
      lastStep: 20_500,
      scalars: 20_500 - step + uneven.length + late.length,
      images: 205 - Math.floor(step / 100),
      checkpoints: Array.from({ length: 8 }, (_, k) => checkpoint(2500 * (k + 1))).filter((row) => row.step > step),
    });
    const [event] = reader.newEvents(-1).slice(-1);
    expect(event).toMatchObject({ kind: 'note', step });
    expect(event!.message).toMatch(
      `Went back to step ${step}: what was recorded up to step 20500 after it was removed, ${done.scalars} scalars, ${done.images} images and ${done.checkpoints.length} checkpoint`,
    );

    resumed.start(machine);
    expect(reader.newEvents(-1).at(-1)).toMatchObject({ kind: 'resumed', step });
    log(resumed, step + 1, 20_500);
    log(reference, step + 1, 20_500);
    for (const writer of [resumed, reference]) writer.progress(20_500, null, true);
    expect(contents(reader)).toEqual(contents(short.reader()));
  });
});

describe('a long run', () => {
  it('reads like one written at a stroke after being closed, taken back and gone on with, at every zoom', () => {
    const [parted, whole] = [newRun(), newRun()];
    const logScalars = (writer: RunWriter, from: number, to: number): void => {
      for (let step = from; step <= to; step++) {
        const value = step % 100_003 === 0 ? NaN : Math.sin(step / 1000) + (step % 7777);
        writer.scalar('even', step, value);
        if (step % 3 > 0) writer.scalar('uneven', step, value);
        writer.progress(step, null);
      }
      writer.progress(to, null, true);
    };
    // The second level's rows hold 262,144 points.
    for (const [from, to, backTo] of [
      [1, 290_000, 290_000],
      [290_001, 560_000, 541_000],
      [541_001, 700_000, 270_001],
      [270_002, 600_000, 600_000],
    ] as const) {
      const writer = openRunWriter(parted.folder);
      logScalars(writer, from, to);
      writer.close();
      const again = openRunWriter(parted.folder);
      again.rollback(backTo);
      again.close();
    }
    logScalars(whole.writer(), 1, 600_000);
    const [one, other] = [parted.reader(), whole.reader()];
    for (const tag of ['even', 'uneven']) {
      for (const from of [0, 1, 100_001, 262_144, 262_145, 262_146, 540_000]) {
        for (const to of [262_144, 262_145, 400_000, 541_001, 600_000]) {
          for (const maxPoints of [7, 100, 1000]) {
            const read = (reader: RunReader) => ({ ...reader.series(tag, { from, to }, maxPoints), wallMs: null });
            expect(read(one), `${tag} ${from} to ${to}`).toEqual(read(other));
          }
        }
      }
    }
  });
});

describe('taking back', () => {
  it('nothing leaves no word', () => {
    const { writer, reader } = newRun();
    const write = writer();
    log(write, 1, 50);
    write.progress(50, null, true);
    const [read, cursor] = [reader(), reader().cursor()];
    expect(write.rollback(50)).toEqual({ step: 50, lastStep: 50, scalars: 0, images: 0, checkpoints: [] });
    expect([read.cursor(), read.newEvents(-1).length]).toEqual([cursor, 1]);
  });

  it('leaves words and stars, and ids of images that were used', () => {
    const { folder, writer, reader } = newRun();
    const write = writer();
    log(write, 1, 500);
    write.checkpoint(checkpoint(500));
    log(write, 501, 1000);
    setWords(folder, { name: 'mine', tags: ['a'] });
    starCheckpoint(folder, 500, true);
    const read = reader();
    const used = Math.max(...read.images('samples').map(({ id }) => id));
    write.rollback(500);
    write.image(sampleImage(600));
    expect(read.summary()).toMatchObject({ name: 'mine', tags: ['a'] });
    expect(read.detail().checkpoints).toEqual([{ ...checkpoint(500), starred: true }]);
    expect(read.images('samples').at(-1)!.id).toBeGreaterThan(used);
  });
});

describe('checkpoints', () => {
  it('keep their measures, NaN too, and the star that the user gave them, and go one by one', () => {
    const { folder, writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    const row = { ...checkpoint(5), measures: { 'loss/d': NaN, fid: Infinity, 'loss/g': -0.25 } };
    write.checkpoint(row);
    write.checkpoint(checkpoint(9));
    starCheckpoint(folder, 5, true);
    write.checkpoint({ ...row, reason: 'paused' });
    expect(write.checkpoints()).toEqual([{ ...row, reason: 'paused', starred: true }, checkpoint(9)]);
    starCheckpoint(folder, 5, false);
    expect(read.detail().checkpoints[0]!.starred).toBe(false);
    write.dropCheckpoint(5);
    expect(read.detail().checkpoints).toEqual([checkpoint(9)]);
    expect(() => starCheckpoint(folder, 5, true)).toThrow(/has no checkpoint of step 5/);
  });

  it('come with the event that says so, and are kept for a reason from the alert that gives it', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.checkpoint(checkpoint(4));
    write.checkpoint(checkpoint(5), 'paused: checkpoints/5.safetensors');
    const verdict = { rule: 'not-finite', since: 7, over: null, message: 'loss/d is NaN.', remedy: '', settings: {} };
    write.alert(7, verdict, 5);
    expect(read.newEvents(-1).map(({ kind, step, message }) => [kind, step, message])).toEqual([
      ['created', 0, ''],
      ['checkpoint', 5, 'paused: checkpoints/5.safetensors'],
      ['alert', 7, 'loss/d is NaN.'],
    ]);
    expect(read.newCheckpoints(-1)).toEqual([
      checkpoint(4),
      { ...checkpoint(5), keptBecause: 'the last before the alert at step 7' },
    ]);
  });

  it('are committed together with everything logged before them', () => {
    const { writer, reader } = newRun();
    const [write, read] = [writer(), reader()];
    write.scalar('loss/d', 5, 1);
    write.checkpoint(checkpoint(5));
    expect(read.summary().lastValues).toEqual({ 'loss/d': 1 });
  });
});
