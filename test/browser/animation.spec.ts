// A run's training as a moving picture, made on request and given up on request: by the host, or as a film by the browser's own
// encoder, whose frames are compared with the recorded grids.

import { readFileSync } from 'node:fs';
import { expect, test, type Browser, type Page } from '@playwright/test';
import sharp from 'sharp';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

let served: Served;
let alpha: string;
let beta: string;
test.beforeAll(async () => {
  served = await serve();
  alpha = trainSeed(served, 'alpha', 1);
  beta = trainSeed(served, 'beta 日本', 2);
});
test.afterAll(() => served.close());

test('the grids of a run from a step on are saved as a GIF, every one of them', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Training as GIF, WebP or video' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Grids')).toContainText('all 5');
  await dialog.getByLabel('From step').fill('10');
  await expect(dialog.getByLabel('Grids')).toContainText('all 4');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Make', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^\d{8}-\d{6}-[0-9a-z]{4}-samples-fixed-to-step-000040\.gif$/);
  const bytes = readFileSync(await download.path());
  expect(bytes.subarray(0, 6).toString()).toBe('GIF89a');
  await expect(dialog).toBeHidden();
});

test('while it is made its time is shown, and Cancel gives it up', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  // An answer that never comes stands for a very long run.
  await page.route('**/training.gif*', () => {});
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Training as GIF, WebP or video' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make', exact: true }).click();
  await expect(dialog.getByText(/Making a picture of 5 grids: [1-9][\d.]* s/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('progressbar')).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Make', exact: true })).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});

/** What is in a film, read by another program than the one that wrote it. */
async function readFilm(bytes: Buffer) {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
  const track = (await input.getPrimaryVideoTrack())!;
  const frames: number[] = [];
  for await (const { timestamp } of new EncodedPacketSink(track).packets()) frames.push(timestamp);
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  return { type: await input.getMimeType(), codec: await track.getCodec(), frames, width, height };
}

/** Mean and greatest distance in grey of the frame that a player shows at a time from a grid drawn as large as the frame. */
async function compareFrame(browser: Browser, film: string, seconds: number, grid: string) {
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async ([address, time, png]) => {
        const video = document.createElement('video');
        video.src = address;
        video.muted = true;
        await new Promise((ready, fail) => {
          video.onseeked = ready;
          video.onerror = () => fail(new Error(video.error?.message));
          video.currentTime = time;
        });
        const image = new Image();
        image.src = png;
        await image.decode();
        const [width, height] = [video.videoWidth, video.videoHeight];
        const [shown, wanted] = [video, image].map((picture) => {
          const context = new OffscreenCanvas(width, height).getContext('2d')!;
          context.imageSmoothingEnabled = false;
          context.drawImage(picture, 0, 0, width, height);
          return context.getImageData(0, 0, width, height).data.filter((_, at) => at % 4 === 0);
        });
        const distances = shown!.map((value, at) => Math.abs(value - wanted![at]!));
        const sum = distances.reduce((all, distance) => all + distance, 0);
        return { mean: sum / distances.length, most: distances.reduce((one, other) => Math.max(one, other), 0) };
      },
      [film, seconds, grid] as const,
    );
  } finally {
    await page.close();
  }
}

const dataUrl = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString('base64')}`;

async function openFilm(page: Page, format: string) {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Training as GIF, WebP or video' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Grids')).toContainText('all 5');
  await dialog.getByLabel('Format').selectOption(format);
  await dialog.getByLabel('Speed').selectOption('5 a second');
  await dialog.getByLabel('Captions with names and steps').uncheck();
  await dialog.getByLabel('Size').selectOption('448 × 448');
  return dialog;
}

// Of 255. Grids of a net that has learnt nothing yet are noise, the hardest there is for a codec.
for (const { format, type, codec, shade } of [
  { format: 'webm', type: 'video/webm', codec: 'vp9', shade: 1.5 },
  { format: 'mp4', type: 'video/mp4', codec: 'avc', shade: 4 },
]) {
  test(`a film (${format}) has every grid, pixel for pixel but for a shade`, async ({ page, browser }) => {
    const dialog = await openFilm(page, format);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Make', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${alpha}-samples-fixed-to-step-000040.${format}`);
    const bytes = readFileSync(await download.path());
    const film = await readFilm(bytes);
    expect(film).toMatchObject({ codec, width: 448, height: 448 });
    expect(film.type).toContain(type);
    // Five grids at five a second; the last stands for eight of them, a second and a half.
    const times = [0, 0.2, 0.4, 0.6, 0.8, 2.4];
    expect(film.frames.map((time) => Math.round(time * 1000) / 1000)).toEqual(times);
    for (const [frame, step] of [0, 10, 20, 30, 40].entries()) {
      const address = `/data/export/${alpha}/grid.png?tag=samples/fixed&step=${step}`;
      const grid = await page.request.get(new URL(address, served.url).href);
      const [film, png] = [dataUrl(type, bytes), dataUrl('image/png', await grid.body())];
      const { mean, most } = await compareFrame(browser, film, frame / 5 + 0.1, png);
      expect(mean, `step ${step}`).toBeLessThan(shade);
      expect(most, `step ${step}`).toBeLessThan(10 * shade);
    }
    await expect(dialog).toBeHidden();
  });
}

