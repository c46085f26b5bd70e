// The desktop app itself: runs where Electron's binary and a screen are there, and says why it does not elsewhere.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron as electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../../scripts/electron-binary.mjs';

const root = resolve(import.meta.dirname, '../..');
const screen = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

const binary = findElectron();
const missing = [
  ...(binary ? [] : ["Electron's binary is not here (node node_modules/electron/install.js fetches it)"]),
  ...(screen ? [] : ['there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)']),
].join(', and ');

test.describe('the desktop app', () => {
  test.skip(missing !== '', missing);

  let app: ElectronApplication;
  let page: Page;
  let home: string;

  // The list of results does not show reasons.
  // eslint-disable-next-line no-console
  if (missing) console.log(`The tests of the desktop app are skipped: ${missing}.`);

  test.beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'saddle-electron-'));
    app = await electron.launch({
      executablePath: binary!,
      // Chromium refuses its own sandbox to root, which is who runs in containers.
      args: [root, `--user-data-dir=${join(home, 'electron')}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: { ...(process.env as Record<string, string>), SADDLE_HOME: home },
    });
    page = await app.firstWindow();
  });
  test.afterAll(async () => {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('shows the window from its own origin, with two functions and no Node', async () => {
    expect(page.url()).toMatch(/^saddle:\/\/app\//);
    const seen = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { saddle: object }).saddle).sort(),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    }));
    expect(seen).toEqual({ bridge: ['call', 'listen'], node: [] });
  });

  test('answers calls and refuses bad ones', async () => {
    const call = (name: string, args: unknown) =>
      page.evaluate(
        ([callName, callArgs]) =>
          (window as unknown as { saddle: { call(name: unknown, args: unknown): Promise<unknown> } }).saddle
            .call(callName, callArgs)
            .catch((problem: Error) => problem.message),
        [name, args],
      );
    expect(await call('listRuns', {})).toEqual([]);
    expect(await call('getRun', { runId: '../x' })).toContain('getRun: runId');
    expect(await call('noSuchCall', {})).toContain('there is no such call');
  });

  test('goes nowhere else, opens nothing, is granted nothing', async () => {
    await page.evaluate(() => void (location.href = 'https://example.com/'));
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/^saddle:\/\/app\//);
    expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull();
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    expect(app.windows()).toHaveLength(1);
  });

  test('is sandboxed, and lets in no script but its own', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity };
    });
    expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      return 'injected' in window;
    });
    expect(ran).toBe(false);
  });
});
