// A phone cannot train comfortably, but it can watch: every page keeps to its width.

import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

test('every page fits the width of a phone, and a run can be watched', async ({ browser }) => {
  const [one, other] = [trainSmall(served, 'first'), trainSmall(served, 'second')];
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  await page.goto(served.url);
  const tabs = ['settings', 'networks', 'events', 'checkpoints', 'notes'].map((tab) => `run/${one}?tab=${tab}`);
  for (const hash of [
    'runs',
    `run/${one}`,
    ...tabs,
    `compare?runs=${one},${other}`,
    'new',
    'queue',
    'data',
    'settings',
  ]) {
    await page.goto(`${new URL(served.url).origin}/#/${hash}`);
    await expect(page.locator('h1, h2').first()).toBeVisible();
    await page.waitForTimeout(500);
    const content = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(content, `#/${hash} scrolls sideways`).toBeLessThanOrEqual(390);
    if (process.env['SADDLE_PHONE_SHOTS'])
      await page.screenshot({ path: join(process.env['SADDLE_PHONE_SHOTS'], `${hash.replace(/\W/g, '_')}.png`) });
  }
  await page.goto(`${new URL(served.url).origin}/#/run/${one}`);
  await expect(page.getByRole('heading', { name: 'Losses' })).toBeVisible();
  await page.getByRole('img', { name: 'samples/fixed at step 40' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('img', { name: 'samples/fixed at step 40' })).toBeVisible();
  await context.close();
});
