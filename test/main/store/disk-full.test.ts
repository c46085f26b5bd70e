// A disk without room, for real: a file system of 3 MB where one may be mounted, and a limit on the size of files,
// which the system enforces likewise. Training waits, nothing is half-written, and with room it goes on as if nothing had been.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import { setWords } from '../../../src/main/store/words.ts';
import { ID, sampleRecord, temporaryFolder } from './sample-run.ts';

const PROGRAM = fileURLToPath(new URL('filling-process.ts', import.meta.url));
const STEPS = 3000;

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((one) => one()));

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Filling {
  readonly child: ChildProcess;
  /** Waits until the process has written a line that fits. */
  readonly says: (line: RegExp) => Promise<void>;
}

function startFilling(folder: string): Filling {
  const child = spawn(process.execPath, [PROGRAM, folder, String(STEPS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  undo.unshift(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (data) => (text += String(data)));
  const says = async (line: RegExp): Promise<void> => {
    while (!line.test(text)) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode} after: ${text}`);
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    }
  };
  return { child, says };
}

function checkWhole(folder: string): void {
  for (const name of ['run.sqlite', 'images.sqlite']) {
    const db = new Database(join(folder, name));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  }
  const reader = openRunReader(folder);
  const { summary, scalarTags, events } = reader.detail();
  expect(summary).toMatchObject({ state: { phase: 'finished' }, step: STEPS });
  scalarTags.forEach((tag, k) => {
    const points = [...reader.allPoints(tag)];
    const steps = Array.from({ length: STEPS }, (_, at) => at + 1);
    expect(points.flatMap(({ steps }) => [...steps])).toEqual(steps);
    expect(points.flatMap(({ values }) => [...values])).toEqual(steps.map((step) => step * (k + 1)));
  });
  expect(scalarTags).toHaveLength(4);
  expect(reader.images('samples').map(({ step }) => step)).toEqual(
    Array.from({ length: STEPS / 10 }, (_, k) => 10 * (k + 1)),
  );
  expect(events.filter(({ kind }) => kind === 'note')).toHaveLength(Math.floor(STEPS / 70));
  reader.close();
}

/**
 * While there is no room: what was committed reads as ever. The process stands still for as long as it is read: it tries
 * again ten times a second, and room that a moved write-ahead log makes would let it write between two tags.
 */
function checkWaiting(folder: string, child: ChildProcess): void {
  child.kill('SIGSTOP');
  const reader = openRunReader(folder);
  const { summary, scalarTags } = reader.detail();
  expect(['running', 'paused']).toContain(summary.state.phase);
  const last = scalarTags.map((tag) => [...reader.allPoints(tag)].reduce((sum, { steps }) => sum + steps.length, 0));
  reader.close();
  child.kill('SIGCONT');
  expect(new Set(last).size).toBe(1);
}

it('waits on a full file system, and goes on when there is room', async ({ skip }) => {
  const home = temporaryFolder();
  const mounted = process.platform === 'linux' && succeeds('mount', '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', home);
  if (!mounted) return skip('a small file system cannot be mounted here');
  undo.push(() => void succeeds('umount', '-l', home));
  const folder = join(home, 'läufe 実行', ID);
  mkdirSync(join(folder, '..'));
  createRun(folder, sampleRecord());
  const { child, says } = startFilling(folder);
  await says(
    /full at \d+: The disk is full, or a limit on sizes is reached: nothing more could be written to .*Make room/,
  );
  checkWaiting(folder, child);
  expect(() => setWords(folder, { notes: 'x'.repeat(1_000_000) })).toThrow(UserError);
  expect(() => createRun(join(home, 'other'), sampleRecord())).toThrow(/disk is full/);
  expect(succeeds('mount', '-o', 'remount,size=60m', home)).toBe(true);
  await says(/finished/);
  await once(child, 'exit');
  checkWhole(folder);
  rmSync(folder, { recursive: true });
});

it('waits at a limit on the size of files, and goes on when it is raised', async ({ skip }) => {
  if (!succeeds('prlimit', '--version')) return skip('there is no prlimit here');
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const { child, says } = startFilling(folder);
  succeeds('prlimit', '--pid', String(child.pid), '--fsize=1500000:unlimited');
  await says(/full at \d+: The disk is full, or a limit on sizes is reached/);
  checkWaiting(folder, child);
  expect(succeeds('prlimit', '--pid', String(child.pid), '--fsize=unlimited')).toBe(true);
  await says(/finished/);
  await once(child, 'exit');
  checkWhole(folder);
});
