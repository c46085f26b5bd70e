// A lock between processes: a file that names its holder. A holder that died, or has not touched the file for two
// minutes, holds nothing.

import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 20_000;
const FORGOTTEN_MS = 120_000;
const LOOK_MS = 200;

/** Runs `work` when no other process holds the lock; `onWait` is told once that somebody does. Throws the signal's reason when aborted while waiting. */
export async function withLock<Result>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
  onWait?: (holder: string) => void,
): Promise<Result> {
  let told = false;
  while (!(await take(file))) {
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (await isForgotten(file, holder)) {
      await breakLock(file, holder);
      continue;
    }
    if (!told) onWait?.(holder.split('\n')[0] ?? '');
    told = true;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  const touching = setInterval(() => {
    // Only a sign of life: if it fails, the lock is at worst forgotten.
    utimes(file, new Date(), new Date()).catch(() => {});
  }, TOUCH_MS);
  touching.unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid} on ${hostname()}\n${crypto.randomUUID()}\n`, { flag: 'wx' });
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw problem;
  }
}

/** Removes the lock of this holder, and not one that somebody else has taken since it was read. */
async function breakLock(file: string, holder: string): Promise<void> {
  const aside = `${file}.${crypto.randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (problem) {
    // Another process was faster.
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw problem;
  }
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function isForgotten(file: string, holder: string): Promise<boolean> {
  const touched = await stat(file).then(
    (found) => found.mtimeMs,
    () => null,
  );
  if (touched === null) return false;
  if (Date.now() - touched > FORGOTTEN_MS) return true;
  const [, pid, host] = /^(\d+) on (.*)$/m.exec(holder) ?? [];
  return host === hostname() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    // EPERM: it lives, and belongs to somebody else.
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}
