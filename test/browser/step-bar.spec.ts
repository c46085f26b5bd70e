// The step bar on a real run: what moves the grids for a moment, and playing.

import { expect, test, type Locator, type Page } from '@playwright/test';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

let served: Served;
let alpha: string;
test.beforeAll(async () => {
  served = await serve();
  alpha = trainSeed(served, 'alpha', 1);
});
test.afterAll(() => served.close());

async function open(page: Page): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/run/${alpha}`);
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '40');
}

const bar = (page: Page): Locator => page.getByRole('slider', { name: 'Step of the samples' });

test('the grids follow the pointer over a chart and go back when it leaves; a switch turns it off', async ({
  page,
}) => {
  await open(page);
  await bar(page).focus();
  await page.keyboard.press('Home');
  const first = page.getByRole('img', { name: 'samples/fixed at step 0' });
  await expect(first).toBeVisible();
  const chart = page.getByRole('slider', { name: /^Losses: crosshair/ });
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width - 14, box.y + box.height / 2);
  await expect(page.getByRole('img', { name: 'samples/fixed at step 40' })).toBeVisible();
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '0');
  await page.mouse.move(box.x + box.width / 2, box.y - 60);
  await expect(first).toBeVisible();
  const glance = page.getByRole('button', { name: /^Grids follow the pointer/ });
  await glance.click();
  await expect(glance).toHaveAttribute('aria-pressed', 'false');
  await page.mouse.move(box.x + box.width - 14, box.y + box.height / 2);
  await expect(page.getByRole('slider', { name: /^Losses/ })).toHaveAttribute('aria-valuenow', '40');
  await expect(first).toBeVisible();
});

test('the bar plays to the end, and with the loop begins again', async ({ page }) => {
  await open(page);
  await page.getByLabel('Speed').selectOption('20');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(bar(page)).toHaveAttribute('aria-valuenow', '40');
  await page.getByRole('button', { name: 'Loop' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  for (const step of ['40', '0', '40']) await expect(bar(page)).toHaveAttribute('aria-valuenow', step);
  await page.getByRole('button', { name: 'Pause playing' }).click();
});
