// The download against real servers on this machine that drop, stall, lie and refuse.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download, type DownloadRequest } from '../../../src/main/download/download.ts';
import { UserError } from '../../../src/shared/contract.ts';
import { startFileServer, type FileServer } from './file-server.ts';

const content = randomBytes(400_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const md5 = createHash('md5').update(content).digest('hex');

let folder: string;
let file: string;
let server: FileServer;
let second: FileServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'saddle-download-'));
  file = join(folder, 'data', 'file.bin');
  server = await startFileServer(content);
  second = await startFileServer(content, '"two"');
});

afterEach(async () => {
  await server.close();
  await second.close();
  rmSync(folder, { recursive: true });
});

const fetchIt = (request: Partial<DownloadRequest> = {}): Promise<void> =>
  download({ sources: [server.url], file, sha256, bytes: content.length, backOffMs: 5, stallMs: 300, ...request });

const problemOf = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('nothing was thrown'),
    (problem: Error) => problem,
  );

function expectWholeFile(): void {
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(existsSync(`${file}.lock`)).toBe(false);
}

describe('download', () => {
  it('fetches a file and reports what arrives', async () => {
    const seen: [number, number][] = [];
    await fetchIt({ progress: (received, total) => seen.push([received, total]) });
    expectWholeFile();
    expect(seen[0]).toEqual([0, content.length]);
    expect(seen.at(-1)).toEqual([content.length, content.length]);
    expect(seen.map(([received]) => received)).toEqual(seen.map(([received]) => received).sort((a, b) => a - b));
  });

  it('does nothing when the file is there and right, and replaces it when it is wrong', async () => {
    await fetchIt();
    await fetchIt();
    expect(server.ranges).toEqual(['']);
    writeFileSync(file, 'something else');
    await fetchIt();
    expectWholeFile();
  });

  it('goes on where a dropped connection ended', async () => {
    server.plan({ dropAfter: 0.5 }, { dropAfter: 0.5 }, 'good');
    await fetchIt();
    expectWholeFile();
    expect(server.ranges).toHaveLength(3);
    expect(server.ranges[0]).toBe('');
    expect(server.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('goes on with what an earlier call left', async () => {
    server.plan({ dropAfter: 0.5 }, { status: 404 });
    expect(await problemOf(fetchIt())).toBeInstanceOf(UserError);
    expect(existsSync(`${file}.part`)).toBe(true);
    server.plan('good');
    await fetchIt();
    expectWholeFile();
    expect(server.ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('goes on at another mirror with what the first one sent', async () => {
    server.plan({ dropAfter: 0.5 }, { status: 503 });
    await fetchIt({ sources: [server.url, second.url] });
    expectWholeFile();
    expect(second.ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  it('starts again when the server ignores the range', async () => {
    server.plan({ dropAfter: 0.5 }, 'ignores range');
    await fetchIt();
    expectWholeFile();
  });

  it('takes all again when the file on the server has changed', async () => {
    const old = await startFileServer(randomBytes(400_000), '"old"');
    old.plan({ dropAfter: 0.5 }, { status: 404 });
    await problemOf(fetchIt({ sources: [old.url] }));
    await old.close();
    // The part is of another file: the whole is wrong once, then fetched afresh from the same server.
    await fetchIt();
    expectWholeFile();
    expect(server.ranges).toEqual([expect.stringMatching(/^bytes=/), '']);
  });

  it('refuses a range that was not asked for', async () => {
    server.plan({ dropAfter: 0.5 }, 'wrong range');
    await fetchIt({ sources: [server.url, second.url] });
    expectWholeFile();
  });

  it('drops a connection that stalls, and goes on', async () => {
    server.plan({ stallAfter: 0.3 }, 'good');
    const startMs = performance.now();
    await fetchIt();
    expectWholeFile();
    expect(performance.now() - startMs).toBeGreaterThan(250);
  });

  it('tries a server that is busy again, and one that has not the file not', async () => {
    server.plan({ status: 503 }, { status: 429 }, 'good');
    await fetchIt();
    expect(server.ranges).toHaveLength(3);
    rmSync(file);
    second.plan({ status: 404 });
    await fetchIt({ sources: [second.url, server.url] });
    expect(second.ranges).toHaveLength(1);
    expectWholeFile();
  });

  it('takes the next mirror when one sends wrong bytes, and removes them', async () => {
    second.plan({ body: randomBytes(400_000) });
    await fetchIt({ sources: [second.url, server.url] });
    expectWholeFile();
    expect(server.ranges).toEqual(['']);
  });

  it('checks MD5, and works without length, checksum or Range', async () => {
    server.plan('chunked');
    await fetchIt({ sha256: undefined, bytes: undefined, md5 });
    expectWholeFile();
    rmSync(file);
    await fetchIt({ sha256: undefined, bytes: undefined });
    expectWholeFile();
  });

  it('says, when every mirror fails, what was expected and why each one failed', async () => {
    server.plan({ status: 404 });
    second.plan({ body: Buffer.from('<html>log in to the network first</html>') });
    const gone = await startFileServer(content);
    await gone.close();
    const problem = await problemOf(fetchIt({ sources: [server.url, second.url, gone.url] }));
    expect(problem).toBeInstanceOf(UserError);
    const { port } = new URL(gone.url);
    expect(problem.message).toBe(
      [
        `file.bin could not be downloaded (expected 400000 bytes, SHA-256 ${sha256}).`,
        `  ${server.url}: the server answered 404 Not Found`,
        `  ${second.url}: expected 400000 bytes, the server has 40`,
        `  ${gone.url}: connect ECONNREFUSED 127.0.0.1:${port} (tried 4 times)`,
        `Check the connection or the proxy settings and try again: what has arrived is kept. Or put the file at ${file} yourself.`,
      ].join('\n'),
    );
    expect(existsSync(file)).toBe(false);
  });

  it('names the checksum that was found', async () => {
    const other = randomBytes(400_000);
    server.plan({ body: other });
    const found = createHash('md5').update(other).digest('hex');
    const problem = await problemOf(fetchIt({ sha256: undefined, md5 }));
    expect(problem.message).toContain(`wrong file: expected MD5 ${md5}, found ${found} (400000 bytes)`);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('stops at once when told to, and keeps what has arrived', async () => {
    server.plan({ stallAfter: 0.5 });
    const stop = new AbortController();
    const reason = new Error('the user said so');
    const going = fetchIt({
      signal: stop.signal,
      stallMs: 60_000,
      progress: (received) => {
        if (received > 100_000) stop.abort(reason);
      },
    });
    expect(await problemOf(going)).toBe(reason);
    expect(existsSync(`${file}.part`)).toBe(true);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('lets two calls for the same file take turns', async () => {
    server.plan({ dropAfter: 0.5 }, 'good');
    await Promise.all([fetchIt(), fetchIt(), fetchIt()]);
    expectWholeFile();
    expect(server.ranges).toHaveLength(2);
  });
});
