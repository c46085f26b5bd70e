// The queue: three seeds of a tiny run queue up, run in order and stand in the table under one tag; a sweep says how many
// runs it makes, waits while the queue is paused, and is put in order by buttons and keyboard.

import { expect, test, type Page } from '@playwright/test';
import { serve, type Served } from './served.ts';

let served: Served;
test.beforeAll(async () => {
  served = await serve();
});
test.afterAll(() => served.close());

async function chooseTiny(page: Page, name: string, steps: string): Promise<void> {
  await page.goto(`${new URL(served.url).origin}/#/new`);
  await page.getByText('MLP GAN').click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Steps', { exact: true }).fill(steps);
  await page.getByLabel('Batch size', { exact: true }).fill('16');
}
const waiting = (page: Page) => page.getByRole('region', { name: /Waiting/ }).locator('tr[data-id]');
const names = (page: Page) => waiting(page).locator('.name');

test('an empty queue has the button that fills it', async ({ page }) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Queue', exact: true }).click();
  await expect(page.getByText('Nothing waits')).toBeVisible();
  await page.locator('main').getByRole('link', { name: 'New run' }).last().click();
  await expect(page.getByRole('heading', { name: 'New run' })).toBeVisible();
});

test('three seeds queue up, run in order, and stand in the table under one tag', async ({ page }) => {
  await page.goto(served.url);
  await chooseTiny(page, 'tiny', '150');
  await expect(page.getByRole('button', { name: 'Train' })).toBeEnabled();
  await page.getByLabel('Number of seeds').fill('3');
  await expect(page.getByText('3 seeds = 3 runs')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train' })).toBeHidden();
  await page.getByLabel('Common tag').fill('three seeds');
  await page.getByRole('button', { name: 'Add 3 runs to the queue' }).click();

  await expect(page.getByText('3 runs added to the queue, tagged “three seeds”')).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Training now' }).getByRole('link', { name: 'tiny, seed 1' }),
  ).toBeVisible();
  await expect(page.getByText('Nothing waits')).toBeVisible({ timeout: 90_000 });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page.locator('tbody .chip.finished')).toHaveCount(3, { timeout: 60_000 });
  await page.getByLabel('Group by').selectOption('By Tags');
  await expect(page.getByRole('button', { name: /three seeds\s+3 runs/ })).toBeVisible();

  // An id begins with the second in which its run was made.
  const runs = JSON.parse(served.saddle('runs', '--json')) as { name: string; id: string; step: number }[];
  const inOrder = runs.sort((one, other) => (one.id < other.id ? -1 : 1));
  expect(inOrder.map(({ name, step }) => [name, step])).toEqual([1, 2, 3].map((seed) => [`tiny, seed ${seed}`, 150]));
});

test('a sweep goes in with what differs in its names; buttons, keys, removal and undo keep it in order', async ({
  page,
}) => {
  await page.goto(served.url);
  await page.getByRole('link', { name: 'Queue', exact: true }).click();
  await page.getByRole('button', { name: 'Pause the queue' }).click();
  await chooseTiny(page, 'swept', '40');
  await page.getByLabel('Setting', { exact: true }).selectOption('Batch size');
  await page.getByLabel('Values of Batch size').fill('16, 1');
  await expect(page.getByText(/expected a whole number from 2/)).toBeVisible();
  await expect(page.getByRole('button', { name: /to the queue/ })).toBeDisabled();
  await page.getByLabel('Values of Batch size').fill('16, 32');
  await page.getByLabel('Second setting').selectOption('One-sided label smoothing');
  await page.getByLabel('Values of One-sided label smoothing').fill('0 0.1');
  await expect(page.getByText('2 values × 2 values = 4 runs')).toBeVisible();
  await page.getByRole('button', { name: 'Add 4 runs to the queue' }).click();

  await expect(page.getByText(/^Paused: what trains goes on/)).toBeVisible();
  const [a, b, c, d] = [
    'swept, batchSize 16, labelSmoothing 0',
    'swept, batchSize 16, labelSmoothing 0.1',
    'swept, batchSize 32, labelSmoothing 0',
    'swept, batchSize 32, labelSmoothing 0.1',
  ] as const;
  await expect(names(page)).toHaveText([a, b, c, d]);
  await page.getByRole('button', { name: `Move ${d} up` }).click();
  await expect(names(page)).toHaveText([a, b, d, c]);
  await expect(page.getByRole('button', { name: `Move ${d} up` })).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(names(page)).toHaveText([d, a, b, c]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await expect(names(page)).toHaveText([d, b, c]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(names(page)).toHaveText([d, a, b, c]);

  // Batch 16 was measured by the seeds above, batch 32 never.
  await page.getByLabel('Runs at once').selectOption('2');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('region', { name: 'Training now' }).getByRole('link', { name: /^swept/ })).toHaveCount(2);
  await page.getByRole('button', { name: 'Pause the queue' }).click();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(page.getByText('Nothing waits')).toBeVisible();
  await page.getByLabel('Runs at once').selectOption('1');
  await page.getByRole('button', { name: 'Go on' }).click();
});

test('while a run trains the form offers the queue beside Train, and says when the turn will come', async ({
  page,
}) => {
  await page.goto(served.url);
  await chooseTiny(page, 'long', '100000');
  await page.getByRole('button', { name: 'Train' }).click();
  await expect(page.getByRole('heading', { name: 'long' })).toBeVisible();
  await chooseTiny(page, 'after', '50');
  await expect(page.getByText('A run is training: Train starts beside it, the queue waits for it.')).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Add to the queue' }).click();
  await expect(names(page)).toHaveText(['after']);
  await expect(page.getByRole('link', { name: 'Queue (1)' })).toBeVisible();
  await expect(waiting(page).getByText(/^≈ /)).toHaveCount(2, { timeout: 60_000 });
  await page.reload();
  await expect(names(page)).toHaveText(['after']);
  await page.getByRole('link', { name: 'long' }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('link', { name: /^Queue/ }).click();
  await expect(page.getByText('Nothing waits')).toBeVisible({ timeout: 60_000 });
});
