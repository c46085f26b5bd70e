// What the parts of bench/window.ts share: a library made for the measurement, a server over it, a page, and the numbers of
// a table. Everything made goes with the process.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from '@playwright/test';
import { fillLibrary, type LibrarySize } from '../library.ts';

export const isQuick = process.argv.includes('--quick');
/** A tenth of it with `--quick`. */
export const part = (count: number): number => (isQuick ? Math.ceil(count / 10) : count);
export const root = resolve(import.meta.dirname, '../..');
export const cli = join(root, 'src/main/cli.ts');
const homes: string[] = [];
const children: ChildProcess[] = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Ends with this process, however that ends. */
export function endWithUs<Child extends ChildProcess>(child: Child): Child {
  children.push(child);
  return child;
}

export interface Served {
  readonly url: string;
  readonly startedMs: number;
  readonly server: ChildProcess;
}

export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'saddle-window-'));
  homes.push(home);
  mkdirSync(join(home, 'runs'));
  return home;
}

export async function makeHome(size: LibrarySize): Promise<string> {
  const home = newHome();
  await fillLibrary(join(home, 'runs'), size);
  return home;
}

export async function serve(home: string): Promise<Served> {
  const startedMs = performance.now();
  const env = { ...process.env, SADDLE_HOME: home };
  const server = endWithUs(
    spawn(process.execPath, [cli, 'serve', '--port', '0', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  for await (const line of createInterface({ input: server.stdout }))
    return { url: (JSON.parse(line) as { url: string }).url, startedMs, server };
  throw new Error('the server ended before it listened');
}

export async function withPage<Result>(browser: Browser, served: Served, work: (page: Page) => Promise<Result>) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(served.url);
  try {
    return await work(page);
  } finally {
    await context.close();
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1]!;
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export function print(id: string, what: string, bar: string, measured: string): void {
  console.log(`${id.padEnd(5)}${what.padEnd(76)}${bar.padEnd(18)}${measured}`);
}

export function runIds(home: string): string[] {
  const env = { ...process.env, SADDLE_HOME: home };
  const { stdout } = spawnSync(process.execPath, [cli, 'runs', '--json'], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
}

/** Milliseconds until `count` charts have their curves: something of a run's colour is painted in each. */
export async function untilCharts(page: Page, count: number): Promise<number> {
  const begun = performance.now();
  await page.waitForFunction(
    (wanted) => {
      const isPainted = (canvas: HTMLCanvasElement) => {
        if (canvas.width === 0) return false;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let coloured = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
          if (data[at + 3]! > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
        }
        return coloured > 500;
      };
      return (
        [...document.querySelectorAll('figure canvas')].filter((canvas) => isPainted(canvas as HTMLCanvasElement))
          .length >= wanted
      );
    },
    count,
    { polling: 20 },
  );
  return performance.now() - begun;
}

/** From now on the page keeps how long each of its frames took; `readFrames` gives them. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    const tick = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { frames });
  });
}

/** Milliseconds, without the first. */
export function readFrames(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(1));
}

/** Seconds of work of the page's own thread since then: less moved by what else the machine does than frames are. */
export async function watchWork(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await read();
  return async () => (await read()) - before;
}

/** MB of JavaScript heap after a collection. */
export async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value / 1e6;
}
