// Charts and plots of runs taken away as figures: PDFs are read back as what they are, pages of lines and text.

import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { serve, type Served } from './served.ts';
import { trainSeed } from './trained.ts';

let served: Served;
let address: string;
let distributed: string;
test.beforeAll(async () => {
  served = await serve();
  distributed = trainSeed(served, '実験 β', 2, 'generatorLearningRate=0.002', 'histogramEvery=10');
  const runs = [trainSeed(served, 'seed 1', 1, 'histogramEvery=10'), distributed];
  address = `#/compare?runs=${runs.join(',')}`;
});
test.afterAll(() => served.close());

async function save(
  page: Page,
  title: string,
  item: string,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await page.getByRole('button', { name: `Save ${title}`, exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: item, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** In pixels. */
function sizeOfPng(bytes: Buffer): { readonly width: number; readonly height: number } {
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The page's size in points, the texts and pictures on it, and the operators that draw it. */
function readPdf(bytes: Buffer) {
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const file = bytes.toString('latin1');
  const streams = [...file.matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)].map(([, data]) => {
    const packed = Buffer.from(data!, 'latin1');
    return packed[0] === 0x78 ? inflateSync(packed).toString('latin1') : '';
  });
  const drawing = streams.find((stream) => stream.includes(' Tj'))!;
  return {
    box: /\/MediaBox \[([\d. ]+)\]/.exec(file)![1]!.trim().split(' ').map(Number),
    texts: [...drawing.matchAll(/\(((?:\\.|[^\\)])*)\) Tj/g)].map(([, text]) => text!.replace(/\\(.)/g, '$1')),
    pictures: [...drawing.matchAll(/\/I\d+ Do/g)].length,
    drawing,
  };
}

async function openCompare(page: Page): Promise<void> {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/${address}`);
  await expect(page.getByRole('figure', { name: 'loss/d', exact: true }).getByText('seed 1')).toBeVisible();
}

async function openPlot(page: Page, view: 'Parallel' | 'Scatter'): Promise<void> {
  await page.goto(served.url);
  await expect(page.getByRole('link', { name: 'seed 1' })).toBeVisible();
  await page.getByRole('radio', { name: view }).check({ force: true });
}

test('a chart is saved as a PDF of its own size, with text as text; a name that Helvetica cannot write is a picture', async ({
  page,
}) => {
  await openCompare(page);
  const { name, bytes } = await save(page, 'loss/d', 'Figure (PDF)');
  expect(name).toBe('loss-d.pdf');
  const { box, texts, pictures, drawing } = readPdf(bytes);
  expect(box).toEqual([0, 0, 420, 269]);
  expect(texts).toEqual(expect.arrayContaining(['Step', 'loss/d', 'seed 1', 'log 4: cannot tell']));
  // The name of the other run alone.
  expect(pictures).toBe(1);
  // Two runs of 40 points, the smoothed lines and the raw ones, are lines, no picture.
  expect(drawing.match(/^[\d. -]+ l$/gm)!.length).toBeGreaterThan(4 * 30);
});

test('a plot of one scalar against another is saved as a figure and as numbers', async ({ page }) => {
  await openCompare(page);
  await page.getByRole('button', { name: 'Add a chart' }).click();
  await page.getByLabel('Up (y)').selectOption('loss/g');
  await page.getByLabel('Across (x)').selectOption('loss/d');
  await page.getByRole('button', { name: 'Add', exact: true }).last().click();
  await expect(page.getByRole('figure', { name: 'loss/g against loss/d' })).toContainText('seed 1');
  const title = 'loss/g against loss/d';
  const { name, bytes } = await save(page, title, 'Figure (PDF)');
  expect(name).toBe('loss-g-against-loss-d.pdf');
  expect(readPdf(bytes).texts).toEqual(expect.arrayContaining(['loss/d', 'loss/g', 'seed 1']));
  const svg = (await save(page, title, 'Figure (SVG)')).bytes.toString();
  expect(svg).toMatch(/>loss\/d<[^]*>loss\/g<[^]*>seed 1<[^]*>実験 β</);
  expect(sizeOfPng((await save(page, title, 'Figure, 300 dpi (PNG)')).bytes).width).toBe(1750);
  const lines = (await save(page, title, 'Data of the chart (CSV)')).bytes.toString().trim().split('\n');
  // Two runs of 40 points, each with both scalars.
  expect(lines).toHaveLength(1 + 2 * 2 * 40);
  expect(lines[1]).toMatch(/^seed 1 loss\/d,1,20/);
});

test('parallel coordinates are saved as SVG, PDF, PNG and CSV, the axes in the order they were dragged into', async ({
  page,
}) => {
  await openPlot(page, 'Parallel');
  const axes = () => page.locator('[data-axis]').evaluateAll((all) => all.map((one) => one.getAttribute('data-axis')));
  const before = ['setting:generatorLearningRate', 'setting:seed', 'scalar:loss/d', 'scalar:loss/g'];
  await expect.poll(axes).toEqual(before);
  const held = (await page.getByTitle('loss/g: drag it').boundingBox())!;
  const goal = (await page.getByTitle('seed: drag it').boundingBox())!;
  await page.mouse.move(held.x + held.width / 2, held.y + held.height / 2);
  await page.mouse.down();
  await page.mouse.move(goal.x + goal.width / 2 + 40, held.y, { steps: 5 });
  await page.mouse.move(goal.x + goal.width / 2, held.y, { steps: 2 });
  await page.mouse.up();
  const after = ['setting:generatorLearningRate', 'scalar:loss/g', 'setting:seed', 'scalar:loss/d'];
  await expect.poll(axes).toEqual(after);
  await page.reload();
  await expect.poll(axes).toEqual(after);

  const title = 'Runs as parallel coordinates';
  const svg = (await save(page, title, 'Figure (SVG)')).bytes.toString();
  expect(svg).toMatch(/>generatorLearningRate<[^]*>loss\/g<[^]*>seed<[^]*>loss\/d<[^]*>実験 β</);
  const { texts, pictures, box } = readPdf((await save(page, title, 'Figure (PDF)')).bytes);
  expect(texts).toEqual(expect.arrayContaining(['generatorLearningRate', 'loss/g', 'seed', 'loss/d', 'seed 1']));
  expect([pictures, box[2]]).toEqual([1, Number(/width="(\d+)pt"/.exec(svg)![1])]);
  expect((await save(page, title, 'Figure, 300 dpi (PNG)')).bytes.subarray(1, 4).toString()).toBe('PNG');
  const lines = (await save(page, title, 'Data of the chart (CSV)')).bytes.toString().trim().split('\n');
  expect(lines[0]).toBe('run,name,selected,generatorLearningRate,loss/g,seed,loss/d');
  expect(
    lines
      .slice(1)
      .map((line) => line.split(',').slice(1, 4).join())
      .sort(),
  ).toEqual(['seed 1,true,0.0002', '実験 β,true,0.002']);
});

test('points are saved as a figure with their axes named, and as values', async ({ page }) => {
  await openPlot(page, 'Scatter');
  await page.getByLabel('x axis of the points').selectOption('generatorLearningRate');
  const title = 'loss/d against generatorLearningRate';
  const svg = (await save(page, title, 'Figure (SVG)')).bytes.toString();
  expect(svg.match(/<circle/g)).toHaveLength(2);
  expect(readPdf((await save(page, title, 'Figure (PDF)')).bytes).texts).toEqual(
    expect.arrayContaining(['loss/d', 'generatorLearningRate', 'seed 1']),
  );
  const lines = (await save(page, title, 'Data of the chart (CSV)')).bytes.toString().trim().split('\n');
  expect(lines[0]).toBe('run,name,selected,generatorLearningRate,loss/d');
  expect(lines).toHaveLength(3);
});

test('distributions are saved as a heat-map or as ridges, and every count of every step as CSV', async ({ page }) => {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/run/${distributed}`);
  const title = 'hist/d_real_logit';
  // The apostrophe in the encoding that PDFs have for their own fonts.
  const inWinAnsi = 'D\x92s answers to real';
  await page.getByRole('img', { name: /^hist\/d_real_logit: at step 40 from/ }).scrollIntoViewIfNeeded();
  const { name, bytes } = await save(page, title, 'Figure (SVG)');
  expect(name).toBe('hist-d-real-logit.svg');
  const svg = bytes.toString();
  expect(svg).toMatch(/>D’s answers to real<[^]*>実験 β<[^]*>Step<[^]*>Value<[^]*>Share of its step’s fullest part</);
  expect(svg.match(/M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+z/g)!.length).toBeGreaterThan(50);
  const map = readPdf((await save(page, title, 'Figure (PDF)')).bytes);
  expect(map.texts).toEqual(expect.arrayContaining([inWinAnsi, 'Step', 'Value']));
  // The name of the run alone; the parts are shapes.
  expect(map.pictures).toBe(1);
  expect(map.drawing.match(/^[fF]\*?$/gm)!.length).toBeGreaterThan(20);
  const height = Number(/height="([\d.]+)pt"/.exec(svg)![1]);
  const size = sizeOfPng((await save(page, title, 'Figure, 300 dpi (PNG)')).bytes);
  expect(size).toEqual({ width: 1750, height: Math.round((height * 300) / 72) });

  const lines = (await save(page, title, 'Data of the chart (CSV)')).bytes.toString().trim().split('\n');
  expect(lines[0]).toBe('step,bin_low,bin_high,count');
  const counts = new Map<string, number>();
  for (const line of lines.slice(1)) {
    const [step, low, high, count] = line.split(',');
    expect(Number(low)).toBeLessThan(Number(high));
    counts.set(step!, (counts.get(step!) ?? 0) + Number(count));
  }
  // A batch of 16 at the first step and at every tenth.
  expect([...counts]).toEqual(['1', '10', '20', '30', '40'].map((step) => [step, 16]));

  await page.getByLabel('Drawn as').selectOption('Ridges');
  const ridges = (await save(page, title, 'Figure (SVG)')).bytes.toString();
  expect(ridges.match(/stroke="#fff"/g)).toHaveLength(5);
  expect(readPdf((await save(page, title, 'Figure (PDF)')).bytes).texts).toEqual(
    expect.arrayContaining([inWinAnsi, 'Step', 'Value', '40']),
  );
});

test('an export of the host that takes long says so, and is given up on request', async ({ page }) => {
  await page.goto(served.url);
  await page.goto(`${new URL(served.url).origin}/#/run/${distributed}`);
  // An answer that never comes stands for a very long run.
  await page.route('**/scalars.csv', () => {});
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('button', { name: 'All scalars, every point (CSV)' }).click();
  const messages = page.getByRole('log', { name: 'Messages' });
  await expect(messages.getByText('Saving All scalars, every point (CSV)')).toBeVisible();
  await expect(messages.getByRole('progressbar')).toBeVisible();
  const broken = page.waitForEvent('requestfailed', (request) => request.url().endsWith('scalars.csv'));
  await messages.getByRole('button', { name: 'Cancel' }).click();
  await broken;
  await expect(messages.getByRole('progressbar')).toHaveCount(0);
  // Neither saved nor called a failure.
  await expect(messages).toBeEmpty();
  await page.unroute('**/scalars.csv');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: 'Export', exact: true })
      .click()
      .then(() => page.getByRole('button', { name: 'All scalars, every point (CSV)' }).click()),
  ]);
  expect(download.suggestedFilename()).toBe(`${distributed}.csv`);
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^tag,step,wall_time,value\n/);
});
