// The window at full size, in a real browser against a real server: opening Compare, filtering and sorting the table,
// dragging the step bar, memory, start, delete. `npm run bench:window` builds the window and prints a table; the bars are
// those of the product. `--quick` takes a tenth of everything; `table`, `compare` and `bar` name parts of it. Figures hold for this machine and its load.

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from '@playwright/test';
import { fillLibrary, type LibrarySize } from './library.ts';

const isQuick = process.argv.includes('--quick');
const part = (count: number): number => (isQuick ? Math.ceil(count / 10) : count);
const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'src/main/cli.ts');
const homes: string[] = [];
process.on('exit', () => homes.forEach((home) => rmSync(home, { recursive: true, force: true })));

interface Served {
  readonly url: string;
  readonly startedMs: number;
  readonly server: ChildProcess;
}

async function makeHome(size: LibrarySize): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'saddle-window-'));
  homes.push(home);
  mkdirSync(join(home, 'runs'));
  await fillLibrary(join(home, 'runs'), size);
  return home;
}

async function serve(home: string): Promise<Served> {
  const startedMs = performance.now();
  const env = { ...process.env, SADDLE_HOME: home };
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout }))
    return { url: (JSON.parse(line) as { url: string }).url, startedMs, server };
  throw new Error('the server ended before it listened');
}

async function withPage<Result>(browser: Browser, served: Served, work: (page: Page) => Promise<Result>) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(served.url);
  try {
    return await work(page);
  } finally {
    await context.close();
  }
}

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1]!;
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

function print(id: string, what: string, bar: string, measured: string): void {
  console.log(`${id.padEnd(5)}${what.padEnd(76)}${bar.padEnd(18)}${measured}`);
}

