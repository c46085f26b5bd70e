// What is left of a run when its process is killed without warning, with real processes and the real signal.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunReader } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const PROGRAM = fileURLToPath(new URL('logging-process.ts', import.meta.url));
/** SADDLE_TORTURE=200 for the long run. */
const KILLS = Number(process.env['SADDLE_TORTURE'] ?? 10);

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

function startLogging(folder: string): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  return child;
}

async function until(happened: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!happened()) {
    if (Date.now() > end) throw new Error('it did not happen within 20 s');
    await sleep(5);
  }
}

function integrity(path: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    return db.pragma('integrity_check', { simple: true });
  } finally {
    db.close();
  }
}

/** Every tag holds each step once, with the value that the process logged; the last one's step and time. */
function checkScalars(reader: RunReader): { step: number; wallMs: number } {
  const ends = reader.detail().scalarTags.map((tag, k) => {
    let [step, wallMs] = [0, 0];
    for (const points of reader.allPoints(tag)) {
      for (let at = 0; at < points.steps.length; at++) {
        step++;
        const value = step % 97 === 0 ? NaN : Math.fround(step * (k + 1));
        if (points.steps[at] !== step || !Object.is(points.values[at], value)) {
          throw new Error(`${tag} step ${step}: found ${points.values[at]} at step ${points.steps[at]}`);
        }
      }
      wallMs = points.wallMs.at(-1)!;
    }
    return { step, wallMs };
  });
  expect(new Set(ends.map(({ step }) => step)).size).toBe(1);
  return ends[0]!;
}

it(
  `survives ${KILLS} kills at random times under load, losing at most a second each`,
  { timeout: 60_000 + KILLS * 15_000 },
  async () => {
    const folder = join(temporaryFolder(), ID);
    createRun(folder, sampleRecord());
    const reader = openRunReader(folder);
    let [checkpoint, steps] = [0, 0];
    for (let kill = 0; kill < KILLS; kill++) {
      const child = startLogging(folder);
      await until(() => reader.summary().state.phase === 'running');
      const runningMs = Date.now();
      await sleep(200 + Math.random() * 1200);
      const killedMs = Date.now();
      child.kill('SIGKILL');
      await once(child, 'exit');

      expect([integrity(join(folder, 'run.sqlite')), integrity(join(folder, 'images.sqlite'))]).toEqual(['ok', 'ok']);
      expect(reader.summary().state).toEqual({ phase: 'interrupted' });
      const last = checkScalars(reader);
      // Nothing new at all is right only for a process that had hardly begun.
      expect(killedMs - (last.step > checkpoint ? last.wallMs : runningMs)).toBeLessThanOrEqual(1000);
      const images = reader.images('samples');
      expect(images.map(({ step }) => step)).toEqual(images.map((_, k) => 100 * (k + 1)));
      expect(images.length).toBeGreaterThanOrEqual(Math.floor(last.step / 100));
      expect(images.every(({ id, step }) => reader.imageBytes(id)!.png[0] === (step & 255))).toBe(true);
      // That of the very last step may have been next.
      const checkpoints = reader.detail().checkpoints.map(({ step }) => step);
      const before = Array.from({ length: Math.ceil(last.step / 150) - 1 }, (_, k) => 150 * (k + 1));
      expect(checkpoints.filter((step) => step !== last.step)).toEqual(before);
      [checkpoint, steps] = [checkpoints.at(-1) ?? 0, last.step];
    }
    // 500 steps a second of 2,000 scalars: it was load.
    expect(steps).toBeGreaterThan(500);

    const writer = openRunWriter(folder);
    writer.rollback(steps);
    writer.start(machine);
    writer.scalar('loss/d', steps + 1, 1);
    writer.phase('stopped', steps + 1);
    writer.close();
    expect(reader.summary()).toMatchObject({ state: { phase: 'stopped' }, lastValues: { 'loss/d': 1 } });
    reader.close();
  },
);

it('is refused to a second writer while the process of the first lives, and free once it is gone', async () => {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const child = startLogging(folder);
  const reader = openRunReader(folder);
  await until(() => reader.summary().state.phase === 'running');
  expect(reader.summary().state).toEqual({ phase: 'running', pid: child.pid });
  expect(() => openRunWriter(folder)).toThrow(`is already being written by process ${child.pid} on`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  openRunWriter(folder).close();
  reader.close();
});
