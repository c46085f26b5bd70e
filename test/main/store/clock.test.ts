// A clock that is set back while a run trains, or between two trainings of it.

import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRun } from '../../../src/main/store/create.ts';
import { openClock } from '../../../src/main/store/clock.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine, sampleImage } from './sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOON }));
afterEach(() => void vi.useRealTimers());

it('goes on from where it was, at the speed of the real one', () => {
  const clock = openClock(NOON + 500);
  expect(clock()).toBe(NOON + 500);
  vi.setSystemTime(NOON + 2000);
  expect(clock()).toBe(NOON + 2500);
  vi.setSystemTime(NOON - DAY);
  expect(clock()).toBe(NOON + 2500);
  vi.setSystemTime(NOON - DAY + 70);
  expect(clock()).toBe(NOON + 2570);
});

it('leaves every recorded time in order, the duration positive, the run alive and its remaining time as it is', () => {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord({ createdMs: NOON - 1000 }));
  const reader = openRunReader(folder);
  const logFrom = (step: number, endMs: number, phase: 'stopped' | 'finished'): void => {
    const writer = openRunWriter(folder);
    writer.start(machine);
    for (let k = 0; k < 100; k++) {
      writer.scalar('loss/d', step + k, 1);
      if (k % 10 === 0) writer.image(sampleImage(step + k));
      if (k === 50) vi.setSystemTime(endMs);
      vi.setSystemTime(Date.now() + 100);
    }
    writer.progress(step + 100, 10, true);
    const { state, remainingMs } = reader.summary();
    expect([state.phase, remainingMs]).toEqual(['running', (1000 - step - 100) * 100]);
    writer.phase(phase, step + 100);
    writer.close();
  };
  logFrom(0, NOON - DAY, 'stopped');
  vi.setSystemTime(NOON - 3 * DAY);
  logFrom(100, NOON - 5 * DAY, 'finished');

  const inOrder = (times: readonly number[]): boolean => times.every((time, k) => k === 0 || time >= times[k - 1]!);
  const { wallMs } = reader.series('loss/d', {}, 1000);
  const events = reader.newEvents(-1).map((event) => event.wallMs);
  const images = reader.images('samples').map((image) => image.wallMs);
  expect([wallMs.length, events.length, images.length]).toEqual([200, 5, 20]);
  expect([inOrder([...wallMs]), inOrder(events), inOrder(images)]).toEqual([true, true, true]);
  const { startedMs, endedMs } = reader.summary();
  // 200 steps of a tenth of a second; the pauses between are not known.
  expect(endedMs! - startedMs!).toBeGreaterThanOrEqual(19_000);
  expect(endedMs! - startedMs!).toBeLessThan(25_000);
  reader.close();
});
