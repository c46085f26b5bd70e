// One latent over steps and runs, two pictures against each other, and sheets with captions, on real runs.
// What the window draws is compared with the pixels that the command line exports.

import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import sharp from 'sharp';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

const CELL = 28;
const GRID = 8 * CELL;

let served: Served;
let alpha: string;
let beta: string;
let gamma: string;
let dense: string;
test.beforeAll(async () => {
  served = await serve();
  alpha = trainSeed(served, 'alpha', 1);
  beta = trainSeed(served, 'beta', 1, 'generatorLearningRate=0.0004');
  gamma = trainSeed(served, 'gamma', 2);
  const lines = served
    .saddle(
      'train',
      '--recipe',
      'gan-mlp',
      '--data',
      'glyphs',
      '--steps',
      '70',
      '--name',
      'dense',
      '--set',
      'batchSize=16',
      '--set',
      'sampleEvery=1',
      '--json',
    ) // prettier-ignore
    .trim()
    .split('\n');
  dense = (JSON.parse(lines.at(-1)!) as { runId: string }).runId;
});
test.afterAll(() => served.close());

/** Grey values of a recorded grid, 224 x 224, as the command line exports it. */
async function exportGrid(run: string, step: number): Promise<Buffer> {
  const file = join(served.home, `grid-${run}-${step}.png`);
  served.saddle('export', run, '--grid', file, '--step', String(step));
  return sharp(file).greyscale().raw().toBuffer();
}

function cutCell(grid: Buffer, cell: number): number[] {
  const [top, left] = [Math.floor(cell / 8) * CELL, (cell % 8) * CELL];
  return Array.from(
    { length: CELL * CELL },
    (_, at) => grid[(top + Math.floor(at / CELL)) * GRID + left + (at % CELL)]!,
  );
}

/** Red values of a canvas, read back in the window. */
async function redsOf(canvas: Locator): Promise<number[]> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return Array.from({ length: width * height }, (_, at) => data[4 * at]!);
  });
}

