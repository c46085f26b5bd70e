// What is live, measured: from a commit of a running run to the painted point (P7), and eight running runs at once, with what
// is asked of the server for them. The runs are processes that log at a real rate (writer.ts): eight trainings want more cores.

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from '@playwright/test';
import { openLibrary } from '../../src/main/library/library.ts';
import { decodeFrame } from '../../src/shared/frames.ts';
import type { Request } from '../../src/shared/messages.ts';
import {
  endWithUs,
  median,
  newHome,
  part,
  percentile,
  print,
  readFrames,
  serve,
  untilCharts,
  watchFrames,
  withPage,
  watchWork,
} from './ground.ts';

const RATE = 20;
const SECONDS = part(300);

interface Commit {
  readonly step: number;
  readonly ms: number;
}

interface Writing {
  readonly id: string;
  readonly child: ChildProcess;
  readonly commits: Commit[];
}

function startWriters(home: string, count: number, seconds: number): Writing[] {
  const library = openLibrary(join(home, 'runs'));
  const created = Array.from({ length: count }, (_, seed) =>
    library.create({
      name: `live ${seed}`,
      spec: {
        ...{ recipe: 'dcgan28', preset: 'app', data: 'glyphs', backend: 'cpu', seed },
        ...{ parameters: { batchSize: 64 }, steps: RATE * seconds },
      },
      networks: [],
      referenceLines: [],
    }),
  );
  library.close();
  return created.map(({ id, folder }) => {
    const program = join(import.meta.dirname, 'writer.ts');
    const args = [program, folder, String(RATE), String(seconds)];
    const child = endWithUs(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
    const commits: Commit[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => commits.push(JSON.parse(line) as Commit));
    return { id, child, commits };
  });
}

async function untilEnded(writings: readonly Writing[]): Promise<void> {
  await Promise.all(
    writings.map(({ child }) => child.exitCode ?? new Promise((resolve) => child.once('close', resolve))),
  );
}

/**
 * The axis of a chart ends at the last step that it shows, so its end tells which steps have arrived; the time is that of the
 * task after the frame in which the curve reached the end of the axis, as the canvas itself shows.
 */
async function watchPaint(page: Page, chart: string): Promise<void> {
  await page.evaluate((title) => {
    const painted: { step: number; ms: number }[] = [];
    const slider = document.querySelector(`[role=slider][aria-label^="${title}: crosshair"]`)!;
    const canvas = slider.closest('figure')!.querySelector('canvas')!;
    // The grid's lines end where the axis ends, which is further left where its last label needs room.
    const reachesEnd = (): boolean => {
      const [width, height] = [Math.round(canvas.width * 0.15), Math.round(canvas.height * 0.8)];
      const { data } = canvas.getContext('2d')!.getImageData(canvas.width - width, 0, width, height);
      let [end, curve] = [-1, -Infinity];
      for (let at = 0; at < data.length; at += 4) {
        const [red, green, blue, alpha] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
        const x = (at / 4) % width;
        if (alpha > 0) end = Math.max(end, x);
        if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) curve = Math.max(curve, x);
      }
      return end - curve <= 3;
    };
    new MutationObserver(() => {
      const step = Number(slider.getAttribute('aria-valuemax'));
      const look = (): void => {
        const after = new MessageChannel();
        after.port1.onmessage = () => {
          if (reachesEnd()) painted.push({ step, ms: Date.now() });
          else requestAnimationFrame(look);
        };
        after.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    }).observe(slider, { attributes: true, attributeFilter: ['aria-valuemax'] });
    Object.assign(window, { painted });
  }, chart);
}

/** P7: one running run on its own page. */
export async function measureReportToPixel(browser: Browser): Promise<void> {
  const home = newHome();
  const served = await serve(home);
  const seconds = Math.max(20, part(120));
  const writings = startWriters(home, 1, seconds);
  await withPage(browser, served, async (page) => {
    await page.goto(`${new URL(served.url).origin}/#/run/${writings[0]!.id}`);
    await untilCharts(page, 2);
    await watchPaint(page, 'Losses');
    const sinceMs = Date.now();
    await untilEnded(writings);
    await page.waitForTimeout(1000);
    const painted = await page.evaluate(() => (window as unknown as { painted: Commit[] }).painted);
    const waits = writings[0]!.commits
      .filter(({ ms }) => ms > sinceMs)
      .flatMap(({ step, ms }) => {
        const shown = painted.find((paint) => paint.step >= step);
        return shown ? [shown.ms - ms] : [];
      });
    print(
      'P7',
      `from a commit in the training process to its point painted, ${waits.length} commits`,
      'under 250 ms',
      `median ${median(waits)} ms, p95 ${percentile(waits, 0.95)}, slowest ${Math.max(...waits)}`,
    );
  });
  served.server.kill('SIGTERM');
}

interface Traffic {
  readonly calls: Map<string, number>;
  points: number;
  bytes: number;
}

/** Of the line between window and server: what is asked for, and the points and bytes that come. */
function watchTraffic(page: Page): Traffic {
  const traffic: Traffic = { calls: new Map(), points: 0, bytes: 0 };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { call } = JSON.parse(String(payload)) as Request;
      traffic.calls.set(call, (traffic.calls.get(call) ?? 0) + 1);
    });
    socket.on('framereceived', ({ payload }) => {
      traffic.bytes += Buffer.byteLength(payload);
      const { result } = decodeFrame(String(payload)) as { result?: { points?: { steps: Float64Array }[] } | null };
      for (const { steps } of result?.points ?? []) traffic.points += steps.length;
    });
  });
  return traffic;
}

