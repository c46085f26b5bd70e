// The Data page and the choice of data for a new run: own folders with what cannot be read in them, space on the disk,
// and what the network will see. Real image files, the real server.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { serve, type Served } from './served.ts';

let served: Served;
let pictures: string;
test.beforeAll(async () => {
  served = await serve();
  pictures = join(served.home, 'pictures');
  for (const [index, place] of ['cats', 'dogs'].entries()) {
    mkdirSync(join(pictures, place), { recursive: true });
    for (let image = 0; image < 20; image++) {
      const background = { r: 12 * image, g: 255 * index, b: 90 };
      const file = await sharp({ create: { width: 90, height: 60, channels: 3, background } })
        .png()
        .toBuffer();
      writeFileSync(join(pictures, place, `${image}.png`), file);
    }
  }
  writeFileSync(join(pictures, 'broken.jpg'), 'no image');
});
test.afterAll(() => served.close());

test('an own folder is imported after its unreadable file is left out by choice, trained on and removed', async ({
  page,
}) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  const form = page.getByRole('region', { name: 'A folder of your own' });
  await form.getByLabel('Folder on this machine', { exact: true }).fill(pictures);
  await form.getByLabel('Name').fill('Pets');
  await form.getByLabel('Size').selectOption('32');
  await form.getByRole('button', { name: 'Import the folder' }).click();
  await expect(form.getByText('1 file cannot be read')).toBeVisible();
  await expect(form.getByText('broken.jpg')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Pets' })).toHaveCount(0);
  await form.getByRole('button', { name: 'Import without them' }).click();
  await expect(page.getByText('40 images imported as folder-pets')).toBeVisible();
  const card = page.getByRole('article', { name: 'Pets' });
  await expect(card.getByRole('img', { name: 'Examples of Pets' })).toBeVisible();
  await expect(card.getByText('32 × 32, colour')).toBeVisible();

  await page.getByRole('link', { name: 'New run' }).first().click();
  await page.getByText('MLP GAN').click();
  await page.getByText(/^Also possible/).click();
  await page.getByText('Pets', { exact: true }).click();
  await expect(page.getByText('The network sees 32 × 32 × 3, −1 to 1')).toBeVisible();

  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await card.getByRole('button', { name: 'Remove Pets' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Pets' })).toHaveCount(0);
  const list = JSON.parse(served.saddle('data', 'list', '--json')) as { id: string }[];
  expect(list.map(({ id }) => id)).not.toContain('folder-pets');
});

test('data sets stand under their kind, and one that no program may fetch says how to get it', async ({ page }) => {
  await page.goto(`${served.url}#/data`);
  await expect(page.getByRole('heading', { name: 'Images', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Points', exact: true })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Examples of Ring of eight' })).toBeVisible();
  await expect(page.getByRole('article', { name: 'CelebA' }).getByText(/img_align_celeba\.zip/)).toBeVisible();
});
