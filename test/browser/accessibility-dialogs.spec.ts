// What opens over a page, by the rules of axe in both themes and by keyboard: the focus goes in, stays in and comes back.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { brokenRules } from './axe.ts';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
let one: string;
let other: string;
test.beforeAll(async () => {
  served = await serve();
  [one, other] = [trainSmall(served, 'one'), trainSmall(served, 'other', 'generatorLearningRate=0.001')];
  const folder = join(served.home, 'pictures');
  mkdirSync(folder);
  const data = Uint8Array.from({ length: 8 * 8 }, (_, at) => at);
  for (const name of ['a', 'b'])
    writeFileSync(join(folder, `${name}.png`), encode({ width: 8, height: 8, channels: 1, data }));
  served.saddle('data', 'import', 'folder', folder, '--name', 'mine', '--size', '8');
});
test.afterAll(() => served.close());

interface Opened {
  readonly name: string;
  readonly hash: string;
  /** What is pressed by keyboard; in a menu the second. */
  readonly by: (page: Page) => readonly Locator[];
  readonly shows: (page: Page) => Locator;
  /** What has the focus again after Escape; the first that was pressed, when absent. */
  readonly returnsTo?: (page: Page) => Locator;
  readonly prepare?: (page: Page) => Promise<void>;
}

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).first();
const dialog = (page: Page): Locator => page.getByRole('dialog');
const selectFirst = async (page: Page): Promise<void> => {
  await page.getByRole('checkbox', { name: 'Select one' }).check();
};

const openings = (): readonly Opened[] => [
  { name: 'the question before deleting', hash: 'runs', prepare: selectFirst, by: (page) => [button(page, 'Delete 1')], shows: dialog },
  { name: 'kept views', hash: 'runs', by: (page) => [button(page, 'Views')], shows: (page) => page.getByLabel('Name of the view') },
  { name: 'the choice of columns', hash: 'runs', by: (page) => [button(page, 'Columns')], shows: (page) => page.getByPlaceholder('Find a setting or scalar') },
  { name: 'the menu of exports', hash: `run/${one}`, by: (page) => [button(page, 'Export')], shows: (page) => page.getByText('All scalars, every point (CSV)') },
  { name: 'the moving picture', hash: `run/${one}`, by: (page) => [button(page, 'Export'), button(page, /^Training as /)], shows: dialog },
  { name: 'the question before thinning out', hash: `run/${one}`, by: (page) => [button(page, 'More'), button(page, /^Thin out/)], shows: dialog },
  { name: 'the question before deleting a run', hash: `run/${one}`, by: (page) => [button(page, 'More'), button(page, /^Delete/)], shows: dialog },
  { name: 'two pictures of a run', hash: `run/${one}`, by: (page) => [button(page, 'Compare two')], shows: dialog },
  { name: 'the contact sheet of a run', hash: `run/${one}`, by: (page) => [button(page, 'Contact sheet')], shows: dialog },
  { name: 'what a chart is saved as', hash: `run/${one}`, by: (page) => [button(page, 'Save Losses')], shows: (page) => page.getByText('Data of the chart (CSV)').first() },
  { name: 'two pictures of two runs', hash: `compare?runs=${one},${other}`, by: (page) => [button(page, /^Compare two/)], shows: dialog },
  { name: 'the contact sheet of two runs', hash: `compare?runs=${one},${other}`, by: (page) => [button(page, /^Contact sheet/)], shows: dialog },
  { name: 'a further chart', hash: `compare?runs=${one},${other}`, by: (page) => [button(page, 'Add a chart')], shows: dialog },
  { name: 'the question before removing data', hash: 'data', by: (page) => [button(page, /^Remove mine/)], shows: dialog },
]; // prettier-ignore

async function openPage(page: Page, hash: string): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/${hash}`);
  await expect(page.locator('main')).toBeVisible();
  await page.waitForTimeout(500);
}

/** True while the focus is in it; on the way round it may leave the page for the browser's own buttons. */
async function holdsFocus(page: Page, opened: Locator): Promise<boolean> {
  if (await page.evaluate(() => document.activeElement === document.body)) return true;
  return opened.evaluate((element) => {
    const frame = element.closest('dialog, [popover]') ?? element;
    return frame.contains(document.activeElement);
  });
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`what opens over a page breaks no rule, keeps the focus and gives it back (${colorScheme})`, async ({
    browser,
  }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({
      colorScheme,
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    for (const { name, hash, by, shows, returnsTo, prepare } of openings()) {
      await test.step(name, async () => {
        await openPage(page, hash);
        await prepare?.(page);
        for (const trigger of by(page)) {
          await trigger.focus();
          await page.keyboard.press('Enter');
        }
        await expect(shows(page), name).toBeVisible();
        expect.soft(await brokenRules(page), name).toEqual([]);
        if ((await dialog(page).count()) > 0) {
          expect.soft(await holdsFocus(page, dialog(page)), `${name}: the focus goes in`).toBe(true);
          for (let press = 0; press < 8; press++) {
            await page.keyboard.press('Tab');
            expect.soft(await holdsFocus(page, dialog(page)), `${name}: the focus stays in`).toBe(true);
          }
        }
        await page.keyboard.press('Escape');
        await expect(shows(page), name).toBeHidden();
        await expect.soft(returnsTo?.(page) ?? by(page)[0]!, `${name}: the focus comes back`).toBeFocused();
      });
    }
    await context.close();
  });

  test(`the plots, the palette, the keys, the strip and the full screen break no rule (${colorScheme})`, async ({
    browser,
  }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({
      colorScheme,
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    await openPage(page, 'runs');
    for (const view of ['Parallel', 'Scatter']) {
      await page.getByRole('radio', { name: view }).check({ force: true });
      await page.waitForTimeout(400);
      expect.soft(await brokenRules(page), view).toEqual([]);
    }
    await page.getByRole('radio', { name: 'Table' }).check({ force: true });

    const link = page.getByRole('link', { name: 'Data', exact: true });
    await link.focus();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Commands and runs' })).toBeFocused();
    expect.soft(await brokenRules(page), 'the palette').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(link).toBeFocused();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    expect.soft(await brokenRules(page), 'the keys').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(link).toBeFocused();

    await openPage(page, `run/${one}`);
    await page.getByRole('grid', { name: /^Cells of samples\/fixed/ }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'One latent over the steps' })).toBeVisible();
    expect.soft(await brokenRules(page), 'the strip').toEqual([]);
    await page.getByRole('button', { name: 'Losses: full screen' }).click();
    expect.soft(await brokenRules(page), 'the full screen').toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Losses: full screen' })).toBeVisible();

    // Taken off the page by its own buttons instead of Escape.
    await openPage(page, `compare?runs=${one},${other}`);
    await button(page, 'Add a chart').focus();
    await page.keyboard.press('Enter');
    await button(page, 'Cancel').press('Enter');
    await expect(dialog(page)).toBeHidden();
    await expect(button(page, 'Add a chart')).toBeFocused();
    await page.keyboard.press('Enter');
    await page.getByLabel('A curve computed from scalars').fill('loss/d - loss/g');
    await page.keyboard.press('Enter');
    await expect(dialog(page)).toBeHidden();
    await expect(button(page, 'Add a chart')).toBeFocused();

    await openPage(page, 'new');
    await page.getByText('BEGAN', { exact: true }).first().click();
    await page.getByLabel('Number of seeds').fill('2');
    expect.soft(await brokenRules(page), 'a sweep').toEqual([]);
    await context.close();
  });
}
