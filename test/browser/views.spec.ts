// Runs as parallel coordinates and as points: axes, brushes, the selection they make; the command palette; every key.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { firstLine, serve, type Served } from './served.ts';

const COUNT = 60;

let served: Served;
test.beforeAll(async () => {
  served = await serve();
  const runs = join(served.home, 'runs');
  mkdirSync(runs, { recursive: true });
  const fill = spawnSync(process.execPath, [resolve(import.meta.dirname, 'fill-library.ts'), runs, String(COUNT)]);
  if (fill.status !== 0) throw new Error(String(fill.stderr));
});
test.afterAll(() => served.close());

async function open(page: Page): Promise<void> {
  await page.goto(served.url);
  await expect(page.locator('.count')).toContainText(new RegExp(`^\\s*${COUNT} `));
  await expect(page.getByRole('link', { name: 'run 59', exact: true })).toBeVisible();
}

async function show(page: Page, view: 'Table' | 'Parallel' | 'Scatter'): Promise<void> {
  await page.getByRole('radio', { name: view }).check({ force: true });
}

const axis = (page: Page, name: string): Locator => page.getByRole('slider', { name: `Brush of ${name}:` });
const axisNames = (page: Page) =>
  page.getByRole('slider').evaluateAll((all) => all.map((one) => /Brush of (.*?):/.exec(one.ariaLabel ?? '')![1]));
const compare = (page: Page, count: number): Locator =>
  page.getByRole('button', { name: `Compare ${count}`, exact: true });

/** Drags along an axis, from one share of its height (0 is the low end) to another. */
async function drag(page: Page, strip: Locator, from: number, to: number): Promise<void> {
  const box = (await strip.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, (share: number) => box.y + box.height * (1 - share)];
  await page.mouse.move(x, y(from));
  await page.mouse.down();
  await page.mouse.move(x, y((from + to) / 2));
  await page.mouse.move(x, y(to));
  await page.mouse.up();
}

test('axes are the settings that differ and the losses; a drag selects, a second axis narrows, Compare takes them', async ({
  page,
}) => {
  await open(page);
  await show(page, 'Parallel');
  expect(await axisNames(page)).toEqual(['recipe', 'batchSize', 'generatorLearningRate', 'seed', 'loss/d', 'loss/g']);
  // By name from below: the lower half of the axis is dcgan28, every fourth run.
  await drag(page, axis(page, 'recipe'), 0.2, 0.3);
  await expect(compare(page, 15)).toBeEnabled();
  // Last values 0 to 0.59 from below: the lower half is the runs 0 to 29, of which 8 are dcgan28.
  await drag(page, axis(page, 'loss/d'), 0.001, 0.5);
  await expect(compare(page, 8)).toBeEnabled();
  await compare(page, 8).click();
  await expect(page).toHaveURL(/compare\?runs=/);
});

test('NaN stands on a mark that can be brushed alone, and the selection is the table’s', async ({ page }) => {
  await open(page);
  await show(page, 'Parallel');
  // Every seventh run has lost its loss/g.
  await drag(page, axis(page, 'loss/g'), 0.01, 0.03);
  await expect(compare(page, 9)).toBeEnabled();
  await expect(axis(page, 'loss/g')).toHaveAttribute('aria-valuetext', 'NaN; 9 runs');
  await show(page, 'Table');
  await expect(page.getByLabel('Select run 56', { exact: true })).toBeChecked();
  await expect(page.getByLabel('Select run 55', { exact: true })).not.toBeChecked();
});

test('Shift and arrows brush an axis, arrows move the brush, Delete takes it away', async ({ page }) => {
  await open(page);
  await show(page, 'Parallel');
  const strip = axis(page, 'recipe');
  await strip.focus();
  await page.keyboard.press('Shift+ArrowUp');
  await expect(strip).toHaveAttribute('aria-valuetext', 'dcgan28; 15 runs');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(compare(page, COUNT)).toBeEnabled();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(strip).toHaveAttribute('aria-valuetext', 'gan-mlp; 45 runs');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeDisabled();
  await page.keyboard.press('ArrowRight');
  await expect(axis(page, 'batchSize')).toBeFocused();
});

