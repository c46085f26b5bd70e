// The table of many runs: start, filter, sort, delete.

import { once } from 'node:events';
import type { Browser, Page } from '@playwright/test';
import { makeHome, median, part, print, serve, withPage } from './ground.ts';

export async function measureTable(browser: Browser): Promise<void> {
  const runs = part(1000);
  const home = await makeHome({ runs, tags: 4, points: 250, grids: 0, side: 1024 });
  // The first start reads every run once; the catalogue that it leaves serves the later ones.
  for (const start of ['first', 'second', 'third']) {
    const served = await serve(home);
    const untilTable = async (page: Page): Promise<string> => {
      await page.locator('tbody .name a').first().waitFor();
      return `${(performance.now() - served.startedMs).toFixed(0)} ms`;
    };
    print(
      'P9',
      `${start} start of the server to ${runs} runs in the table`,
      'under 2,000 ms',
      await withPage(browser, served, untilTable),
    );
    served.server.kill('SIGTERM');
    await once(served.server, 'close');
  }
  const served = await serve(home);
  await withPage(browser, served, async (page) => {
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
