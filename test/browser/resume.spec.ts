// Going on: an interrupted run, a fork, undo of a delete, star and archive, notes and tags; by hand, on real training.

import { expect, test, type Page } from '@playwright/test';
import { firstLine, serve, shownStep, trainSmall, type Served } from './served.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

const STEPS = 400;

interface Shown {
  readonly summary: { readonly pid: number | null; readonly state: string; readonly step: number };
}

function show(run: string): Shown['summary'] {
  const shown = JSON.parse(served.saddle('show', run, '--json')) as Shown & Shown['summary'];
  return 'summary' in shown ? shown.summary : shown;
}

/** Trains with a checkpoint every 20 steps and is killed after step 45, as by a lost machine. */
async function interruptedRun(name: string): Promise<string> {
  const settings = ['batchSize=16', 'sampleEvery=10', 'checkpointEvery=20'].flatMap((one) => ['--set', one]);
  const what = ['--recipe', 'gan-mlp', '--data', 'glyphs', '--steps', String(STEPS)];
  const child = served.start('train', ...what, '--name', name, ...settings, '--json');
  const { runId } = JSON.parse(await firstLine(child)) as { runId: string };
  await expect.poll(() => show(runId).step, { intervals: [50], timeout: 60_000 }).toBeGreaterThan(45);
  const { pid } = show(runId);
  process.kill(pid!, 'SIGKILL');
  await expect.poll(() => show(runId).state).toBe('interrupted');
  return runId;
}

async function openRun(page: Page, name: string): Promise<void> {
  await page.goto(served.url);
  await page.getByRole('cell').getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
}

test('a killed run is offered on the first page, says where it goes on, and trains to its end', async ({ page }) => {
  const runId = await interruptedRun('power cut');
  await page.goto(served.url);
  const offer = page.getByRole('region', { name: /interrupted and can go on/ });
  await expect(offer.getByRole('button', { name: /^Resume from \d+$/ })).toBeVisible();
  await offer.getByRole('link', { name: 'power cut' }).click();
  await expect(page.getByText('Interrupted').first()).toBeVisible();
  await expect(page.getByText(/recorded after it (is|are) rolled back|Nothing recorded is lost/)).toBeVisible();
  await page.getByRole('button', { name: /^Resume from \d+$/ }).click();
  await expect(page.getByText('Finished').first()).toBeVisible({ timeout: 90_000 });
  expect(await shownStep(page, String(STEPS))).toBe(STEPS);
  expect(show(runId)).toMatchObject({ state: 'finished', step: STEPS });
  await page.getByRole('link', { name: /^Events/ }).click();
  await expect(page.getByRole('cell', { name: 'Resumed', exact: true }).first()).toBeVisible();
});

test('an offer that is not wanted stays away', async ({ page }) => {
  await interruptedRun('let it be');
  await page.goto(served.url);
  await page.getByRole('button', { name: 'Do not offer let it be again' }).click();
  await expect(page.getByRole('region', { name: /interrupted and can go on/ })).toBeHidden();
  await page.reload();
  await expect(page.getByRole('cell').getByRole('link', { name: 'let it be' })).toBeVisible();
  await expect(page.getByRole('region', { name: /interrupted and can go on/ })).toBeHidden();
});

