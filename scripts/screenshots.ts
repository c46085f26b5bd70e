// `npm run screenshots`: trains real runs in a home of their own, opens every page of the built window in both
// themes, and writes docs/screenshots. With --check FOLDER it writes there instead, whole pages at 1280 and 1920 wide.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from '@playwright/test';

const root = resolve(import.meta.dirname, '..');
const check = process.argv.indexOf('--check');
const folder = check < 0 ? join(root, 'docs/screenshots') : resolve(process.argv[check + 1] ?? 'screenshots');
const widths = check < 0 ? [1280] : [1280, 1920];
const home = mkdtempSync(join(tmpdir(), 'saddle-screenshots-'));
const environment = { ...process.env, SADDLE_HOME: home };
const cli = join(root, 'src/main/cli.ts');

function saddle(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`saddle ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

interface Training {
  readonly recipe?: string;
  readonly preset?: string;
  readonly data?: string;
  readonly steps?: number;
  readonly set?: readonly string[];
}

function train(name: string, training: Training = {}): string {
  const { recipe = 'dcgan28', preset = 'small', data = 'glyphs', steps = 400, set = [] } = training;
  const settings = ['sampleEvery=20', ...set].flatMap((setting) => ['--set', setting]);
  const what = ['--recipe', recipe, '--preset', preset, '--data', data, '--steps', String(steps)];
  const lines = saddle('train', ...what, '--name', name, ...settings, '--json')
    .trim()
    .split('\n');
  return (JSON.parse(lines.at(-1)!) as { runId: string }).runId;
}

async function serve(): Promise<{ url: string; server: ChildProcess }> {
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout }))
    return { url: (JSON.parse(line) as { url: string }).url, server };
  throw new Error('the server ended before it listened');
}

async function shoot(page: Page, name: string, theme: string, width: number): Promise<void> {
  await page.waitForTimeout(1200);
  const suffix = check < 0 ? theme : `${theme}-${width}`;
  await page.screenshot({ path: join(folder, `${name}-${suffix}.png`), fullPage: check >= 0 });
}

mkdirSync(folder, { recursive: true });
const first = train('rate 0.001');
const second = train('half the rate', { set: ['generatorLearningRate=0.0005'] });
const toy = train('eight modes', { recipe: 'toy', preset: 'app', data: 'ring', steps: 2000, set: ['sampleEvery=50'] });
const began = train('in balance', { recipe: 'began', preset: 'smallest', steps: 400 });
const range = train('wrong range', { preset: 'post', steps: 20, set: ['batchSize=16', 'generatorFilters=16'] });
const { url, server } = await serve();
const browser = await chromium.launch({
  executablePath: process.env['SADDLE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const live = spawn(
  process.execPath,
  [
    cli,
    'train',
    '--recipe',
    'dcgan28',
    '--preset',
    'small',
    '--data',
    'glyphs',
    '--steps',
    '4000',
    '--seed',
    '2',
    '--set',
    'sampleEvery=10',
    '--json',
  ],
  {
    env: environment,
    stdio: 'ignore',
  },
);
try {
  for (const width of widths) {
    for (const theme of ['dark', 'light'] as const) {
      const context = await browser.newContext({
        viewport: { width, height: width === 1280 ? 800 : 1080 },
        colorScheme: theme,
      });
      const page = await context.newPage();
      await page.goto(url);
      const pages = {
        runs: 'runs',
        run: `run/${first}`,
        'run-toy': `run/${toy}`,
        compare: `compare?runs=${first},${second}`,
        'new-run': 'new',
        queue: 'queue',
        data: 'data',
        settings: 'settings',
        ...(check >= 0 && {
          'run-began': `run/${began}`,
          'run-range': `run/${range}`,
          'run-settings': `run/${first}?tab=settings`,
          'run-networks': `run/${first}?tab=networks`,
          'run-events': `run/${range}?tab=events`,
          'run-checkpoints': `run/${first}?tab=checkpoints`,
        }),
      };
      for (const [name, hash] of Object.entries(pages)) {
        await page.goto(`${new URL(url).origin}/#/${hash}`);
        await shoot(page, name, theme, width);
      }
      await context.close();
    }
  }
} finally {
  live.kill('SIGTERM');
  await new Promise((done) => live.once('close', done));
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((done) => server.once('close', done));
  rmSync(home, { recursive: true, force: true });
}
console.log(`Wrote ${folder}`);
process.exit(0);
