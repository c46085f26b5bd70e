import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode } from 'fast-png';
import { unzipSync } from 'fflate';
import { MOST_IN_BUNDLE, splitBundle } from '../../../src/shared/bundle.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { sampleImage } from '../store/sample-images.ts';
import { keys, UserError } from '../../../src/shared/contract.ts';
import { startWebHost, type WebHost } from '../../../src/main/hosts/web/server.ts';
import { openSaddle, recordRun, type Saddle } from './saddle.ts';
import { enter, openSocket, openWebLine } from './web-line.ts';

let saddle: Saddle;
let host: WebHost;
let cookie: string;

beforeEach(async () => {
  saddle = openSaddle();
  const rendererFolder = join(saddle.folder, 'renderer');
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>Saddle</title>');
  writeFileSync(join(rendererFolder, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(rendererFolder, 'assets', 'secret.key'), 'no type of ours');
  writeFileSync(join(saddle.folder, 'secret.html'), 'outside');
  host = await serve(rendererFolder);
  cookie = await enter(host);
});
afterEach(async () => {
  await host.close();
  await saddle.end();
});

function serve(
  rendererFolder: string,
  options: { host?: string; port?: number; sessionKey?: Buffer } = {},
): Promise<WebHost> {
  const report = (problem: unknown) => void saddle.problems.push(problem);
  const limits = { maxFrameBytes: 64 * 1024, maxUnreadBytes: 8 * 1024 * 1024, maxCallsAtOnce: 8, pingMs: 200 };
  return startWebHost({ ...saddle, report, rendererFolder, limits, ...options });
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
  readonly text: string;
}

/** A request with exactly this path and these headers: fetch would tidy both up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', to = host): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: to.port, path, method, headers: { cookie, ...headers } });
    asking.once('error', reject).once('response', async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() });
    });
    asking.end();
  });
}

describe('the address', () => {
  it('is on the loopback and holds a new secret at each start', async () => {
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
    const other = await serve(saddle.folder);
    expect(new URL(other.url).searchParams.get('token')).not.toBe(new URL(host.url).searchParams.get('token'));
    await other.close();
  });

  it('exchanges the token for a cookie that scripts and other sites cannot use, as often as it is opened', async () => {
    for (let visit = 0; visit < 2; visit++) {
      const response = await fetch(host.url, { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
      expect(response.headers.get('set-cookie')).toMatch(/^saddle-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
      expect(response.headers.get('set-cookie')).not.toContain(new URL(host.url).searchParams.get('token'));
    }
  });

  it('knows a window again after a restart on its port with the same key, and with no other', async () => {
    const first = await serve(saddle.folder, { sessionKey: Buffer.alloc(32, 1) });
    const { headers } = await fetch(first.url, { redirect: 'manual' });
    // No connection is kept: the next server on this port would not know it.
    const letIn = { cookie: headers.get('set-cookie')!.split(';')[0]!, connection: 'close' };
    const { port } = first;
    await first.close();
    for (const [fill, status] of [
      [1, 404],
      [2, 401],
    ] as const) {
      const again = await serve(saddle.folder, { port, sessionKey: Buffer.alloc(32, fill) });
      expect((await ask('/nothing', letIn, 'GET', again)).status).toBe(status);
      await again.close();
    }
    const elsewhere = await serve(saddle.folder, { sessionKey: Buffer.alloc(32, 1) });
    expect((await ask('/nothing', letIn, 'GET', elsewhere)).status).toBe(401);
    await elsewhere.close();
  });

  it('serves nothing without the cookie', async () => {
    const runId = recordRun(saddle);
    for (const path of ['/', '/index.html', '/assets/index-abc.js', keys.exportCsv(runId), '/?token=wrong', '/calls']) {
      const { status, text } = await ask(path, { cookie: 'saddle=x' });
      expect([path, status]).toEqual([path, 401]);
      expect(text).toContain('Open the address that Saddle printed');
    }
    expect(
      (await ask('/assets/index-abc.js?token=' + new URL(host.url).searchParams.get('token'), { cookie: '' })).status,
    ).toBe(401);
  });

  it('gives a visitor who follows a link from another site a second look, where the strict cookie comes along', async () => {
    const first = await ask('/', { cookie: '', 'sec-fetch-site': 'cross-site' });
    expect([first.status, first.text.includes('http-equiv="refresh"')]).toEqual([401, true]);
    const second = await ask('/', { cookie: '', 'sec-fetch-site': 'same-origin' });
    expect([second.status, second.text.includes('http-equiv')]).toEqual([401, false]);
  });

  it('says which port is taken and what to do', async () => {
    const refused = serve(saddle.folder, { port: host.port });
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(
      `127.0.0.1:${host.port}: another program uses it: choose another with --port`,
    );
  });

  it('listens only where it was told to', async () => {
    const reached = await new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.2', port: host.port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    expect(reached).toBe(false);
  });
});

describe('a request', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    '[::1].evil',
    'a b',
    '10.0.0.1',
    'localhost:99999999',
  ])('for the host "%s" is refused: a name can be rebound to this machine', async (name) => {
    const { status, headers } = await ask('/', { host: name });
    expect(status).toBe(403);
    expect(headers['content-security-policy']).not.toContain('ws:');
  });

  it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', 'localhost:9000'])(
    'for the host "%s" is answered',
    async (name) => {
      expect((await ask('/', { host: name })).status).toBe(200);
    },
  );

  it('on all addresses is answered for any address, which cannot be rebound, but for no other name', async () => {
    const open = await serve(join(saddle.folder, 'renderer'), { host: '0.0.0.0' });
    const given = { cookie: await enter(open) };
    expect((await ask('/', { ...given, host: '192.168.1.5' }, 'GET', open)).status).toBe(200);
    expect((await ask('/', { ...given, host: 'evil.example' }, 'GET', open)).status).toBe(403);
    await open.close();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'with %s is refused, from our page and from another',
    async (method) => {
      const ours = { origin: `http://127.0.0.1:${host.port}` };
      expect((await ask('/', ours, method)).status).toBe(405);
      expect((await ask('/', { origin: 'http://evil.example' }, method)).status).toBe(403);
      expect((await ask('/', {}, method)).status).toBe(403);
    },
  );

  it('with a long address or long headers is refused', async () => {
    expect((await ask(`/${'a'.repeat(5000)}`)).status).toBe(414);
    expect((await ask('/', { 'x-long': 'a'.repeat(20_000) })).status).toBe(431);
  });

  it('without a host is refused', async () => {
    const socket = connect({ host: '127.0.0.1', port: host.port });
    socket.write(`GET / HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`);
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
  });

  it('that is no HTTP gets an end, and the host goes on', async () => {
    const socket = connect({ host: '127.0.0.1', port: host.port });
    socket.on('error', () => {});
    socket.write('\x16\x03\x01 nonsense\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve).resume());
    expect((await ask('/')).status).toBe(200);
  });
});

describe("the window's files", () => {
  it('come with their types and a strict policy', async () => {
    const page = await ask('/');
    expect([page.status, page.headers['content-type'], page.text]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<!doctype html><title>Saddle</title>',
    ]);
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
        `font-src 'self'; connect-src 'self' ws://127.0.0.1:${host.port}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    const script = await ask('/assets/index-abc.js');
    expect([script.headers['content-type'], script.headers['cache-control']]).toEqual([
      'text/javascript; charset=utf-8',
      'private, max-age=31536000, immutable',
    ]);
  });

  it('are the only files', async () => {
    const paths = [
      '/../secret.html',
      '/..%2fsecret.html',
      '/%2e%2e/secret.html',
      '/assets/../../secret.html',
      '/assets/%2e%2e/%2e%2e/secret.html',
      '/..\\secret.html',
      '/..%5csecret.html',
      '//etc/passwd',
      '/etc/passwd',
      '/%00index.html',
      '/index.html%00.js',
      '/%',
      '/assets',
      '/assets/',
      '/assets/secret.key',
      '/nothing.html',
      `/${encodeURIComponent(join(saddle.folder, 'secret.html'))}`,
    ];
    for (const path of paths) {
      const { status, text } = await ask(path);
      expect([path, status === 404 || status === 400], text).toEqual([path, true]);
      expect(text).not.toContain('outside');
    }
  });

  it('answer HEAD without a body', async () => {
    const { status, headers, body } = await ask('/', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, '36', 0]);
  });

  it('that are not built are missed in words', async () => {
    const empty = await serve(join(saddle.folder, 'nowhere'));
    const { status, text } = await ask('/', { cookie: await enter(empty) }, 'GET', empty);
    expect([status, text]).toEqual([503, 'The window is not built. Run: npm run build\n']);
    await empty.close();
  });
});

describe('big bytes by key', () => {
  it('are grids that never change', async () => {
    const runId = recordRun(saddle);
    const [image] = await saddle.services.readImages({ runId, tag: 'samples/fixed' });
    const { status, headers, body } = await ask(keys.image(runId, image!.id));
    expect([status, headers['content-type'], headers['cache-control'], body.length]).toEqual([
      200,
      'image/png',
      'private, max-age=31536000, immutable',
      image!.bytes,
    ]);
    expect(decode(body)).toMatchObject({ width: 12, height: 8, channels: 1 });
    const thumbnail = await ask(keys.thumbnail(runId, image!.id));
    expect([thumbnail.status, thumbnail.headers['cache-control']]).toEqual([200, headers['cache-control']]);
    // No wider than a thumbnail may be: the grid itself.
    expect(thumbnail.body.equals(body)).toBe(true);
    expect((await ask(keys.thumbnail(runId, 999))).status).toBe(404);
  });

  it('are several grids of a run in one answer, in the order asked for', async () => {
    const runId = recordRun(saddle);
    const writer = openRunWriter(saddle.library.runFolder(runId));
    writer.image(sampleImage(3, 'samples/fixed', Uint8Array.of(7, 8, 9)));
    writer.image(sampleImage(4, 'samples/fixed', new Uint8Array(500_000).fill(4)));
    writer.close();
    const images = await saddle.services.readImages({ runId, tag: 'samples/fixed' });
    expect(images).toHaveLength(3);
    const ids = images.map(({ id }) => id).toReversed();
    const { status, body } = await ask(keys.imageBundle(runId, ids));
    const alone = await Promise.all(ids.map((id) => ask(keys.image(runId, id))));
    expect([status, splitBundle(new Uint8Array(body))]).toEqual([
      200,
      alone.map(({ body: png }) => new Uint8Array(png)),
    ]);
    expect((await ask(keys.imageBundle(runId, [...ids, 999]))).status).toBe(404);
    const large = Array.from({ length: MOST_IN_BUNDLE }, () => images[2]!.id);
    const tooLarge = await ask(keys.imageBundle(runId, large));
    expect([tooLarge.status, tooLarge.text]).toEqual([
      422,
      expect.stringContaining('129 of these 200 are 64500000 bytes'),
    ]);
    const many = Array.from({ length: MOST_IN_BUNDLE + 1 }, () => ids[0]!);
    for (const query of ['', '?ids=', '?ids=1,x', `?ids=${many.join(',')}`]) {
      const refused = await ask(`/data/images/${runId}/bundle${query}`);
      expect([refused.status, refused.text], query).toEqual([422, expect.stringContaining('?ids=ID,ID')]);
    }
    expect(saddle.problems).toEqual([]);
  });

  it('are exports to be saved under a name', async () => {
    const runId = recordRun(saddle);
    const grid = await ask(keys.exportGrid(runId, 'samples/fixed', 2));
    expect([grid.status, grid.headers['content-disposition']]).toEqual([
      200,
      `attachment; filename="${runId}-samples-fixed-step-000002.png"; filename*=UTF-8''${runId}-samples-fixed-step-000002.png`,
    ]);
    expect(decode(grid.body)).toMatchObject({ width: 12, height: 8 });
    const samples = await ask(keys.exportSamples(runId, 'samples/fixed', 2));
    expect(Object.keys(unzipSync(samples.body)).filter((name) => name.endsWith('.png'))).toHaveLength(6);
    const csv = await ask(keys.exportCsv(runId));
    expect([csv.status, csv.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(csv.text.trim().split(/\r?\n/)).toHaveLength(1 + 3);
  });

  it('that are not there are refused in words', async () => {
    const runId = recordRun(saddle);
    expect((await ask(keys.image(runId, 999))).status).toBe(404);
    expect((await ask('/data/images/x/1.png')).status).toBe(404);
    expect((await ask('/data/preview/..%2f..%2fx.png')).status).toBeGreaterThanOrEqual(400);
    const unknown = await ask('/data/images/20200101-000000-aaaa/1.png');
    expect([unknown.status, unknown.text]).toEqual([422, expect.stringContaining('20200101-000000-aaaa')]);
    const noStep = await ask(`/data/export/${runId}/grid.png?tag=samples/fixed`);
    expect([noStep.status, noStep.text]).toEqual([422, expect.stringContaining('?tag=TAG&step=STEP')]);
    expect((await ask(keys.exportGrid(runId, 'samples/fixed', 777))).status).toBe(422);
    expect(saddle.problems).toEqual([]);
  });

  it('are previews of data', async () => {
    const { status, headers, body } = await ask(keys.preview('glyphs'));
    expect([status, headers['content-type']]).toEqual([200, 'image/png']);
    expect(decode(body).width).toBeGreaterThan(27);
    expect((await ask(keys.preview('mnist'))).status).toBe(404);
  });
});

describe('the socket', () => {
  it('opens only for our page with the cookie, and only at its place', async () => {
    const at = (headers: Record<string, string>) =>
      openSocket(host, headers).then(
        () => 'open',
        (problem: Error) => problem.message,
      );
    expect(await at({ Origin: 'http://evil.example' })).toContain('403');
    expect(await at({ Origin: 'null' })).toContain('403');
    expect(await at({ Host: 'evil.example' })).toContain('403');
    expect(await at({ Host: 'evil.example', Origin: 'http://evil.example' })).toContain('403');
    expect(await at({ Cookie: '' })).toContain('401');
    expect(await at({ Cookie: cookie.slice(0, -1) })).toContain('401');
    const elsewhere = await ask('/other', {
      connection: 'Upgrade',
      upgrade: 'websocket',
      origin: `http://127.0.0.1:${host.port}`,
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
    });
    expect(elsewhere.status).toBe(404);
    const absent = await ask('/calls', { connection: 'Upgrade', upgrade: 'websocket' });
    expect(absent.status).toBe(403);
  });

  it('refuses text that is no frame and goes on', async () => {
    const line = await openWebLine(host);
    const hostile = [
      '',
      '{',
      'null',
      '[[[',
      '{"$column":"Float32Array","base64":"AAA="}',
      '['.repeat(20_000),
      Buffer.of(0, 1, 2),
    ];
    for (const text of hostile) expect(await line.sendText(text)).toMatchObject({ id: -1 });
    expect(await line.call('listRuns', {})).toEqual([]);
    await line.disconnect();
  });

  it('drops a window that sends a frame over the limit, and serves the others', async () => {
    const [bad, good] = [await openWebLine(host), await openWebLine(host)];
    const closed = new Promise((resolve) => bad.socket.once('close', resolve));
    bad.socket.send('x'.repeat(100_000));
    expect(await closed).toBe(1009);
    expect(await good.call('listRuns', {})).toEqual([]);
    await good.disconnect();
  });

  it('drops a window that no longer answers', async () => {
    const line = await openWebLine(host);
    expect(host.windows()).toBe(1);
    line.socket.pause();
    await expect.poll(() => host.windows(), { timeout: 5000 }).toBe(0);
  });

  it('drops a window that asks and does not read, and keeps no more for it than the limit', async () => {
    const line = await openWebLine(host);
    line.socket.pause();
    const text = JSON.stringify({ id: 1, call: 'listRecipes', args: {} });
    for (let sent = 0; sent < 4000; sent++) line.socket.send(text);
    await expect.poll(() => host.windows(), { timeout: 20_000 }).toBe(0);
    const other = await openWebLine(host);
    expect(await other.call('listRuns', {})).toEqual([]);
    await other.disconnect();
  });

  it('closes with the host', async () => {
    const line = await openWebLine(host);
    const closed = new Promise((resolve) => line.socket.once('close', resolve));
    await host.close();
    expect(await closed).toBe(1001);
    host = await serve(join(saddle.folder, 'renderer'));
  });
});