function runIds(home: string): string[] {
  const env = { ...process.env, SADDLE_HOME: home };
  const { stdout } = spawnSync(process.execPath, [cli, 'runs', '--json'], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
}

/** Milliseconds until `count` charts have their curves: something of a run's colour is painted in each. */
async function untilCharts(page: Page, count: number): Promise<number> {
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

async function measureCompare(browser: Browser): Promise<void> {
  const points = part(100_000);
  const home = await makeHome({ runs: 50, tags: 10, points, grids: 0, side: 1024 });
  const ids = runIds(home);
  const served = await serve(home);
  const [first, four, memory]: number[][] = [[], [], []];
  for (let round = 0; round < 3; round++) {
    await withPage(browser, served, async (page) => {
      const begun = performance.now();
      await page.goto(`${new URL(served.url).origin}/#/compare?runs=${ids.join(',')}`);
      await untilCharts(page, 1);
      first!.push(performance.now() - begun);
      await untilCharts(page, 4);
      four!.push(performance.now() - begun);
      memory!.push(await memoryOf(page));
    });
  }
  const what = `Compare of 50 runs x 10 scalars x ${points.toLocaleString('en')} steps`;
  print('P1', `${what}: first chart`, 'under 1,000 ms', `${median(first!).toFixed(0)} ms`);
  print('P1', `${what}: the four of the page`, 'under 3,000 ms', `${median(four!).toFixed(0)} ms`);
  print('P4', 'heap of the window after it', 'under 500 MB', `${median(memory!).toFixed(0)} MB`);
  served.server.kill('SIGTERM');
}

/** MB of JavaScript heap after a collection. */
async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value / 1e6;
}

async function measureTable(browser: Browser): Promise<void> {
  const runs = part(1000);
  const home = await makeHome({ runs, tags: 4, points: 250, grids: 0, side: 1024 });
  const served = await serve(home);
  await withPage(browser, served, async (page) => {
    await page.locator('tbody .name a').first().waitFor();
    print(
      'P9',
      `from the start of the server to ${runs} runs in the table`,
      'under 2,000 ms',
      `${(performance.now() - served.startedMs).toFixed(0)} ms`,
    );
    const keys = await afterPaint(page, [...'run 77 batchSize=64']);
    print(
      'P2',
      `filter ${runs} runs, a keystroke (median, slowest)`,
      'under 100 ms',
      `${median(keys).toFixed(0)} ms, ${Math.max(...keys).toFixed(0)} ms`,
    );
    await page.getByLabel('Filter runs').fill('');
    const sorts: number[] = [];
    for (let round = 0; round < 5; round++) {
      sorts.push(
        await page.getByRole('button', { name: 'loss/d', exact: true }).evaluate(
          (button: HTMLElement) =>
            new Promise<number>((done) => {
              const begun = performance.now();
              button.click();
              requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
            }),
        ),
      );
    }
    print('P2', `sort ${runs} runs`, 'under 100 ms', `${median(sorts).toFixed(0)} ms`);
    await measureDelete(page);
  });
  served.server.kill('SIGTERM');
}

/** Milliseconds from each key to the end of the task after the next frame. */
async function afterPaint(page: Page, typed: readonly string[]): Promise<number[]> {
  const field = page.getByLabel('Filter runs');
  const times: number[] = [];
  for (let at = 1; at <= typed.length; at++) {
    times.push(
      await field.evaluate(
        (input: HTMLInputElement, value) =>
          new Promise<number>((done) => {
            const begun = performance.now();
            input.value = value;
            input.dispatchEvent(new Event('input', { bubbles: true }));
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
          }),
        typed.slice(0, at).join(''),
      ),
    );
  }
  return times;
}

async function measureDelete(page: Page): Promise<void> {
  const count = part(100);
  const before = await page.locator('.count').innerText();
  // Seeds 0 to count - 1.
  await page.getByLabel('Filter runs').fill(`seed < ${count}`);
  await page
    .getByLabel(/^Select all|^Select the/)
    .first()
    .check();
  await page.getByRole('button', { name: `Delete ${count}` }).click();
  const begun = performance.now();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.locator('tbody .name a').first().waitFor({ state: 'detached' });
  print(
    'P12',
    `delete ${count} runs, until they are gone from the table (${before.trim()} before)`,
    'under 1,000 ms',
    `${(performance.now() - begun).toFixed(0)} ms`,
  );
}

async function measureStepBar(browser: Browser): Promise<void> {
  const grids = part(500);
  const home = await makeHome({ runs: 8, tags: 2, points: 10 * grids, grids, side: 1024 });
  const ids = runIds(home);
  const served = await serve(home);
  await withPage(browser, served, async (page) => {
    await page.goto(`${new URL(served.url).origin}/#/compare?runs=${ids.join(',')}`);
    await page
      .getByRole('img', { name: /samples\/fixed at step/ })
      .first()
      .waitFor();
    const bar = page.getByRole('slider', { name: 'Step of the samples' });
    await bar.scrollIntoViewIfNeeded();
    const box = (await bar.boundingBox())!;
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
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 2, y);
    await page.mouse.down();
    for (let share = 1; share >= 0; share -= 0.005) await page.mouse.move(box.x + 2 + share * (box.width - 4), y);
    await page.mouse.up();
    const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(1));
    print(
      'P3',
      `8 runs x ${grids} grids of 1024 px, step bar dragged: p95 of a frame`,
      'under 50 ms',
      `${percentile(frames, 0.95).toFixed(0)} ms (median ${median(frames).toFixed(0)})`,
    );
    await bar.press('Home');
    const seen = new Set<string>();
    for (let step = 0; step < grids; step++) {
      seen.add((await bar.getAttribute('aria-valuetext')) ?? (await bar.inputValue()));
      await bar.press('ArrowRight');
    }
    print('P3', 'steps that the arrow keys reach', `${grids}`, String(seen.size));
    print('P4', 'heap of the window after it', 'under 500 MB', `${(await memoryOf(page)).toFixed(0)} MB`);
  });
  served.server.kill('SIGTERM');
}

execFileSync(
  process.execPath,
  [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
  { cwd: root, stdio: 'inherit' },
);
console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}, headless Chromium, ${isQuick ? 'a tenth of the full size' : 'full size'}\n`,
);
const browser = await chromium.launch({
  executablePath: process.env['SADDLE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const parts = { table: measureTable, compare: measureCompare, bar: measureStepBar };
const named = Object.entries(parts).filter(([name]) => process.argv.includes(name));
for (const [, measure] of named.length > 0 ? named : Object.entries(parts)) await measure(browser);
await browser.close();
process.exit(0);
