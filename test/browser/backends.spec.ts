// Which backend is faster: the probe in Settings, and a run's own step under New run.

import { expect, test } from '@playwright/test';
import { serve, type Served } from './served.ts';

let served: Served;
test.beforeAll(async () => void (served = await serve()));
test.afterAll(() => served.close());

test('Settings shows the probe of each backend, and how much slower the others were', async ({ page }) => {
  await page.goto(`${served.url}#/settings`);
  await expect(page.getByText('In use', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/ ms, error \d/).first()).toBeVisible();
  await expect(page.getByText(/It works, but \w+ is [\d.]+ times as fast/).first()).toBeVisible();
  await expect(page.getByText(/^Tried on \d{4}-/)).toBeVisible();
});

test('New run measures the step on each backend, says which is faster, and knows it afterwards', async ({ page }) => {
  await page.goto(`${served.url}#/new`);
  await page.getByText('MLP GAN').click();
  await page.getByRole('button', { name: 'Compare backends' }).click();
  const verdict = page.getByText(/takes this step [\d.]+ times as fast as/);
  await expect(verdict).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('button', { name: 'Compare backends' })).toBeEnabled({ timeout: 60_000 });
  const said = await verdict.innerText();
  await page.reload();
  await page.getByText('MLP GAN').click();
  await expect(page.getByText(said)).toBeVisible();
});
