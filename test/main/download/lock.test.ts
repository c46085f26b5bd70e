// The lock between processes: turns are taken, and nobody waits for the dead.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withLock } from '../../../src/main/download/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'saddle-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const module = resolve(import.meta.dirname, '../../../src/main/download/lock.ts');

/** A process that takes the lock, says so, and holds it for a while. */
function holder(file: string, ms: number): ReturnType<typeof spawn> {
  const program = `
    const { withLock } = await import(${JSON.stringify(module)});
    await withLock(${JSON.stringify(file)}, undefined, async () => {
      console.log('taken');
      await new Promise((done) => setTimeout(done, ${ms}));
    });`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const taken = (child: ReturnType<typeof spawn>): Promise<void> =>
  new Promise((done) => child.stdout?.once('data', () => done()));

describe('withLock', () => {
  it('waits until another process is done, and says who that is', async () => {
    const file = join(folder, 'waits');
    const child = holder(file, 600);
    await taken(child);
    const told: string[] = [];
    const startMs = performance.now();
    const answer = await withLock(
      file,
      undefined,
      () => Promise.resolve('done'),
      (who) => told.push(who),
    );
    expect(answer).toBe('done');
    expect(performance.now() - startMs).toBeGreaterThan(300);
    expect(told).toEqual([`${child.pid} on ${hostname()}`]);
    expect(existsSync(file)).toBe(false);
  });

  it('takes the lock of a process that was killed', async () => {
    const file = join(folder, 'killed');
    const child = holder(file, 60_000);
    await taken(child);
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    expect(existsSync(file)).toBe(true);
    expect(await withLock(file, undefined, () => Promise.resolve(1))).toBe(1);
  });

  it('takes the lock of another machine only when it has not been touched for minutes', async () => {
    const file = join(folder, 'elsewhere');
    writeFileSync(file, '1 on another-machine\n');
    const waiting = withLock(file, AbortSignal.timeout(500), () => Promise.resolve(1));
    await expect(waiting).rejects.toThrow('aborted due to timeout');
    const long = new Date(Date.now() - 300_000);
    utimesSync(file, long, long);
    expect(await withLock(file, undefined, () => Promise.resolve(1))).toBe(1);
  });

  it('gives the lock back when the work throws', async () => {
    const file = join(folder, 'throws');
    const problem = new Error('work');
    await expect(withLock(file, undefined, () => Promise.reject(problem))).rejects.toBe(problem);
    expect(existsSync(file)).toBe(false);
  });
});
