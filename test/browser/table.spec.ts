// The table of runs with more runs than fit: virtual rows, filter, columns, groups, saved views, keyboard.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { serve, type Served } from './served.ts';

const COUNT = 300;

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
  await expect(page.getByRole('link', { name: 'run 299', exact: true })).toBeVisible();
}

const filter = (page: Page) => page.getByLabel('Filter runs');
const names = (page: Page) => page.locator('tbody .name a');

test('only the rows on the screen are in the page, and the last run is a scroll away', async ({ page }) => {
  await open(page);
  expect(await names(page).count()).toBeLessThan(40);
  await page.getByRole('link', { name: 'run 299', exact: true }).focus();
  await page.keyboard.press('End');
  await expect(page.getByRole('link', { name: 'run 0', exact: true })).toBeFocused();
  await page.keyboard.press('x');
  await expect(page.getByLabel('Select run 0', { exact: true })).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Compare 2' }).click();
  await expect(page).toHaveURL(/compare\?runs=/);
});

test('words, expressions and conditions filter; what is half-typed empties nothing', async ({ page }) => {
  await open(page);
  await filter(page).fill('loss/d < 0.1 recipe:gan-mlp');
  // Runs 1 to 9 without 4 and 8, newest first: a recorded 0.1 is not less than 0.1.
  await expect(names(page)).toHaveText(['run 9', 'run 7', 'run 6', 'run 5', 'run 3', 'run 2', 'run 1']);
  await filter(page).fill('/^run 1.9$/ batchSize=32');
  await expect(names(page)).toHaveText(['run 199', 'run 169', 'run 139', 'run 109']);
  await filter(page).fill('loss/d <');
  await expect(page.getByText('loss/d < what?')).toBeVisible();
  await expect(page.locator('.count')).toContainText(new RegExp(`^\\s*${COUNT} `));
  await filter(page).fill('losd < 1');
  await expect(page.getByText('No run has “losd”')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.locator('body').press('/');
  await expect(filter(page)).toBeFocused();
});

test('columns come from settings and last values, sort the table, and are remembered', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByLabel('Find a setting or scalar').fill('batch');
  await page.getByRole('checkbox', { name: 'batchSize' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'batchSize', exact: true }).click();
  await expect(names(page).first()).toHaveText('run 297');
  await page.getByRole('button', { name: 'loss/g', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'loss/g' })).toHaveAttribute('aria-sort', 'descending');
  await expect(names(page).first()).toHaveText('run 299');
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'batchSize' })).toBeVisible();
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await page.getByRole('button', { name: 'As at first' }).click();
  await expect(page.getByRole('columnheader', { name: 'batchSize' })).toBeHidden();
});

test('groups by a setting close and are selected whole; a view brings the arrangement back', async ({ page }) => {
  await open(page);
  await filter(page).fill('loss/d < 0.3');
  await page.getByLabel('Group by').selectOption('By batchSize');
  await page.getByRole('button', { name: /batchSize 64 10 runs/ }).click();
  await expect(names(page)).toHaveCount(20);
  await page.getByLabel('Select the group 32').check();
  await expect(page.getByRole('button', { name: 'Compare 10' })).toBeEnabled();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of the view').fill('by batch');
  // Whole inside the panel, whatever the row that the panel's button stands in.
  const panel = (await page.getByRole('group', { name: 'Views' }).boundingBox())!;
  const save = (await page.getByRole('button', { name: 'Save', exact: true }).boundingBox())!;
  expect(save.x + save.width).toBeLessThanOrEqual(panel.x + panel.width);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.keyboard.press('Escape');
  await filter(page).fill('');
  await page.getByLabel('Group by').selectOption('No groups');
  await page.reload();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'by batch', exact: true }).click();
  await expect(filter(page)).toHaveValue('loss/d < 0.3');
  await expect(page.getByRole('button', { name: /batchSize 64 10 runs/ })).toBeVisible();
  await page.getByRole('button', { name: 'Delete the view by batch' }).click();
  await expect(page.getByRole('button', { name: 'by batch', exact: true })).toBeHidden();
});
