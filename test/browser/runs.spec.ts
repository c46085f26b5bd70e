// Runs, Run and Compare on runs that the command line trained.

import { expect, test } from '@playwright/test';
import { firstLine, serve, shownStep, trainSmall, type Served } from './served.ts';

let served: Served;
let first: string;
let second: string;
test.beforeAll(async () => {
  served = await serve();
  first = trainSmall(served, 'alpha');
  second = trainSmall(served, 'beta', 'generatorLearningRate=0.0004');
});
test.afterAll(() => served.close());

test('the table lists runs, filters, and renames in place', async ({ page }) => {
  await page.goto(served.url);
  await expect(page.getByRole('link', { name: 'alpha' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'beta' })).toBeVisible();
  await page.getByLabel('Filter runs').fill('bet');
  await expect(page.getByRole('link', { name: 'alpha' })).toBeHidden();
  await page.getByLabel('Filter runs').fill('nothing like it');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByRole('button', { name: 'Rename beta' }).click();
  await page.getByLabel('Name of the run').fill('gamma');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'gamma' })).toBeVisible();
  expect(served.saddle('show', 'gamma', '--json')).toContain(second);
  await page.getByRole('button', { name: 'Rename gamma' }).click();
  await page.getByLabel('Name of the run').fill('beta');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'beta' })).toBeVisible();
});

test('the step bar reaches every recorded step by keyboard, and shows its grid', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  const bar = page.getByRole('slider', { name: 'Step of the samples' });
  await expect(bar).toHaveAttribute('aria-valuenow', '40');
  await bar.focus();
  for (const step of ['30', '20', '10', '0']) {
    await page.keyboard.press('ArrowLeft');
    await expect(bar).toHaveAttribute('aria-valuenow', step);
    await expect(page.getByRole('img', { name: `samples/fixed at step ${step}` })).toBeVisible();
  }
  await page.keyboard.press('End');
  await expect(bar).toHaveAttribute('aria-valuenow', '40');
});

test('compare shows both losses, only the settings that differ, and both grids at one step', async ({ page }) => {
  await page.goto(served.url);
  await page.getByLabel('Select alpha').check();
  await page.getByLabel('Select beta').check();
  await page.getByRole('button', { name: 'Compare 2' }).click();
  await expect(page.getByRole('columnheader', { name: 'generatorLearningRate' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'batchSize' })).toBeHidden();
  await expect(page.getByRole('heading', { name: 'loss/d', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'loss/g', exact: true })).toBeVisible();
  const bar = page.getByRole('slider', { name: 'Step of the samples' });
  await bar.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('img', { name: 'samples/fixed at step 10' })).toHaveCount(2);
});

test('a page follows a run that the command line started, and a placed bar stays where it was put', async ({
  page,
}) => {
  const child = served.start(
    'train',
    '--recipe',
    'gan-mlp',
    '--data',
    'glyphs',
    '--steps',
    '100000',
    '--set',
    'sampleEvery=10',
    '--name',
    'from the command line',
    '--json',
  );
  await firstLine(child);
  await page.goto(served.url);
  await page.getByRole('link', { name: 'from the command line' }).click();
  const step = (): Promise<number> => shownStep(page, '100,000');
  await expect.poll(step).toBeGreaterThan(30);
  const bar = page.getByRole('slider', { name: 'Step of the samples' });
  await bar.focus();
  await page.keyboard.press('Home');
  const before = await step();
  await expect.poll(step).toBeGreaterThan(before + 20);
  await expect(bar).toHaveAttribute('aria-valuenow', '0');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await new Promise((done) => child.once('close', done));
  await expect(page.getByText('Stopped').first()).toBeVisible();
});

test('delete asks first, names the runs, and gives the folder back', async ({ page }) => {
  await page.goto(served.url);
  await page.getByLabel('Select alpha').check();
  await page.getByRole('button', { name: 'Delete 1' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('alpha');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('link', { name: 'alpha' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete 1' }).click();
  await dialog.getByRole('button', { name: 'Delete run' }).click();
  await expect(page.getByRole('link', { name: 'alpha' })).toBeHidden();
  expect(served.saddle('runs', '--json')).not.toContain(first);
});
