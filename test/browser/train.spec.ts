// The main job, by hand: New run, Train, watch, pause, resume, stop.

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import { serve, shownStep, trainSmall, type Served } from './served.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

test('from an empty library to a trained, paused, resumed, stopped and exported run', async ({ page }) => {
  await page.goto(served.url);
  await expect(page.getByText('No runs yet')).toBeVisible();
  await page.getByRole('link', { name: 'New run' }).last().click();

  await page.getByText('dcgan28', { exact: true }).click();
  await page.getByText('Small (DCGAN28-S)').first().click();
  await expect(page.getByText('445,729')).toBeVisible();
  await expect(page.getByText('113,729')).toBeVisible();
  await page.getByLabel('Name').fill('by hand');
  await page.getByLabel('Steps', { exact: true }).fill('100000');
  const pressedMs = Date.now();
  await page.getByRole('button', { name: 'Train' }).click();

  // First the grid of step 0, then moving losses: within the minute that the product promises.
  await expect(page.getByRole('heading', { name: 'by hand' })).toBeVisible();
  await expect(page.getByRole('img', { name: /samples\/fixed at step/ })).toBeVisible({ timeout: 60_000 });
  const step = (): Promise<number> => shownStep(page, '100,000');
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(20);
  console.log(`from Train to 20 steps on the page: ${((Date.now() - pressedMs) / 1000).toFixed(1)} s`);
  for (const chart of [
    'Losses',
    'Loss of D on real and fake',
    'Probability given by D',
    'Accuracy of D',
    'Gradient norms',
    'Time per step, ms',
  ]) {
    await expect(page.getByRole('heading', { name: chart })).toBeVisible();
  }

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('Paused').first()).toBeVisible();
  const at = await step();
  await page.waitForTimeout(1500);
  expect(await step()).toBe(at);

  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect.poll(step).toBeGreaterThan(at);

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('Stopped').first()).toBeVisible();
  await page.getByRole('link', { name: /^Events/ }).click();
  for (const kind of ['Started', 'Paused', 'Resumed', 'Stopped']) {
    await expect(page.getByRole('cell', { name: kind, exact: true }).first()).toBeVisible();
  }
  await page.getByRole('link', { name: /^Checkpoints/ }).click();
  await expect(page.getByText(/checkpoints\/.*\.safetensors/).first()).toBeVisible();
});

test('exports carry exact pixels and every point', async ({ page }) => {
  const id = trainSmall(served, 'exported');
  await page.goto(served.url);
  await page.getByRole('link', { name: 'exported' }).click();
  await expect(page.getByRole('img', { name: /samples\/fixed at step/ })).toBeVisible();

  const download = async (name: RegExp): Promise<Buffer> => {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByText(name).click()]);
    return readFileSync(await file.path());
  };
  const grid = decode(await download(/Sample grid at step/));
  expect([grid.width, grid.height, grid.channels]).toEqual([224, 224, 1]);
  const samples = unzipSync(await download(/All samples at step/));
  const first = decode(Object.entries(samples).sort(([a], [b]) => a.localeCompare(b))[0]![1]);
  const cut = Array.from({ length: 28 }, (_, y) => [...grid.data.slice(y * 224, y * 224 + 28)]).flat();
  expect(Object.keys(samples)).toHaveLength(64);
  expect([...first.data]).toEqual(cut);

  const rows = (await download(/All scalars/)).toString('utf8').trim().split('\n');
  const points = served.saddle('scalars', id, 'loss/g').trim().split('\n');
  expect(rows.filter((row) => row.startsWith('loss/g,'))).toHaveLength(points.length);
});