test('axes are moved, taken away and added; runs without a value are counted; all of it is kept in a view', async ({
  page,
}) => {
  await open(page);
  await show(page, 'Parallel');
  await axis(page, 'batchSize').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  expect((await axisNames(page)).slice(0, 2)).toEqual(['batchSize', 'recipe']);
  await axis(page, 'seed').hover();
  await page.getByRole('button', { name: 'Take away the axis seed' }).click();
  await page.getByRole('button', { name: 'Axes' }).click();
  await page.getByRole('checkbox', { name: 'generatorFilters' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByText('45 without')).toBeVisible();
  const arranged = ['batchSize', 'recipe', 'generatorLearningRate', 'loss/d', 'loss/g', 'generatorFilters'];
  expect(await axisNames(page)).toEqual(arranged);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of the view').fill('my axes');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.keyboard.press('Escape');
  await show(page, 'Table');
  await page.reload();
  await expect(page.getByRole('link', { name: 'run 59', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'my axes', exact: true }).click();
  await expect(axis(page, 'generatorFilters')).toBeVisible();
  expect(await axisNames(page)).toEqual(arranged);
});

test('the pointer names a run and its values and a click opens it; the keys do the same', async ({ page }) => {
  await open(page);
  await page.getByLabel('Filter runs').fill('/^run 33$/');
  await show(page, 'Scatter');
  await page.getByLabel('x axis of the points').selectOption('batchSize');
  const plane = page.getByRole('application');
  // One run: both its values stand in the middle.
  await plane.hover();
  await expect(page.locator('.tip')).toContainText(/run 33\s*batchSize\s*16\s*loss\/d\s*0\.3300/);
  await page.mouse.move(5, 5);
  await expect(page.locator('.tip')).toBeHidden();
  await plane.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.tip')).toContainText('run 33');
  await page.keyboard.press('Space');
  await show(page, 'Table');
  await expect(page.getByLabel('Select run 33', { exact: true })).toBeChecked();
  await show(page, 'Scatter');
  await plane.click();
  await expect(page).toHaveURL(/#\/run\//);
  await expect(page.getByRole('heading', { name: 'run 33' })).toBeVisible();
});

test('a rectangle over the points selects; the axes’ scales and colours can be chosen', async ({ page }) => {
  await open(page);
  await show(page, 'Scatter');
  await page.getByLabel('x axis of the points').selectOption('seed');
  const box = (await page.getByRole('application').boundingBox())!;
  await page.mouse.move(box.x + 2, box.y + box.height - 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 2, { steps: 4 });
  await page.mouse.up();
  // The seed is the run's number: the left half of the plane is the runs 0 to 29.
  await expect(compare(page, 30)).toBeEnabled();
  await page.mouse.click(box.x + 4, box.y + 4);
  await expect(page.getByRole('button', { name: 'Compare', exact: true })).toBeDisabled();
  await page.getByLabel('Colour by').selectOption('loss/g');
  await expect(page.getByText('9 not finite')).toBeVisible();
  await page.getByRole('button', { name: 'loss/d: log scale' }).click();
  // Run 0 has a loss/d of 0, which stands on the mark below a logarithm.
  const strip = axis(page, 'loss/d');
  await strip.focus();
  await page.keyboard.press('Shift+ArrowUp');
  await expect(strip).toHaveAttribute('aria-valuetext', '≤ 0; 1 run');
  await page.getByLabel('x axis of the points').selectOption('generatorFilters');
  await expect(page.getByText('45 of 60 runs are not drawn: they have no generatorFilters')).toBeVisible();
});

test('no run costs an element of the page', async ({ page }) => {
  await open(page);
  await show(page, 'Parallel');
  await expect(axis(page, 'loss/g')).toBeVisible();
  const all = await page.locator('main *').count();
  await page.getByLabel('Filter runs').fill('batchSize=16');
  await expect(page.locator('.count')).toContainText(`20 of ${COUNT}`);
  await page.getByRole('button', { name: 'Axes' }).click();
  await page.getByRole('checkbox', { name: 'batchSize' }).click();
  await page.keyboard.press('Escape');
  await expect(axis(page, 'batchSize')).toBeVisible();
  expect(Math.abs((await page.locator('main *').count()) - all)).toBeLessThan(15);
});

test('the palette finds a page, an action and a run by words in any order, and gives the focus back', async ({
  page,
}) => {
  await open(page);
  await page.getByLabel('Select run 58', { exact: true }).check();
  await page.getByLabel('Select run 57', { exact: true }).check();
  await page.getByLabel('Filter runs').focus();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands and runs' });
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
  await expect(page.getByLabel('Filter runs')).toBeFocused();

  await page.keyboard.press('Control+k');
  await field.fill('selected compare');
  await expect(palette.getByRole('option', { selected: true })).toHaveText(/Compare 2 selected runs/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/compare\?runs=/);

  await page.keyboard.press('Control+k');
  await field.fill('17 run');
  await expect(palette.getByRole('option', { selected: true })).toHaveText(/^\s*run 17/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'run 17' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await field.fill('export csv');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);

  await page.keyboard.press('Control+k');
  await field.fill('theme');
  await expect(palette.getByRole('option', { selected: true })).toHaveText(/Theme: Dark/);
  await page.keyboard.press('ArrowDown');
  await expect(palette.getByRole('option', { selected: true })).toHaveText(/Theme: Light/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('Control+k');
  await field.fill('zzzz');
  await expect(page.getByText('Nothing is called “zzzz”')).toBeVisible();
});

test('the keys of the table: arrows, Space, Shift, Enter, slash, and the list of them all', async ({ page }) => {
  await open(page);
  await page.locator('body').press('/');
  await expect(page.getByLabel('Filter runs')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('link', { name: 'run 59', exact: true })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByLabel('Select run 59', { exact: true })).toBeChecked();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(compare(page, 3)).toBeEnabled();
  await page.keyboard.press('Space');
  await expect(compare(page, 2)).toBeEnabled();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'run 57', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'run 57' })).toBeVisible();
});

test('the palette steers the run that is shown', async ({ page }) => {
  const child = served.start(
    ...['train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--steps', '100000', '--name', 'steered', '--json'],
  );
  await firstLine(child);
  await page.goto(served.url);
  await page.getByRole('link', { name: 'steered', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeEnabled();
  const take = async (words: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands and runs' }).fill(words);
    await page.keyboard.press('Enter');
  };
  await take('pause steered');
  await expect(page.getByText('Paused').first()).toBeVisible();
  await take('resume');
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeEnabled();
  await take('stop');
  await new Promise((done) => child.once('close', done));
  await expect(page.getByText('Stopped').first()).toBeVisible();
});
