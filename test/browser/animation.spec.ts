// A run's training as a moving picture, made on request and given up on request.

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
  trainSeed(served, 'alpha', 1);
});
test.afterAll(() => served.close());

test('the grids of a run are saved as a GIF, every one of them', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Training as GIF or WebP' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Grids')).toContainText('all 5');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Make', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^\d{8}-\d{6}-[0-9a-z]{4}-samples-fixed-to-step-000040\.gif$/);
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(0, 6).toString()).toBe('GIF89a');
  await expect(dialog).toBeHidden();
});

test('while it is made its time is shown, and Cancel gives it up', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  // An answer that never comes stands for a very long run.
  await page.route('**/training.gif*', () => {});
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Training as GIF or WebP' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make', exact: true }).click();
  await expect(dialog.getByText(/Making a picture of 5 grids: 1\.\d s/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('progressbar')).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Make', exact: true })).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});
