// The window at full size, in a real browser against a real server: opening Compare, filtering and sorting the table,
// dragging the step bar, memory, start, delete. `npm run bench:window` builds the window and prints a table; the bars are
// those of the product. `--quick` takes a tenth of everything; the names at the end (`table`, `compare` ...) are parts of it to be
// taken alone; `--python FILE` of a Python with TensorBoard puts its window beside P1. Figures hold for this machine and its load.

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { measureBusyWindow } from './window/busy.ts';
import {
  isQuick,
  makeHome,
  median,
  memoryOf,
  part,
  percentile,
  print,
  readFrames,
  root,
  runIds,
  serve,
  untilCharts,
  watchFrames,
  withPage,
} from './window/ground.ts';
import { measureEightLive, measureReportToPixel } from './window/live.ts';
import { measureTable } from './window/table.ts';
import { measureTensorBoard } from './window/tensorboard.ts';

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
    await watchFrames(page);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 2, y);
    await page.mouse.down();
    for (let share = 1; share >= 0; share -= 0.005) await page.mouse.move(box.x + 2 + share * (box.width - 4), y);
    await page.mouse.up();
    const frames = await readFrames(page);
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

/** The grids of 8 runs side by side as one film, those of one run as GIF, and every scalar of a run as CSV. */
async function measureExports(browser: Browser): Promise<void> {
  await measureCsv(browser);
  const grids = part(500);
  for (const side of [256, 1024]) {
    const home = await makeHome({ runs: 8, tags: 2, points: 10 * grids, grids, side });
    const ids = runIds(home);
    const served = await serve(home);
    await withPage(browser, served, async (page) => {
      const { origin } = new URL(served.url);
      for (const format of ['mp4', 'webm']) {
        await page.goto(`${origin}/#/compare?runs=${ids.join(',')}`);
        await page.getByRole('button', { name: 'Film …' }).click();
        printExport(`8 runs x ${grids} grids of ${side} px as one film`, await timeOf(page, format));
      }
      await page.goto(`${origin}/#/run/${ids[0]}`);
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: 'Training as GIF, WebP or video' }).click();
      printExport(`1 run x ${grids} grids of ${side} px`, await timeOf(page, 'gif'));
    });
    served.server.kill('SIGTERM');
  }
}

interface ExportTime {
  readonly size: string;
  readonly seconds: number;
}

function printExport(what: string, { size, seconds }: ExportTime): void {
  print('P11', `${what}, ${size}`, 'under 10 s', `${seconds.toFixed(1)} s`);
}

/** From the press of the button to the file saved: all grids, in the size that the dialog offers first. */
async function timeOf(page: Page, format: string): Promise<ExportTime> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Format').selectOption(format);
  await dialog.getByLabel('Grids').selectOption({ index: 0 });
  const size = await dialog.getByLabel('Size').locator('option:checked').innerText();
  const make = dialog.getByRole('button', { name: 'Make', exact: true });
  await make.and(page.locator(':enabled')).waitFor();
  const begun = performance.now();
  await Promise.all([page.waitForEvent('download', { timeout: 600_000 }), make.click()]);
  return { size: `${format} ${size}`, seconds: (performance.now() - begun) / 1000 };
}

async function measureCsv(browser: Browser): Promise<void> {
  const [tags, points] = [10, part(100_000)];
  const home = await makeHome({ runs: 1, tags, points, grids: 0, side: 1024 });
  const [id] = runIds(home);
  const served = await serve(home);
  await withPage(browser, served, async (page) => {
    const begun = performance.now();
    const text = await page.evaluate(async (path) => (await fetch(path)).text(), `/data/export/${id}/scalars.csv`);
    const seconds = (performance.now() - begun) / 1000;
    const lines = text.trimEnd().split('\n').length - 1;
    if (lines !== tags * points) throw new Error(`CSV: expected ${tags * points} points, found ${lines}`);
    print(
      'P11',
      `${lines.toLocaleString('en')} scalars of a run as CSV, every point there`,
      'exact',
      `${seconds.toFixed(1)} s`,
    );
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
  // Debian's Chromium paints by a graphics card even where there is none, on a simulated one, which no user's browser does.
  args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
const parts = {
  table: measureTable,
  compare: measureCompare,
  tensorboard: measureTensorBoard,
  bar: measureStepBar,
  export: measureExports,
  pixel: measureReportToPixel,
  live: measureEightLive,
  busy: measureBusyWindow,
};
const named = Object.entries(parts).filter(([name]) => process.argv.includes(name));
for (const [, measure] of named.length > 0 ? named : Object.entries(parts)) await measure(browser);
await browser.close();
process.exit(0);
