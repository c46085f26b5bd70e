// `npm start` in a copy of the clone without a screen: what a person sees, and that a second start is quick.

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

describe('npm start', () => {
  let clone: string;

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'saddle-start-'));
    for (const part of ['src', 'scripts', 'package.json', 'tsconfig.base.json', 'electron.vite.config.ts']) {
      cpSync(join(root, part), join(clone, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true, maxRetries: 3 }));

  function start(...args: string[]): { child: ChildProcess; said: () => string; ended: Promise<number | null> } {
    const { DISPLAY: _x, WAYLAND_DISPLAY: _w, ...env } = process.env;
    const child = spawn(process.execPath, [join(clone, 'scripts/start.mjs'), ...args], {
      env: { ...env, SADDLE_HOME: join(clone, 'home') },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += piece));
    return { child, said: () => text, ended: new Promise((settle) => child.once('close', settle)) };
  }

  async function startAndOpen(...args: string[]): Promise<{ said: string; code: number | null }> {
    const { child, said, ended } = start(...args);
    try {
      await expect.poll(said, { timeout: 50_000 }).toMatch(/\?token=[\w-]+\n/);
      const page = await fetch(/http:\S+/.exec(said())![0], { redirect: 'manual' });
      expect(page.status).toBe(303);
    } finally {
      child.kill('SIGTERM');
    }
    const code = await ended;
    return { said: said(), code };
  }

  it('builds the window, says why it opens in the browser and where, and ends on request', async () => {
    const { said, code } = await startAndOpen('--port', '0');
    expect(said).toMatch(/^Building the window \.\.\. \d+\.\d s\n/);
    expect(said).toMatch(/\nSaddle runs in the browser: .+\.\n/);
    expect(said).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=/);
    expect(said).toContain('training that was started from the window goes on');
    expect(code).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('builds nothing the second time, and names the missing screen', async () => {
    const { said } = await startAndOpen();
    expect(said).toMatch(/^Saddle runs in the browser: there is no screen here/);
  });

  it('builds again when a source has changed', async () => {
    const soon = new Date(Date.now() + 1000);
    utimesSync(join(clone, 'src/renderer/main.ts'), soon, soon);
    expect((await startAndOpen('--browser')).said).toContain('Building the window');
  });

  it.each([
    [['--nonsense'], 2, /--nonsense[\s\S]*--library DIR/],
    [['--port', 'x'], 2, /--port: expected a whole number/],
    [['--help'], 0, /--library DIR/],
  ])('with %s ends with %s and says how it is used', async (args, code, message) => {
    const { said, ended } = start(...args);
    expect([await ended, said()]).toEqual([code, expect.stringMatching(message)]);
  });

  it('says what is wrong when the window cannot be built', async () => {
    writeFileSync(join(clone, 'src/renderer/main.ts'), 'import "./not-there.ts";');
    const { said, ended } = start('--browser');
    expect([await ended, said()]).toEqual([1, expect.stringMatching(/not-there[\s\S]*The build failed/)]);
  });
});
