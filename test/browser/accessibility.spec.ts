// Every page by the rules of axe (WCAG 2.2 A and AA: names, roles, contrast, focus), in both themes, on real runs.

import { expect, test } from '@playwright/test';
import { brokenRules } from './axe.ts';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
let pages: Readonly<Record<string, string>>;
test.beforeAll(async () => {
  served = await serve();
  // Images in 0 to 1 against tanh: an alert stands on the page.
  const [one, other] = [trainSmall(served, 'one', 'imageRange=0..1'), trainSmall(served, 'other')];
  pages = {
    Runs: 'runs',
    'a run': `run/${one}`,
    'its settings': `run/${one}?tab=settings`,
    'its networks': `run/${one}?tab=networks`,
    'its events': `run/${one}?tab=events`,
    'its checkpoints': `run/${one}?tab=checkpoints`,
    'its notes': `run/${one}?tab=notes`,
    Compare: `compare?runs=${one},${other}`,
    'New run': 'new',
    Queue: 'queue',
    Data: 'data',
    Settings: 'settings',
  };
});
test.afterAll(() => served.close());

for (const colorScheme of ['dark', 'light'] as const) {
  test(`no page breaks a rule of accessibility (${colorScheme})`, async ({ browser }) => {
    test.setTimeout(180_000);
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${served.url}#/${pages['a run']}`);
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    await page.getByLabel('New tag').fill(`seen in ${colorScheme}`);
    await page.keyboard.press('Enter');
    await expect(page.getByText(`seen in ${colorScheme}`)).toBeVisible();
    for (const [name, hash] of Object.entries(pages)) {
      await page.goto(`${served.url}#/${hash}`);
      await expect(page.locator('main')).toBeVisible();
      await page.waitForTimeout(700);
      expect.soft(await brokenRules(page), name).toEqual([]);
    }
    await context.close();
  });
}
