// The charts of Compare: axes, scales, formulas, one scalar against another, means over seeds, zoom, legends, pins.

import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

let served: Served;
let address: string;
test.beforeAll(async () => {
  served = await serve();
  const runs = [trainSeed(served, 'seed 1', 1), trainSeed(served, 'seed 2', 2)];
  runs.push(trainSeed(served, 'fast', 1, 'generatorLearningRate=0.002'));
  address = `#/compare?runs=${runs.join(',')}`;
});
test.afterAll(() => served.close());

async function open(page: Page): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/${address}`);
  await expect(card(page, 'loss/d').getByText('seed 1')).toBeVisible();
}

function card(page: Page, title: string): Locator {
  return page.getByRole('figure', { name: title, exact: true });
}

function crosshair(page: Page, title: string): Locator {
  return page.getByLabel(`${title}: crosshair, arrow keys walk through the steps`, { exact: true });
}

test('one crosshair gives the values of every chart, on every x axis', async ({ page }) => {
  await open(page);
  for (const axis of ['Step', 'Time since start', 'Time of day', 'Epoch']) {
    await page.getByLabel('x axis').selectOption(axis);
    await crosshair(page, 'loss/d').focus();
    await page.keyboard.press('ArrowLeft');
    const here = await crosshair(page, 'loss/d').getAttribute('aria-valuenow');
    await page.keyboard.press('PageDown');
    expect(await crosshair(page, 'loss/d').getAttribute('aria-valuenow')).not.toBe(here);
    await expect(crosshair(page, 'loss/g')).toHaveAttribute(
      'aria-valuetext',
      /seed 1 [\d.]+, seed 2 [\d.]+, fast [\d.]+/,
    );
    expect(await crosshair(page, 'loss/g').getAttribute('aria-valuenow')).toBe(
      await crosshair(page, 'loss/d').getAttribute('aria-valuenow'),
    );
  }
});

test('a brush zooms all charts, also over time, and a double-click goes back', async ({ page }) => {
  await open(page);
  for (const axis of ['Step', 'Time since start']) {
    await page.getByLabel('x axis').selectOption(axis);
    const box = (await crosshair(page, 'loss/d').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 50, { steps: 4 });
    await page.mouse.up();
    await expect(page.getByRole('button', { name: 'Whole run' })).toBeVisible();
    if (axis === 'Step') {
      expect(Number(await crosshair(page, 'prob/d_real').getAttribute('aria-valuemin'))).toBeGreaterThan(8);
      expect(Number(await crosshair(page, 'prob/d_real').getAttribute('aria-valuemax'))).toBeLessThan(34);
    }
    await page.mouse.dblclick(box.x + box.width * 0.5, box.y + 50);
    await expect(page.getByRole('button', { name: 'Whole run' })).toBeHidden();
  }
});

test('a formula and a phase plot become charts, and are there again after a reload', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Add a chart' }).click();
  const formula = page.getByLabel('A curve computed from scalars');
  await formula.fill('loss/d - loss/nowhere');
  await expect(page.getByText('No run here has loss/nowhere')).toBeVisible();
  await formula.fill('loss/d - loss/g');
  await page.keyboard.press('Enter');
  const values = async (title: string): Promise<readonly number[]> =>
    [...((await crosshair(page, title).getAttribute('aria-valuetext')) ?? '').matchAll(/(−?[\d.]+)(?=,|$)/g)].map(
      ([, value]) => Number(value!.replace('−', '-')),
    );
  await page.getByLabel('Smoothing').fill('0');
  await expect.poll(() => values('loss/d - loss/g')).toHaveLength(3);
  const [d, g, difference] = [await values('loss/d'), await values('loss/g'), await values('loss/d - loss/g')];
  for (const [index, value] of difference.entries()) expect(value).toBeCloseTo(d[index]! - g[index]!, 2);
  await page.getByRole('button', { name: 'Add a chart' }).click();
  await page.getByLabel('Up (y)').selectOption('loss/g');
  await page.getByLabel('Across (x)').selectOption('loss/d');
  await page.getByRole('button', { name: 'Add', exact: true }).last().click();
  await expect(card(page, 'loss/g against loss/d')).toContainText('seed 1');
  await page.reload();
  await expect(card(page, 'loss/g against loss/d')).toContainText('seed 1');
  await page.getByRole('button', { name: 'Remove the chart loss/d - loss/g' }).click();
  await expect(card(page, 'loss/d - loss/g')).toBeHidden();
});

test('runs that differ only in the seed become a mean with its band', async ({ page }) => {
  await open(page);
  await page.getByLabel('Curves').selectOption('Mean over seeds');
  await expect(card(page, 'loss/d')).toContainText('generatorLearningRate 0.0002 ×2');
  await expect(card(page, 'loss/d')).toContainText('generatorLearningRate 0.002 ×1');
  await page.getByLabel('Band').selectOption('least to greatest');
  await page.getByLabel('Curves').selectOption('Each run');
  await expect(card(page, 'loss/d')).toContainText('seed 2');
});

test('a chart is saved as a figure with labels and legend, as a picture, and as numbers', async ({ page }) => {
  await open(page);
  const save = async (item: string): Promise<{ name: string; bytes: Buffer }> => {
    await page.getByRole('button', { name: 'Save loss/d', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: item, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const svg = await save('Figure (SVG)');
  expect(svg.name).toBe('loss-d.svg');
  expect(svg.bytes.toString()).toMatch(/>Step<[^]*>loss\/d<[^]*>log 4: cannot tell<[^]*>seed 1<[^]*>seed 2<[^]*>fast</);
  const png = (await save('Figure, 300 dpi (PNG)')).bytes;
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(1750);
  const lines = (await save('Data of the chart (CSV)')).bytes.toString().trim().split('\n');
  const all = JSON.parse(served.saddle('show', 'seed 1', '--json')) as { lastValues?: Record<string, number> };
  expect(lines[0]).toBe('curve,step,wall_time,value,min,max,non_finite,smoothed');
  expect(lines).toHaveLength(1 + 3 * 40);
  const last = lines.findLast((line) => line.startsWith('seed 1,'))!.split(',');
  expect(last[1]).toBe('40');
  expect(JSON.stringify(all)).toContain(last[3]!.slice(0, 6));
});

test('scales, legends, pins, sizes and full screen do what they say and are remembered', async ({ page }) => {
  await open(page);
  await page.getByLabel('loss/g: scale of the y axis').selectOption('sym. log');
  await page.getByRole('button', { name: 'Keep prob/d_fake in front' }).click();
  await expect(page.getByRole('figure').first()).toHaveAccessibleName('prob/d_fake');
  await page.getByLabel('Find in legends').fill('fast');
  await expect(card(page, 'loss/d').getByText('seed 1')).toBeHidden();
  await expect(card(page, 'loss/d').getByText('fast')).toBeVisible();
  await page.getByLabel('Find in legends').fill('');
  await card(page, 'loss/d')
    .getByRole('button', { name: /^seed 1/ })
    .click();
  await expect(card(page, 'loss/g').getByRole('button', { name: /^seed 1/ })).toHaveAttribute('aria-pressed', 'false');
  const before = (await card(page, 'loss/g').boundingBox())!;
  await page.getByRole('radio', { name: 'Large' }).check({ force: true });
  await expect
    .poll(async () => (await card(page, 'loss/g').boundingBox())!.height)
    .toBeGreaterThan(before.height * 1.3);
  await page.getByRole('button', { name: 'loss/g: full screen' }).click();
  await expect.poll(async () => (await card(page, 'loss/g').boundingBox())!.height).toBe(800);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'loss/g: full screen' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('figure').first()).toHaveAccessibleName('prob/d_fake');
  await expect(page.getByLabel('loss/g: scale of the y axis')).toHaveValue('symlog');
  await expect(page.getByRole('radio', { name: 'Large' })).toBeChecked();
});