/** Eight running runs on one Compare page. */
export async function measureEightLive(browser: Browser): Promise<void> {
  const home = newHome();
  const served = await serve(home);
  const seconds = Math.max(30, SECONDS);
  const writings = startWriters(home, 8, seconds);
  await withPage(browser, served, async (page) => {
    const traffic = watchTraffic(page);
    await page.goto(`${new URL(served.url).origin}/#/compare?runs=${writings.map(({ id }) => id).join(',')}`);
    await page.reload();
    await untilCharts(page, 4);
    await page.waitForTimeout(2000);
    const [asked, points, bytes, begun] = [new Map(traffic.calls), traffic.points, traffic.bytes, performance.now()];
    const written = (): number => writings.reduce((sum, { commits }) => sum + (commits.at(-1)?.step ?? 0), 0) * 10;
    const before = written();
    await watchFrames(page);
    const work = await watchWork(page);
    await page.waitForTimeout(1000 * Math.max(15, SECONDS - 10));
    const frames = await readFrames(page);
    const tookS = (performance.now() - begun) / 1000;
    const worked = await work();
    print(
      'live',
      `8 running runs x 10 scalars x ${RATE} steps/s in Compare: p95 of a frame`,
      'under 50 ms',
      `${percentile(frames, 0.95).toFixed(0)} ms (median ${median(frames).toFixed(0)}, slowest ${Math.max(...frames).toFixed(0)})`,
    );
    print(
      'live',
      'share of the time that the page’s thread is at work',
      '-',
      `${((100 * worked) / tookS).toFixed(0)} %`,
    );
    const again = (name: string): number => (traffic.calls.get(name) ?? 0) - (asked.get(name) ?? 0);
    print(
      'live',
      'series read again meanwhile (readSeries, getRun)',
      '0',
      `${again('readSeries')}, ${again('getRun')}`,
    );
    print(
      'live',
      'points that came for each that was written; calls for changes; from the server',
      '1.0',
      `${((traffic.points - points) / (written() - before)).toFixed(2)}; ${(again('readChanges') / tookS).toFixed(1)}/s; ${((traffic.bytes - bytes) / tookS / 1000).toFixed(1)} kB/s`,
    );
  });
  for (const { child } of writings) child.kill('SIGTERM');
  await untilEnded(writings);
  served.server.kill('SIGTERM');
}
