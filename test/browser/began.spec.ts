// BEGAN's own view, on real runs: M, k and balance under one crosshair, and the grids that belong to its step.

import { expect, test, type Locator, type Page } from '@playwright/test';
import { brokenRules } from './axe.ts';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
let runs: readonly string[];
let other: string;
test.beforeAll(async () => {
  served = await serve();
  runs = [trainBegan('one', 1), trainBegan('two', 2)];
  other = trainSmall(served, 'no BEGAN');
});
test.afterAll(() => served.close());

/** 12 steps of the smallest network, a grid every 4; gives the run's id. */
function trainBegan(name: string, seed: number): string {
  const what = ['--recipe', 'began', '--preset', 'smallest', '--data', 'glyphs', '--steps', '12', '--name', name];
  const set = ['sampleEvery=4', 'batchSize=4', 'filters=4'].flatMap((setting) => ['--set', setting]);
  const lines = served
    .saddle('train', ...what, '--seed', String(seed), ...set, '--json')
    .trim()
    .split('\n');
  return (JSON.parse(lines.at(-1)!) as { runId: string }).runId;
}

const charts = ['Convergence (M)', 'BEGAN: k', 'BEGAN: balance'];
const panel = (page: Page): Locator => page.getByRole('region', { name: 'BEGAN’s feedback' });
const crosshair = (page: Page, chart: string): Locator =>
  panel(page).getByRole('slider', { name: `${chart}: crosshair` });
const bar = (page: Page): Locator => page.getByRole('slider', { name: 'Step of the samples' });

async function open(page: Page, hash: string): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/${hash}`);
  await expect(bar(page)).toBeVisible();
}

test('Compare shows M, k and balance of all BEGAN runs, and a grid of each at the crosshair’s step', async ({
  page,
}) => {
  await open(page, `compare?runs=${runs.join(',')},${other}`);
  await expect(panel(page).getByText(/^Going well: M falls/)).toBeVisible();
  for (const chart of charts) {
    await expect(crosshair(page, chart)).toHaveAttribute('aria-valuetext', /^one [−\d].*, two [−\d][^,]*$/);
  }
  expect(await brokenRules(page)).toEqual([]);
  const grids = (step: number): Locator => panel(page).getByRole('img', { name: `samples/fixed at step ${step}` });
  await expect(grids(12)).toHaveCount(2);

  await crosshair(page, 'BEGAN: k').scrollIntoViewIfNeeded();
  const box = (await crosshair(page, 'BEGAN: k').boundingBox())!;
  // The axis goes to the 40 steps of the other run.
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
  await expect(grids(4).or(grids(8))).toHaveCount(2);
  const seen = await crosshair(page, 'BEGAN: k').getAttribute('aria-valuenow');
  for (const chart of charts) await expect(crosshair(page, chart)).toHaveAttribute('aria-valuenow', seen!);
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '40');
  await bar(page).hover();
  await expect(grids(12)).toHaveCount(2);

  await crosshair(page, 'Convergence (M)').focus();
  for (const key of ['ArrowLeft', 'PageDown', 'Enter']) await page.keyboard.press(key);
  await expect(grids(0)).toHaveCount(2);
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '0');
});

test('a grid beside the charts is seen whole, as large as its pixels allow', async ({ page }) => {
  await open(page, `compare?runs=${runs[0]},${other}`);
  const grid = panel(page).getByRole('img', { name: 'samples/fixed at step 12' });
  await expect(grid).toBeVisible();
  const bottomOf = async (part: Locator): Promise<number> => {
    const { y, height } = (await part.boundingBox())!;
    return y + height;
  };
  const charts = panel(page).locator('.charts');
  expect(await bottomOf(grid)).toBeLessThanOrEqual((await bottomOf(charts)) + 0.5);
  const { width, height } = (await grid.boundingBox())!;
  const pixels = await grid.evaluate((image: HTMLImageElement) => image.naturalWidth);
  // Whole screen pixels for each of the grid's, and one more would not have fitted.
  expect([width, width % pixels]).toEqual([height, 0]);
  const room = (await charts.boundingBox())!.height;
  expect(height + pixels).toBeGreaterThan(room - 40);
});

test('a BEGAN run’s page has the three in one panel and once only; other runs have no panel', async ({ page }) => {
  await open(page, `run/${runs[0]}`);
  for (const chart of charts) {
    await expect(page.getByRole('figure', { name: chart })).toHaveCount(1);
    await expect(panel(page).getByRole('figure', { name: chart })).toBeVisible();
  }
  await crosshair(page, 'BEGAN: balance').focus();
  for (const key of ['ArrowLeft', 'PageDown']) await page.keyboard.press(key);
  await expect(page.getByRole('img', { name: 'samples/fixed at step 0' })).toBeVisible();
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '12');
  await open(page, `run/${other}`);
  await expect(page.getByRole('figure', { name: 'Losses', exact: true })).toBeVisible();
  await expect(panel(page)).toHaveCount(0);
});
