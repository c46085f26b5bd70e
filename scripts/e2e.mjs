// `npm run test:e2e`: finds a browser, builds the window as it is shipped, runs the browser tests and, where an
// Electron binary and a screen are there, Electron's.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const candidates = [
  process.env.SADDLE_CHROMIUM,
  chromium.executablePath(),
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const browser = candidates.find((path) => path && existsSync(path));
if (!browser) {
  console.error(
    [
      'The browser tests need Chromium and found none. Looked at:',
      ...candidates.filter(Boolean).map((path) => `  ${path}`),
      'Get it in one of these ways, then run `npm run test:e2e` again:',
      '  Debian, Ubuntu:  sudo apt-get install chromium',
      '  anywhere:        npx playwright install chromium',
      '  already there:   SADDLE_CHROMIUM=/path/to/chrome npm run test:e2e',
    ].join('\n'),
  );
  process.exit(1);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, SADDLE_CHROMIUM: browser },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run('electron-vite', ['build', '--logLevel', 'warn']);
run('playwright', ['test', ...process.argv.slice(2)]);
