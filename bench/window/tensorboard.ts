// TensorBoard's window beside P1: the same runs and scalars in its own event files, its own data server, the same browser.
// Needs `--python FILE`, a Python that has tensorboard and tensorboard-data-server; skipped without.

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import type { Browser, Page } from '@playwright/test';
import { decode } from 'fast-png';
import { createRandom } from '../../src/main/training/random.ts';
import { endWithUs, median, newHome, part, print, root } from './ground.ts';

const RUNS = 50;
const TAGS = 'loss/d loss/g loss/d_real loss/d_fake prob/d_real prob/d_fake acc/d_real acc/d_fake grad/d_norm grad/g_norm'.split(' '); // prettier-ignore
/** Of the runs; the others are copies, as its writer takes half a minute for each. */
const DISTINCT = 5;
const ROUNDS = 3;
/** The data server reads 50 x 10 x 100,000 in minutes at worst. */
const PATIENCE_MS = 600_000;

export async function measureTensorBoard(browser: Browser): Promise<void> {
  const at = process.argv.indexOf('--python');
  const python = at < 0 ? undefined : process.argv[at + 1];
  if (python === undefined) {
    console.log('TensorBoard’s window: left out, as there is no --python FILE');
    return;
  }
  const points = part(100_000);
  const folder = writeEvents(python, points);
  const args = ['-m', 'tensorboard.main', '--logdir', folder, '--host', '127.0.0.1', '--port', '0'];
  const server = endWithUs(spawn(python, args));
  try {
    const url = await firstAddress(server.stderr);
    const loadedS = await untilLoaded(url, points);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await untilFirstChart(browser, url));
    print(
      'P1',
      `TensorBoard, ${RUNS} runs x ${TAGS.length} scalars x ${points.toLocaleString('en')} steps: first chart`,
      'beside P1',
      `${median(times).toFixed(0)} ms (its server had read everything before, in ${loadedS.toFixed(0)} s)`,
    );
  } finally {
    server.kill('SIGTERM');
  }
}

/** The values of bench/library.ts, a folder of event files a run. */
function writeEvents(python: string, points: number): string {
  const home = newHome();
  for (let run = 0; run < RUNS; run++) {
    const place = join(home, 'runs', `run ${run}`);
    if (run >= DISTINCT) {
      cpSync(join(home, 'runs', `run ${run % DISTINCT}`), place, { recursive: true });
      continue;
    }
    const random = createRandom(run);
    const values = new Float32Array(points * TAGS.length);
    for (let step = 1, at = 0; step <= points; step++) {
      for (let tag = 0; tag < TAGS.length; tag++)
        values[at++] = 1 + tag / 10 + Math.exp(-step / 9000) + 0.1 * random.next();
    }
    const file = join(home, 'values.f32');
    writeFileSync(file, values);
    const program = join(root, 'bench/store/write_events.py');
    execFileSync(python, [program, file, place, ...TAGS]);
  }
  return join(home, 'runs');
}

async function firstAddress(lines: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: lines })) {
    const found = /http:\/\/[^\s]+/.exec(line);
    // Read on, so that the pipe never fills.
    if (found) return (lines.resume(), found[0]);
  }
  throw new Error('TensorBoard ended before it listened');
}

/** Seconds until the last run's last step is there. */
async function untilLoaded(url: string, points: number): Promise<number> {
  const begun = performance.now();
  const query = new URLSearchParams({ tag: TAGS.at(-1)!, run: `run ${RUNS - 1}` });
  while (performance.now() - begun < PATIENCE_MS) {
    const answer = await fetch(new URL(`data/plugin/scalars/scalars?${query}`, url));
    if (answer.ok) {
      const rows = JSON.parse((await answer.text()).replaceAll('NaN', 'null')) as [number, number, number][];
      if ((rows.at(-1)?.[1] ?? -1) >= points - 1) return (performance.now() - begun) / 1000;
    }
    await wait(250);
  }
  throw new Error('TensorBoard did not read its events in ten minutes');
}

/** From opening its page, on which every run is chosen, to a line in the first chart. */
async function untilFirstChart(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, colorScheme: 'light' });
  const page = await context.newPage();
  const begun = performance.now();
  await page.goto(`${url}#timeseries`);
  const endMs = begun + PATIENCE_MS;
  while (performance.now() < endMs) {
    if (await hasLine(page)) {
      const took = performance.now() - begun;
      await context.close();
      return took;
    }
  }
  throw new Error('TensorBoard drew no line in ten minutes');
}

/** Its canvases belong to a worker, so a picture of the first chart is looked at. */
async function hasLine(page: Page): Promise<boolean> {
  const chart = page.locator('line-chart .series-view').first();
  if ((await chart.count()) === 0) return false;
  const picture = await chart.screenshot({ timeout: 1000 }).catch(() => null);
  return picture !== null && countColoured(picture) > 200;
}

/** Of a line: neither the page's white nor the grey of its grid and text. */
function countColoured(png: Uint8Array): number {
  const { data, channels } = decode(png);
  let coloured = 0;
  for (let at = 0; at < data.length; at += channels) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
  }
  return coloured;
}
