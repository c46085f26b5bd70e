// Whether a process is still there: ids that are used again, other machines and clocks that jump must not fool it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAlive, thisProcess } from '../../../src/main/store/owner.ts';

const NOW = 1_800_000_000_000;

describe('the owner of a run', () => {
  it('is alive while its process is', () => {
    expect(isAlive(thisProcess(), 0, NOW)).toBe(process.platform === 'linux');
    expect(isAlive(thisProcess(), NOW - 1000, NOW)).toBe(true);
  });

  it('is gone when its process is, however fresh its last sign of life', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isAlive({ ...thisProcess(), pid: child.pid! }, NOW, NOW)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('is gone when its id belongs to a process that started later', () => {
    const { mark, ...me } = thisProcess();
    const [boot, namespace, started] = mark.split(' ');
    expect(isAlive({ ...me, mark: `${boot} ${namespace} ${Number(started) - 1}` }, NOW, NOW)).toBe(false);
    expect(isAlive({ ...me, mark: `${boot}x ${namespace} ${started}` }, NOW, NOW)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('in another container of this machine is judged by its heartbeat', () => {
    const { mark, ...me } = thisProcess();
    const elsewhere = { ...me, mark: mark.replace('pid:[', 'pid:[9') };
    expect([isAlive(elsewhere, NOW - 60_000, NOW), isAlive(elsewhere, NOW - 180_000, NOW)]).toEqual([true, false]);
  });

  it('on another machine is judged by its heartbeat, also when the clocks disagree', () => {
    const elsewhere = { ...thisProcess(), host: 'another machine' };
    const silence = [0, 60_000, 180_000, -3_600_000];
    expect(silence.map((ms) => isAlive(elsewhere, NOW - ms, NOW))).toEqual([true, true, false, true]);
  });

  it('without a mark needs both its id in use and a heartbeat', () => {
    const unmarked = { ...thisProcess(), mark: '' };
    expect([isAlive(unmarked, NOW, NOW), isAlive(unmarked, NOW - 3_600_000, NOW)]).toEqual([true, false]);
    expect(isAlive({ ...unmarked, pid: 2 ** 22 + 1 }, NOW, NOW)).toBe(false);
  });
});
