// The window in Japanese and Chinese: what the browser asks for, what is chosen in Settings, and that the words fit the pages.

import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import { serve, trainSmall, type Served } from './served.ts';

let served: Served;
let run: string;
let twin: string;
test.beforeAll(async () => {
  served = await serve();
  run = trainSmall(served, 'one');
  twin = trainSmall(served, 'two', 'generatorLearningRate=0.002');
});
test.afterAll(() => served.close());

async function openIn(browser: Browser, locale: string): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (problem) => problems.push(String(problem)));
  await page.goto(served.url);
  return { page, problems };
}

test('the window speaks as the browser asks, then as Settings says, and remembers it', async ({ browser }) => {
  const { page, problems } = await openIn(browser, 'ja-JP');
  await expect(page.getByRole('heading', { name: 'ラン', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');

  await page.getByRole('link', { name: '設定' }).click();
  await page.getByLabel('言語').selectOption('中文');
  await expect(page.getByRole('heading', { name: '设置', exact: true })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');

  await page.reload();
  await page.getByRole('link', { name: '运行', exact: true }).click();
  await expect(page.getByRole('link', { name: '新建运行' }).first()).toBeVisible();

  await page.getByRole('link', { name: '设置' }).click();
  await expect(page.getByLabel('语言')).toHaveValue('zh');
  await page.getByLabel('语言').selectOption('跟随浏览器');
  await expect(page.getByRole('heading', { name: '設定', exact: true })).toBeVisible();
  expect(problems).toEqual([]);
  await page.context().close();
});

// English at this width is checked with the pages, in both themes.
const titles = { 'ja-JP': 'ラン', 'zh-CN': '运行' } as const;

for (const [locale, title] of Object.entries(titles)) {
  test(`every page fits 1280 in ${locale} without an error in the console`, async ({ browser }) => {
    const { page, problems } = await openIn(browser, locale);
    await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible();
    const tabs = ['settings', 'networks', 'events', 'checkpoints', 'notes'].map((tab) => `run/${run}?tab=${tab}`);
    const hashes = [
      'runs',
      `run/${run}`,
      ...tabs,
      `compare?runs=${run}`,
      'new',
      'queue',
      'data',
      'settings',
      'nowhere',
    ];
    for (const hash of hashes) {
      await page.goto(`${new URL(served.url).origin}/#/${hash}`);
      await expect(page.locator('h1, h2').first()).toBeVisible();
      const [content, visible] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(content, `#/${hash} scrolls sideways`).toBeLessThanOrEqual(visible!);
      expect(await page.locator('header a').evaluateAll(higherThanALine), `#/${hash} breaks the header`).toEqual([]);
    }
    expect(problems).toEqual([]);
    await page.context().close();
  });
}

/** In the browser: the links whose words were broken into two lines. */
function higherThanALine(links: Element[]): (string | null)[] {
  return links
    .filter((link) => link.getClientRects().length > 1 || link.clientHeight > 40)
    .map((link) => link.textContent);
}

test('recipes, their settings and the verdicts on a run speak the language of the window', async ({ browser }) => {
  // Images in 0 to 1 against tanh: a rule speaks before the first step, in English in the run's file.
  const warned = trainSmall(served, 'warned', 'imageRange=0..1');
  for (const [locale, words] of Object.entries({
    'ja-JP': { recipe: '顔用 DCGAN', setting: '学習率', verdict: /本物の画像は 0 から 1 ですが.*ステップ 0 以降/ },
    'zh-CN': { recipe: '人脸 DCGAN', setting: '学习率', verdict: /真实图像在 0 与 1 之间.*自第 0 步起/ },
  })) {
    const { page } = await openIn(browser, locale);
    await page.goto(`${new URL(served.url).origin}/#/run/${warned}`);
    await expect(page.getByText(words.verdict)).toBeVisible();
    await page.goto(`${new URL(served.url).origin}/#/run/${warned}?tab=settings`);
    await expect(page.getByRole('row', { name: words.setting }).first()).toBeVisible();
    await page.goto(`${new URL(served.url).origin}/#/new`);
    await expect(page.getByText(words.recipe)).toBeVisible();
    await expect(page.getByText('DCGAN for faces')).toHaveCount(0);
    await page.context().close();
  }
});

for (const [locale, words] of Object.entries({
  'en-GB': { curves: 'Curves', seeds: 'Mean over seeds', whole: 'Whole run' },
  'ja-JP': { curves: '曲線', seeds: 'シード間の平均', whole: 'ラン全体' },
  'zh-CN': { curves: '曲线', seeds: '各种子的均值', whole: '整个运行' },
})) {
  test(`the tools of the charts stand in one row at 1280 in ${locale}, and the keyboard reaches each`, async ({
    browser,
  }) => {
    const { page } = await openIn(browser, locale);
    for (const hash of [`run/${run}`, `compare?runs=${run},${twin}`]) {
      await page.goto(`${new URL(served.url).origin}/#/${hash}`);
      const toolbar = page.locator('.toolbar');
      await expectOneRow(toolbar);
      // With what comes when the runs are taken together and the charts are zoomed: the most there can be.
      if (hash.startsWith('compare')) await page.getByLabel(words.curves).selectOption(words.seeds);
      const plot = page.locator('figure.chart canvas').first();
      await expect(plot).toBeVisible();
      const { x, y, width, height } = (await plot.boundingBox())!;
      await page.mouse.move(x + width * 0.3, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 4 });
      await page.mouse.up();
      const reset = page.getByRole('button', { name: words.whole });
      await expect(reset).toBeVisible();
      await expectOneRow(toolbar);
      await toolbar.getByRole('slider').focus();
      const controls = await toolbar.locator('input:not([type=radio]), select, button').count();
      // The three sizes are one stop, and the first control has the focus already.
      for (let stop = 0; stop < controls; stop++) await page.keyboard.press('Tab');
      await expect(reset).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(reset).toHaveCount(0);
    }
    await page.context().close();
  });
}

/** Every control whole inside the bar, none above or below another, none over another. */
async function expectOneRow(toolbar: Locator): Promise<void> {
  await expect(toolbar).toBeVisible();
  const bar = (await toolbar.boundingBox())!;
  const boxes = await toolbar.locator('input:not([type=radio]), select, button, .sizes').evaluateAll((controls) =>
    controls.map((control) => {
      const { left, right, top, bottom } = control.getBoundingClientRect();
      return { left, right, middle: (top + bottom) / 2 };
    }),
  );
  expect(boxes.length).toBeGreaterThanOrEqual(5);
  for (const [index, box] of boxes.entries()) {
    expect(Math.abs(box.middle - boxes[0]!.middle)).toBeLessThan(4);
    expect(box.right).toBeLessThanOrEqual(bar.x + bar.width + 0.5);
    if (index > 0) expect(box.left).toBeGreaterThanOrEqual(boxes[index - 1]!.right);
  }
}
