// What a run page says of the health of a run, and what it draws beside its charts.

import { expect, test } from '@playwright/test';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

test('an alert stands in the header with its remedy, which a fork takes over', async ({ page }) => {
  // Images in 0 to 1 against tanh: said at the start.
  const id = trainSmall(served, 'wrong range', 'imageRange=0..1');
  await page.goto(`${served.url}#/run/${id}`);
  const health = page.getByRole('region', { name: 'Health of the run' });
  await expect(health.getByRole('meter', { name: 'D’s belief in real' })).toBeVisible();
  await expect(health.getByRole('meter', { name: 'Diversity' })).toBeVisible();
  await expect(health.getByText('All values finite')).toBeVisible();
  await expect(health.getByText('1 alert')).toBeVisible();
  await expect(page.getByText(/tanh gives -1 to 1/)).toBeVisible();
  await page.getByRole('link', { name: 'Fork with the remedy' }).click();
  await expect(page.getByRole('heading', { name: 'Fork of wrong range at step 40' })).toBeVisible();
  await expect(page.getByLabel('Range of images', { exact: true })).toHaveValue('-1..1');
});

test('distributions are drawn, as a heat-map or as ridges, and follow the step bar', async ({ page }) => {
  const id = trainSmall(served, 'distributions', 'histogramEvery=10');
  await page.goto(`${served.url}#/run/${id}`);
  const map = page.getByRole('img', { name: /^hist\/d_real_logit: at step 40 from/ });
  await map.scrollIntoViewIfNeeded();
  const isPainted = () =>
    map.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((byte) => byte > 0);
    });
  await expect.poll(isPainted).toBe(true);
  await page.getByRole('slider', { name: 'Step of the samples' }).press('Home');
  await expect(page.getByRole('img', { name: /^hist\/d_real_logit: at step 1 from/ })).toBeVisible();
  await page.getByLabel('Drawn as').selectOption('Ridges');
  await expect(page.getByRole('img', { name: /^hist\/d_real_logit: at step 1 from/ })).toBeVisible();
});

test('the picture that is shown is chosen, and each has its own steps', async ({ page }) => {
  const id = trainSmall(served, 'pictures');
  await page.goto(`${served.url}#/run/${id}`);
  await expect(page.getByRole('img', { name: 'samples/fixed at step 40' })).toBeVisible();
  await page.getByRole('button', { name: 'Random', exact: true }).click();
  await expect(page.getByRole('img', { name: 'samples/random at step 40' })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Step of the samples' })).toHaveAttribute(
    'aria-valuetext',
    /grid 1 of 1$/,
  );
});
