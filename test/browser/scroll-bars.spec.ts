// Scroll bars that take room, as on Windows and most Linux desktops; Playwright hides them unless told not to.

import { expect, test, type Locator, type Page } from '@playwright/test';
import config from '../../playwright.config.ts';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

test.use({ launchOptions: { ...config.use?.launchOptions, ignoreDefaultArgs: ['--hide-scrollbars'] } });

let served: Served;
let flat: string;
let square: string;
test.beforeAll(async () => {
  served = await serve();
  flat = trainSeed(served, 'two rows of samples', 1);
  square = trainSeed(served, 'eight rows of samples', 1, 'batchSize=64');
});
test.afterAll(() => served.close());

async function open(page: Page, run: string): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/run/${run}`);
  await expect(grids(page)).toHaveCount(2);
}

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Samples' });
const grids = (page: Page): Locator => panel(page).getByRole('img');
/** What came of `look` in each of a second's frames, once each. */
const overFrames = (images: Locator, look: 'width' | 'bars'): Promise<string[]> =>
  images.evaluateAll(async (elements, look) => {
    const seen = new Set<string>();
    const width = (image: Element): number => image.getBoundingClientRect().width;
    const bars = (image: Element): number => {
      const box = image.parentElement!.parentElement!;
      return box.offsetHeight - box.clientHeight + (box.offsetWidth - box.clientWidth);
    };
    for (let frame = 0; frame < 60; frame++) {
      seen.add(elements.map(look === 'width' ? width : bars).join(' and '));
      await new Promise(requestAnimationFrame);
    }
    return [...seen];
  }, look);

test('a panel that has to scroll shows its grids as large as one that has not, and stays so', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1400 });
  await open(page, flat);
  const scrolls = (): Promise<boolean> =>
    panel(page).evaluate((section) =>
      [section, ...section.querySelectorAll('*')].some(
        (element) => element.scrollHeight > element.clientHeight + 1 && getComputedStyle(element).overflowY === 'auto',
      ),
    );
  expect(await scrolls()).toBe(false);
  expect(await overFrames(grids(page), 'width')).toEqual(['448 and 448']);
  await page.setViewportSize({ width: 1280, height: 600 });
  await expect.poll(scrolls).toBe(true);
  expect(await overFrames(grids(page), 'width')).toEqual(['448 and 448']);
});

test('a window that changes its size leaves no scroll bar at a grid that fits', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, square);
  for (const width of [1920, 1280, 1920]) {
    await page.setViewportSize({ width, height: width === 1920 ? 1080 : 800 });
    await page.waitForTimeout(300);
    expect(await overFrames(grids(page), 'bars')).toEqual(['0 and 0']);
  }
});