async function open(page: Page, hash: string): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/${hash}`);
  await expect(page.getByRole('slider', { name: 'Step of the samples' })).toHaveAttribute('aria-valuenow', /[1-9]/);
}

const bar = (page: Page): Locator => page.getByRole('slider', { name: 'Step of the samples' });
const strip = (page: Page): Locator => page.getByRole('region', { name: 'One latent over the steps' });
const cellsOf = (page: Page, step: string): Locator =>
  page.getByRole('grid', { name: `Cells of samples/fixed at step ${step}` });

test('a click on a cell shows its latent at every step, pixel for pixel, and the strip moves the step bar', async ({
  page,
}) => {
  await open(page, `run/${alpha}`);
  const box = (await cellsOf(page, '40').boundingBox())!;
  await page.mouse.click(box.x + (2.5 * box.width) / 8, box.y + (1.5 * box.height) / 8);
  await expect(strip(page)).toContainText('Latent 11 of 64');
  await expect(strip(page).getByRole('button', { name: /^alpha at step/ })).toHaveCount(5);
  await expect(strip(page).getByRole('button', { name: 'alpha at step 40' })).toHaveAttribute('aria-current', 'step');
  const expected = cutCell(await exportGrid(alpha, 20), 10);
  const drawn = strip(page).getByRole('button', { name: 'alpha at step 20' }).locator('canvas');
  await expect.poll(() => redsOf(drawn)).toEqual(expected);
  await strip(page).getByRole('button', { name: 'alpha at step 20' }).click();
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '20');
  await page.keyboard.press('ArrowLeft');
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '10');
  await expect(strip(page).getByRole('button', { name: 'alpha at step 10' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(strip(page)).toBeHidden();
});

test('a cell is chosen by keys alone', async ({ page }) => {
  await open(page, `run/${alpha}`);
  // The last of the step bar, which stands before the grids.
  await page.getByLabel('Speed').focus();
  await page.keyboard.press('Tab');
  await expect(cellsOf(page, '40')).toBeFocused();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await expect(strip(page)).toContainText('Latent 18 of 64');
  await strip(page).getByRole('button', { name: 'Next latent' }).click();
  await expect(strip(page)).toContainText('Latent 19 of 64');
});

test('a strip of many steps stays bounded, with the first, the newest and the one of the bar', async ({ page }) => {
  await open(page, `run/${dense}`);
  await bar(page).focus();
  await page.keyboard.press('Home');
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
  await cellsOf(page, '5').click();
  const steps = strip(page).getByRole('button', { name: /^dense at step/ });
  const count = await steps.count();
  expect(count).toBeGreaterThanOrEqual(30);
  expect(count).toBeLessThanOrEqual(60);
  await expect(strip(page)).toContainText(`${count} of 71 steps`);
  for (const step of [0, 5, 70]) {
    await expect(strip(page).getByRole('button', { name: `dense at step ${step}`, exact: true })).toHaveCount(1);
  }
  await expect(strip(page).getByRole('button', { name: 'dense at step 5', exact: true })).toHaveAttribute(
    'aria-current',
    'step',
  );
});

test('in Compare a strip has a row a run, and says which runs draw other latents', async ({ page }) => {
  await open(page, `compare?runs=${alpha},${beta}`);
  await cellsOf(page, '40').first().click();
  await expect(strip(page)).toContainText('All runs draw the same latents');
  await expect(strip(page).getByRole('button', { name: 'beta at step 20' })).toBeVisible();
  await open(page, `compare?runs=${alpha},${beta},${gamma}`);
  await cellsOf(page, '40').first().click();
  await expect(strip(page)).toContainText('1 run of 3 draws other latents');
  await expect(strip(page).getByRole('rowheader', { name: 'gamma' })).toContainText('other latents');
  await expect(strip(page).getByRole('rowheader', { name: 'beta' })).not.toContainText('other latents');
});

test('the difference of two pictures is that of their pixels, amplified as asked', async ({ page }) => {
  await open(page, `compare?runs=${alpha},${beta}`);
  await page.getByRole('button', { name: 'Compare two' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two pictures' });
  await dialog.getByRole('button', { name: 'Difference' }).click();
  const [a, b] = [await exportGrid(alpha, 40), await exportGrid(beta, 40)];
  const differing = [...a].filter((value, at) => value !== b[at]).length;
  await expect(dialog.getByRole('status')).toContainText(`${Math.floor((100 * differing) / a.length)} % of the pixels`);
  for (const gain of [1, 16]) {
    await dialog.getByLabel('Amplified').selectOption(String(gain));
    const expected = [...a].map((value, at) => Math.min(255, Math.abs(value - b[at]!) * gain));
    await expect.poll(async () => centresOf(dialog.locator('canvas'), 2)).toEqual(expected);
  }
});

/** The value in the middle of each of the grid's pixels, at a zoom, where the whole grid is in the middle of the view. */
async function centresOf(canvas: Locator, zoom: number): Promise<number[]> {
  return canvas.evaluate(
    (element, { zoom, size }) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      const [left, top] = [width, height].map((room) => Math.round(room / 2 - (size / 2) * zoom));
      return Array.from({ length: size * size }, (_, at) => {
        const x = left! + (at % size) * zoom + (zoom >> 1);
        return data[4 * ((top! + Math.floor(at / size) * zoom + (zoom >> 1)) * width + x)]!;
      });
    },
    { zoom, size: GRID },
  );
}

test('the line of a wipe is moved by keys, zoom is by keys for both pictures, and 0 resets', async ({ page }) => {
  await open(page, `run/${alpha}`);
  await page.getByRole('button', { name: 'Compare two' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two pictures' });
  await dialog.getByRole('button', { name: 'Wipe' }).click();
  const [first, last] = [await exportGrid(alpha, 0), await exportGrid(alpha, 40)];
  const wiped = (line: number): number[] =>
    Array.from({ length: GRID * GRID }, (_, at) => (at % GRID < line ? first[at]! : last[at]!));
  const canvas = dialog.locator('canvas');
  await expect.poll(async () => centresOf(canvas, 2)).toEqual(wiped(112));
  await dialog.getByRole('application').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect(dialog.getByRole('slider', { name: 'Place of the line' })).toHaveValue('121');
  await expect.poll(async () => centresOf(canvas, 2)).toEqual(wiped(121));
  const box = (await canvas.boundingBox())!;
  const line = box.x + Math.round(box.width / 2) + 2 * (121 - 112);
  await page.mouse.move(line, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(line + 20, box.y + 60, { steps: 3 });
  await page.mouse.up();
  await expect(dialog.getByRole('slider', { name: 'Place of the line' })).toHaveValue('131');
  await dialog.getByRole('button', { name: 'Side by side' }).click();
  await dialog.getByRole('application').focus();
  for (const key of ['+', '+', 'ArrowRight', '-']) await page.keyboard.press(key);
  await expect(dialog.getByText('3×')).toBeVisible();
  await page.keyboard.press('0');
  await expect(dialog.getByText('2×')).toBeVisible();
  await expect.poll(async () => centresOf(canvas.first(), 2)).toEqual([...first]);
  await expect.poll(async () => centresOf(canvas.last(), 2)).toEqual([...last]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
});

test('blinking changes by itself, but for those who want less motion only when asked', async ({ browser }) => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const context = await browser.newContext({ reducedMotion });
    const page = await context.newPage();
    await open(page, `run/${alpha}`);
    await page.getByRole('button', { name: 'Compare two' }).click();
    await page.getByRole('button', { name: 'Blink' }).click();
    await page.getByLabel('Changes a second').selectOption('4');
    if (reducedMotion === 'reduce') {
      await page.waitForTimeout(800);
      await expect(page.getByText('shows A')).toBeVisible();
      await page.getByRole('button', { name: 'Start blinking' }).click();
    }
    await expect(page.getByText('shows B')).toBeVisible();
    await expect(page.getByText('shows A')).toBeVisible();
    await page.getByRole('button', { name: 'Stop blinking' }).click();
    await context.close();
  }
});

test('a contact sheet is saved as a PNG of the size it says, with the pixels of its grids', async ({ page }) => {
  await open(page, `compare?runs=${alpha},${beta}`);
  await page.getByRole('button', { name: 'Contact sheet' }).click();
  const dialog = page.getByRole('dialog', { name: 'Contact sheet' });
  const steps = dialog.getByRole('textbox', { name: 'Steps' });
  await expect(steps).toHaveValue('0, 10, 20, 30, 40');
  await steps.fill('ten');
  await expect(dialog.getByText('expected steps such as 0, 100, 400; found “ten”')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save PNG' })).toBeDisabled();
  await steps.fill('0, 41');
  await dialog.getByLabel('Size of a pixel').selectOption('2');
  const said = await dialog.getByLabel('Size of a pixel').locator('option:checked').innerText();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save PNG' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('2-runs-samples-fixed-grids.png');
  const sheet = sharp(await download.path());
  const { width, height } = await sheet.metadata();
  expect(said).toBe(`2×: ${width} × ${height}`);
  // The last tile stands at the lower right, inside an edge as wide as the captions are high.
  const [edge, tile] = [22, 2 * GRID];
  const found = await sheet
    .extract({ left: width - edge - tile, top: height - edge - tile, width: tile, height: tile })
    .greyscale()
    .raw()
    .toBuffer();
  const grid = await exportGrid(beta, 40);
  const wanted = Buffer.from(
    Uint8Array.from(
      { length: tile * tile },
      (_, at) => grid[(Math.floor(at / tile) >> 1) * GRID + ((at % tile) >> 1)]!,
    ),
  );
  expect(found.equals(wanted)).toBe(true);
});

test('a strip is saved with its runs and steps', async ({ page }) => {
  await open(page, `compare?runs=${alpha},${beta}`);
  await cellsOf(page, '40').first().click();
  await strip(page).getByRole('button', { name: 'Save as PNG' }).click();
  const dialog = page.getByRole('dialog', { name: /^Strip of latent/ });
  await expect(dialog.getByRole('textbox', { name: 'Steps' })).toHaveValue('0, 10, 20, 30, 40');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save PNG' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^2-runs-samples-fixed-latent-\d+\.png$/);
  expect((await sharp(await download.path()).metadata()).format).toBe('png');
});

test('a sheet that takes long shows how far it is, and Cancel gives it up', async ({ page }) => {
  await open(page, `run/${alpha}`);
  await page.getByRole('button', { name: 'Contact sheet' }).click();
  const dialog = page.getByRole('dialog', { name: 'Contact sheet' });
  await expect(dialog.locator('canvas')).toBeVisible();
  // Grids that never come stand for very many of them.
  await page.route('**/data/images/**', () => {});
  await dialog.getByRole('button', { name: 'Save PNG' }).click();
  await expect(dialog.getByText('Drawing 0 of 5')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('progressbar')).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Save PNG' })).toBeEnabled();
});
