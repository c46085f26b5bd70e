// Data, Settings, the connection, and what every page must be: no error in the console, no sideways scrolling, both themes.

import { expect, test } from '@playwright/test';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
let run: string;
test.beforeAll(async () => {
  served = await serve();
  run = trainSmall(served, 'one');
});
test.afterAll(() => served.close());

test('Data shows Glyphs as ready with a preview, and refuses an import from an empty folder', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await expect(page.getByRole('img', { name: 'Examples of Glyphs' })).toBeVisible();
  const mnist = page.getByRole('article', { name: 'MNIST', exact: true });
  await mnist.getByText('Import from a folder').click();
  await mnist.getByLabel('Folder').fill(served.home);
  await mnist.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('The import failed')).toBeVisible();
  await expect(page.getByText(/train-images/).first()).toBeVisible();
});

test('Settings names the backend in use, its version, and why the others are not', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('In use', { exact: true })).toBeVisible();
  await expect(page.getByText('WebAssembly').first()).toBeVisible();
  const status = JSON.parse(served.saddle('runtime', '--json')) as { version: string };
  await expect(page.getByText(status.version).first()).toBeVisible();
  await expect(page.getByText(served.home).first()).toBeVisible();
});

test('the estimate is measured by training a few steps', async ({ page }) => {
  await page.goto(`${served.url}#/new`);
  await page.getByText('MLP GAN').click();
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByText('One step')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Memory', { exact: true })).toBeVisible();
});

test('a value out of range is refused as it is typed', async ({ page }) => {
  await page.goto(`${served.url}#/new`);
  const batch = page.getByRole('textbox', { name: 'Batch size' });
  await batch.fill('0');
  await expect(page.getByText(/expected a whole number from/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train' })).toBeDisabled();
  await page.mouse.wheel(0, -10_000);
  await expect(batch).not.toBeInViewport();
  await page.getByRole('button', { name: 'Go to the first' }).click();
  await expect(batch).toBeInViewport();
  await expect(batch).toBeFocused();
});

test('a lost server is said so, and the window goes on by itself when it is back', async ({ page }) => {
  const fragile = await serve();
  await page.goto(fragile.url);
  await expect(page.getByText('No runs yet')).toBeVisible();
  await fragile.kill();
  await expect(page.getByText(/server is not answering/)).toBeVisible();
  trainSmall(fragile, 'made meanwhile');
  const again = await serve(Number(new URL(fragile.url).port), fragile.home);
  await expect(page.getByText(/server is not answering/)).toBeHidden();
  await expect(page.getByRole('link', { name: 'made meanwhile' })).toBeVisible();
  await again.close();
});

for (const theme of ['dark', 'light'] as const) {
  for (const width of [1280, 1920]) {
    test(`every page fits ${width} in ${theme} without an error in the console`, async ({ browser }) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (problem) => problems.push(String(problem)));
      await page.goto(served.url);
      for (const hash of ['runs', `run/${run}`, `compare?runs=${run}`, 'new', 'queue', 'data', 'settings', 'nowhere']) {
        await page.goto(`${new URL(served.url).origin}/#/${hash}`);
        await expect(page.locator('h1, h2').first()).toBeVisible();
        const [content, visible] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        expect(content, `#/${hash} scrolls sideways`).toBeLessThanOrEqual(visible!);
      }
      expect(problems).toEqual([]);
      await context.close();
    });
  }
}
