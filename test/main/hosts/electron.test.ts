// The desktop host without Electron: its scheme, who counts as the window, the Node it trains with.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepAwake } from '../../../src/main/hosts/electron/keep-awake.ts';
import { findPlainNode } from '../../../src/main/hosts/electron/plain-node.ts';
import { answerScheme, isAppUrl, ORIGIN } from '../../../src/main/hosts/electron/scheme.ts';
import { keys, UserError } from '../../../src/shared/contract.ts';
import type { RunId, RunState, RunSummary } from '../../../src/shared/run.ts';
import { openSaddle, recordRun, type Saddle } from './saddle.ts';

describe('the origin of the window', () => {
  it.each([
    ['saddle://app/', true],
    ['saddle://app/index.html#/runs', true],
    ['saddle://app.evil/', false],
    ['saddle://app:80/', false],
    ['saddle://evil@app/', false],
    ['saddle://x/app/', false],
    ['saddle:app/', false],
    ['https://app/', false],
    ['file:///app/', false],
    ['data:text/html,saddle://app/', false],
    ['about:blank', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (url, expected) => {
    expect(isAppUrl(url)).toBe(expected);
  });
});

describe('the scheme of the window', () => {
  let saddle: Saddle;
  const ask = (path: string, method = 'GET') =>
    answerScheme(
      { url: path.includes(':') ? path : `${ORIGIN}${path}`, method },
      {
        readResource: saddle.readResource,
        rendererFolder: join(saddle.folder, 'renderer'),
        report: (problem) => saddle.problems.push(problem),
      },
    );

  beforeEach(() => {
    saddle = openSaddle();
    mkdirSync(join(saddle.folder, 'renderer'));
    writeFileSync(join(saddle.folder, 'renderer', 'index.html'), 'the page');
    writeFileSync(join(saddle.folder, 'secret.html'), 'outside');
  });
  afterEach(() => saddle.end());

  it('gives the page under a policy that lets nothing else in', async () => {
    const page = await ask('/');
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      'the page',
    ]);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe-eval|http|\*/);
  });

  it.each(['/..%2fsecret.html', '/%2e%2e%2fsecret.html', '/..%5csecret.html', '/nothing.html', '/%00', '/%'])(
    'gives nothing for %s',
    async (path) => {
      const { status } = await ask(path);
      expect(status).toBe(404);
    },
  );

  it('refuses other origins and other methods', async () => {
    expect((await ask('https://evil.example/')).status).toBe(403);
    expect((await ask('saddle://evil/')).status).toBe(403);
    expect((await ask('/', 'POST')).status).toBe(405);
  });

  it('gives grids, and exports to be saved', async () => {
    const runId = recordRun(saddle);
    const [image] = await saddle.services.readImages({ runId, tag: 'samples/fixed' });
    const grid = await ask(keys.image(runId, image!.id));
    expect([grid.status, grid.headers.get('cache-control'), (await grid.arrayBuffer()).byteLength]).toEqual([
      200,
      'private, max-age=31536000, immutable',
      image!.bytes,
    ]);
    const csv = await ask(keys.exportCsv(runId));
    expect(csv.headers.get('content-disposition')).toContain(`filename="${runId}.csv"`);
    expect((await csv.text()).trim().split(/\r?\n/)).toHaveLength(1 + 3);
  });

  it('answers what cannot be read in words, and a bug with its log', async () => {
    const unknown = await ask('/data/images/20200101-000000-aaaa/1.png');
    expect([unknown.status, await unknown.text()]).toEqual([422, expect.stringContaining('20200101-000000-aaaa')]);
    const broken = await answerScheme(
      { url: `${ORIGIN}/data/x`, method: 'GET' },
      {
        readResource: () => Promise.reject(new TypeError('a bug')),
        rendererFolder: saddle.folder,
        report: (problem) => saddle.problems.push(problem),
      },
    );
    expect([broken.status, (await broken.text()).includes('a bug')]).toEqual([500, false]);
    expect(saddle.problems).toEqual([new TypeError('a bug')]);
  });
});

describe('the Node for training', () => {
  const here = pathToFileURL(import.meta.filename).href;

  it('is the shipped one, else that of the package', () => {
    const packaged = findPlainNode(undefined, here);
    expect(packaged).toContain(join('node_modules', 'node', 'bin'));
    expect(existsSync(packaged)).toBe(true);
    expect(findPlainNode('/nowhere', here)).toBe(packaged);
  });

  it('is missed in words', () => {
    expect(() => findPlainNode('/nowhere', 'file:///nowhere/else.js')).toThrow(UserError);
  });
});

describe('the computer', () => {
  const run = (id: string, state: RunState) => ({ id, state }) as RunSummary;
  const changed = (...runs: RunSummary[]) => ({ event: 'runs', data: { changed: runs, removed: [] } }) as const;

  it('is kept awake while any run trains, once, and let go when none does', () => {
    const said: string[] = [];
    const blocker = { start: () => said.push('awake'), stop: () => said.push('may sleep') };
    const listen = keepAwake([run('a', { phase: 'finished' })], blocker);
    listen(changed(run('a', { phase: 'running', pid: 1 }), run('b', { phase: 'starting', pid: 2 })));
    listen(changed(run('a', { phase: 'paused', pid: 1 })));
    expect(said).toEqual(['awake']);
    listen({ event: 'runs', data: { changed: [], removed: ['b' as RunId] } });
    expect(said).toEqual(['awake', 'may sleep']);
    listen(changed(run('a', { phase: 'running', pid: 1 })));
    listen(changed(run('a', { phase: 'interrupted' })));
    expect(said).toEqual(['awake', 'may sleep', 'awake', 'may sleep']);
  });

  it('is kept awake for a run that trains already when Saddle opens', () => {
    const said: string[] = [];
    keepAwake([run('a', { phase: 'running', pid: 1 })], { start: () => said.push('awake'), stop: () => {} });
    expect(said).toEqual(['awake']);
  });
});