test('a fork with a changed setting names its parent, and the parent is a click away', async ({ page }) => {
  trainSmall(served, 'parent');
  await openRun(page, 'parent');
  await page.getByRole('link', { name: /^Checkpoints/ }).click();
  await page.getByRole('link', { name: 'Fork from step 40' }).click();
  await expect(page.getByRole('heading', { name: 'Fork of parent at step 40' })).toBeVisible();
  await page.getByLabel('Name').fill('child');
  await page.getByLabel('Steps', { exact: true }).fill('40');
  await expect(page.getByText('expected more than 40')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Fork and train' })).toBeDisabled();
  await page.getByLabel('Steps', { exact: true }).fill('60');
  await page.getByLabel(/Batch size/i).fill('8');
  await expect(page.getByText('1 differs from the parent')).toBeVisible();
  await page.getByRole('button', { name: 'Fork and train' }).click();
  await expect(page.getByRole('heading', { name: 'child' })).toBeVisible();
  await expect(page.getByText('Finished').first()).toBeVisible({ timeout: 60_000 });
  const child = JSON.parse(served.saddle('show', 'child', '--json')) as { parent?: unknown; summary?: unknown };
  expect(JSON.stringify(child)).toMatch(/"parent":\{"runId":"[^"]+","step":40\}/);
  await page.getByRole('link', { name: 'Fork of parent at step 40' }).click();
  await expect(page.getByRole('heading', { name: 'parent' })).toBeVisible();
});

test('a run that met a value which is not finite offers a fork with half of both learning rates', async ({ page }) => {
  const rates = ['generatorLearningRate=1', 'discriminatorLearningRate=1', 'rateDivisor=1'];
  const set = [...rates, 'batchSize=8', 'checkpointEvery=2'].flatMap((one) => ['--set', one]);
  const child = served.start('train', '--recipe', 'gan-mlp', '--preset', 'paper', '--data', 'glyphs',
    '--steps', '400', '--name', 'too fast', ...set, '--json'); // prettier-ignore
  child.stdout!.resume();
  await new Promise((done) => child.once('close', done));
  await openRun(page, 'too fast');
  const alert = page.getByRole('alert');
  await expect(alert.getByText('Training failed')).toBeVisible();
  await expect(alert.getByText(/became (NaN|-?Infinity) at step/)).toBeVisible();
  await alert.getByRole('link', { name: 'Fork with half the learning rate' }).click();
  await expect(page.getByRole('heading', { name: /Fork of too fast at step \d+/ })).toBeVisible();
  await expect(page.getByText('2 differ from the parent')).toBeVisible();
  const learningRates = page.getByLabel('Learning rate', { exact: true });
  await expect(learningRates).toHaveCount(2);
  for (const at of [0, 1]) await expect(learningRates.nth(at)).toHaveValue('0.5');
  await expect(page.getByRole('button', { name: 'Fork and train' })).toBeEnabled();
});

test('a deleted run comes back with Undo', async ({ page }) => {
  trainSmall(served, 'mistake');
  await openRun(page, 'mistake');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete run' }).click();
  const row = page.getByRole('cell').getByRole('link', { name: 'mistake' });
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
  await expect(row).toBeHidden();
  expect(served.saddle('runs', '--json')).not.toContain('"mistake"');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  expect(served.saddle('runs', '--json')).toContain('"mistake"');
});

test('star, tag, notes and archive are kept, and an archived run is hidden until asked for', async ({ page }) => {
  trainSmall(served, 'keeper');
  await openRun(page, 'keeper');
  await page.getByRole('button', { name: 'Star keeper' }).click();
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByLabel('New tag').fill('baseline');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Notes' }).click();
  await page.getByLabel('Notes').fill('the one to beat');
  await page.getByLabel('Notes').blur();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.reload();
  await expect(page.getByLabel('Notes')).toHaveValue('the one to beat');
  await expect(page.getByRole('button', { name: 'Star keeper' })).toHaveAttribute('aria-pressed', 'true');

  await page.getByRole('link', { name: 'Runs' }).first().click();
  const row = page.getByRole('row', { name: /keeper/ });
  await expect(page.getByText('Archived (1)')).toBeVisible();
  await expect(row).toBeHidden();
  await page.getByText('Archived (1)').click();
  await expect(row.getByText('baseline')).toBeVisible();
  await page.getByLabel('Filter runs').fill('baseline');
  await expect(row).toBeVisible();
});

test('a checkpoint is starred, and its hash is copied where copying is allowed', async ({ page, context }) => {
  const runId = trainSmall(served, 'starred');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openRun(page, 'starred');
  await page.getByRole('link', { name: /^Checkpoints/ }).click();
  const star = page.getByRole('button', { name: 'Keep the checkpoint at step 40 for good' });
  await star.click();
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  const [row] = JSON.parse(served.saddle('checkpoints', runId, '--json')) as { starred: boolean; sha256: string }[];
  expect(row!.starred).toBe(true);
  await page.getByRole('button', { name: 'Copy the whole hash' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(row!.sha256);
});

test('copying works without the permission, as in the desktop app', async ({ page }) => {
  const runId = trainSmall(served, 'hashed');
  await page.addInitScript(() => {
    Object.defineProperty(navigator.clipboard, 'writeText', {
      value: () => Promise.reject(new DOMException('denied', 'NotAllowedError')),
    });
  });
  await openRun(page, 'hashed');
  await page.getByRole('link', { name: /^Checkpoints/ }).click();
  await page.getByRole('button', { name: 'Copy the whole hash' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  const [row] = JSON.parse(served.saddle('checkpoints', runId, '--json')) as { sha256: string }[];
  await page.getByRole('link', { name: 'Notes' }).click();
  await page.getByLabel('Notes').focus();
  await page.keyboard.press('Control+V');
  await expect(page.getByLabel('Notes')).toHaveValue(row!.sha256);
});

test('samples are thinned, and what goes is said first', async ({ page }) => {
  trainSmall(served, 'thinned');
  await openRun(page, 'thinned');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Thin out the samples …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Older than step').fill('35');
  await dialog.getByLabel('Keep every').fill('2');
  // Of the grids at 0, 10, 20, 30 those at 10 and 30 go.
  await expect(dialog.getByText(/Removes 2 grids/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Thin out' }).click();
  await expect(page.getByRole('slider', { name: 'Step of the samples' })).toHaveAttribute('aria-valuetext', /of 3$/);
});