test('two runs are one film side by side; while it is made it counts its frames, and Cancel ends it', async ({
  page,
}) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).waitFor();
  await page.goto(`${new URL(served.url).origin}/#/compare?runs=${alpha},${beta}`);
  await page.getByRole('button', { name: 'Film …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Training of 2 runs as one film' });
  await dialog.getByLabel('Format').selectOption('webm');
  await dialog.getByLabel('Size').selectOption({ index: 3 });
  // A picture that never comes stands for a very long film.
  await page.route('**/data/images/**', () => {});
  await dialog.getByRole('button', { name: 'Make', exact: true }).click();
  await expect(dialog.getByText(/Frame 0 of 5/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('progressbar')).toBeHidden();
  await page.unroute('**/data/images/**');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Make', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('2-runs-samples-fixed-to-step-000040.webm');
  const { frames, width, height } = await readFilm(readFileSync(await download.path()));
  expect([frames.length, width, height]).toEqual([6, 2 * 224 + 4, 224 + 18]);
});

/** The worker that makes a film, as in a browser without the decoder of WebCodecs. Counts how often it was asked for. */
async function removeDecoder(page: Page): Promise<() => number> {
  let asked = 0;
  await page.route('**/film-worker*.js', async (route) => {
    const answer = await route.fetch();
    asked++;
    await route.fulfill({ response: answer, body: `delete globalThis.ImageDecoder;${await answer.text()}` });
  });
  return () => asked;
}

for (const missing of ['no encoder of videos', 'neither encoder nor decoder'] as const) {
  test(`two runs are one WebP side by side, every pixel as recorded, where there is ${missing} too`, async ({
    page,
  }) => {
    await page.addInitScript(() => void Reflect.deleteProperty(window, 'VideoEncoder'));
    const workers = missing === 'no encoder of videos' ? null : await removeDecoder(page);
    await page.goto(served.url);
    await page.getByRole('link', { name: 'alpha' }).waitFor();
    await page.goto(`${new URL(served.url).origin}/#/compare?runs=${alpha},${beta}`);
    await page.getByRole('button', { name: 'Film …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Training of 2 runs as one film' });
    await expect(dialog.getByLabel('Format')).toHaveValue('webp');
    await dialog.getByLabel('Captions with names and steps').uncheck();
    await dialog.getByLabel('Size').selectOption('452 × 224');
    await dialog.getByLabel('Speed').selectOption('20 a second');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Make', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('2-runs-samples-fixed-to-step-000040.webp');
    if (workers) expect(workers()).toBe(1);
    const bytes = readFileSync(await download.path());
    const { pages, delay, width, pageHeight } = await sharp(bytes, { animated: true }).metadata();
    expect({ pages, delay, width, pageHeight }).toEqual({
      ...{ pages: 5, delay: [50, 50, 50, 50, 1500], width: 452, pageHeight: 224 },
    });
    for (const [index, run] of [alpha, beta].entries()) {
      const address = `/data/export/${run}/grid.png?tag=samples/fixed&step=30`;
      const grid = await (await page.request.get(new URL(address, served.url).href)).body();
      const part = { left: index * (224 + 4), top: 0, width: 224, height: 224 };
      const shown = await sharp(bytes, { page: 3 }).extract(part).greyscale().raw().toBuffer();
      expect(shown.equals(await sharp(grid).greyscale().raw().toBuffer()), `run ${index}`).toBe(true);
    }
  });
}

test('on a page that came over plain HTTP from elsewhere, it is said why there are no films', async ({ page }) => {
  // Such a page has no encoder, and knows itself as not secure.
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'VideoEncoder');
    Object.defineProperty(window, 'isSecureContext', { value: false });
  });
  await page.goto(served.url);
  await page.getByRole('link', { name: 'alpha' }).click();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'Training as GIF, WebP or video' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/only to pages from this computer or over HTTPS/)).toBeVisible();
  await expect(dialog.getByRole('option', { name: 'WebM: not offered here' })).toBeDisabled();
});
