// A wheel through the real pip from an index on this machine: found, fetched with resume, checked, unpacked.

import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WheelRelease } from '../../../src/main/runtime/releases.ts';
import { fetchWheel, findPip, unpackWheel } from '../../../src/main/runtime/wheel.ts';
import { UserError } from '../../../src/shared/contract.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const library = randomBytes(300_000);
const name = 'saddle_probe-1.0-py3-none-any.whl';
const wheelBytes = Buffer.from(
  zipSync({
    'saddle_probe-1.0.dist-info/METADATA': text('Metadata-Version: 2.1\nName: saddle-probe\nVersion: 1.0\n'),
    'saddle_probe-1.0.dist-info/WHEEL': text(
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    'saddle_probe-1.0.dist-info/RECORD': text(''),
    'tensorflow/libprobe.so.2': library,
    'tensorflow/libother.so.2': text('not wanted'),
    'tensorflow/include/tensorflow/c/c_api.h': text('// header'),
    'tensorflow/include/tensorflow/c/deep/er.h': text('// header'),
    'tensorflow/include/Eigen/Core.h': text('// not wanted'),
  }),
);
const release: WheelRelease = {
  kind: 'wheel',
  pack: 'probe',
  tensorflow: '0',
  libraries: ['libprobe.so.2'],
  requirement: 'saddle-probe==1.0',
  file: name,
  sha256: createHash('sha256').update(wheelBytes).digest('hex'),
  bytes: wheelBytes.length,
  target: [
    '--python-version',
    '3.11',
    '--platform',
    'manylinux_2_27_x86_64',
    '--implementation',
    'cp',
    '--abi',
    'cp311',
  ],
};

const hasPip = ['python3', 'python'].some((python) => spawnSync(python, ['-m', 'pip', '--version']).status === 0);
const needsPip = hasPip || process.env['CI'] ? describe : describe.skip;

let folder: string;
let server: Server;
/** Ranges that we asked for so far (not pip, which looks into the wheel too); the first `drops` requests are cut in the middle. */
let asked: string[];
let drops: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === `/files/${name}`) return serveWheel(request, response);
    response.setHeader('content-type', 'text/html');
    response.end(request.url === '/simple/saddle-probe/' ? `<a href="/files/${name}">${name}</a>` : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

function serveWheel({ headers }: IncomingMessage, response: ServerResponse): void {
  const byPip = headers['user-agent']?.startsWith('pip/');
  const start = byPip ? 0 : Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  if (!byPip) asked.push(headers.range ?? '');
  const body = wheelBytes.subarray(start);
  const place = { 'content-range': `bytes ${start}-${wheelBytes.length - 1}/${wheelBytes.length}` };
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length, ...(start > 0 ? place : {}) });
  if (!byPip && asked.length <= drops)
    response.write(body.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
  else response.end(body);
}

function useIndex(): void {
  folder = mkdtempSync(join(tmpdir(), 'saddle-wheel-'));
  asked = [];
  drops = 0;
  const { port } = server.address() as AddressInfo;
  // Only this index: pip's own settings files and links are left out.
  vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
  vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${port}/simple`);
  for (const other of ['PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS']) vi.stubEnv(other, '');
  vi.stubEnv('PIP_CACHE_DIR', join(folder, 'pip-cache'));
}

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

needsPip('fetchWheel', () => {
  const fetchIt = async (wanted = release) => {
    const downloads = join(folder, 'downloads');
    mkdirSync(downloads);
    const python = (await findPip()) ?? '';
    return fetchWheel(wanted, python, downloads, () => {});
  };

  it('finds the wheel where pip finds it, and fetches it itself, going on after a cut', async () => {
    useIndex();
    drops = 1;
    const fetched = await fetchIt();
    expect(asked).toEqual(['', expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(fetched).toEqual({ path: join(folder, 'downloads', name), ours: true });
    expect(readFileSync(fetched.path).equals(wheelBytes)).toBe(true);
  });

  it('reads a wheel in a local folder in place', async () => {
    useIndex();
    const links = join(folder, 'links');
    mkdirSync(links);
    writeFileSync(join(links, name), wheelBytes);
    vi.stubEnv('PIP_FIND_LINKS', links);
    vi.stubEnv('PIP_NO_INDEX', '1');
    expect(await fetchIt()).toEqual({ path: join(links, name), ours: false });
    expect(asked).toEqual([]);
  });

  it('refuses a wheel that is not the pinned one', async () => {
    useIndex();
    const problem = await fetchIt({ ...release, sha256: '0'.repeat(64) }).catch((failure: Error) => failure);
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as Error).message).toContain(`expected SHA-256 ${'0'.repeat(64)}, found ${release.sha256}`);
    expect(readdirSync(join(folder, 'downloads'))).toEqual([]);
  });

  it("says pip's own words when the index has no such wheel", async () => {
    useIndex();
    const problem = await fetchIt({ ...release, requirement: 'saddle-probe==2.0' }).catch((failure: Error) => failure);
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as Error).message).toMatch(/pip could not fetch saddle-probe==2\.0:.*No matching distribution/s);
  });
});

describe('unpackWheel', () => {
  it('takes the libraries and the headers that the addon needs, and nothing else', async () => {
    folder = mkdtempSync(join(tmpdir(), 'saddle-wheel-'));
    const file = join(folder, name);
    writeFileSync(file, wheelBytes);
    const seen: number[] = [];
    await unpackWheel(release, file, join(folder, 'pack'), (received) => seen.push(received));
    const files = readdirSync(join(folder, 'pack'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'pack').length + 1));
    expect(files.sort()).toEqual([
      'include/tensorflow/c/c_api.h',
      'include/tensorflow/c/deep/er.h',
      'lib/libprobe.so.2',
    ]);
    expect(readFileSync(join(folder, 'pack', 'lib', 'libprobe.so.2')).equals(library)).toBe(true);
    expect(seen.at(-1)).toBeGreaterThanOrEqual(library.length);
    expect(existsSync(join(folder, 'pack', 'include', 'Eigen'))).toBe(false);
  });
});
