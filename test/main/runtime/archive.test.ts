// TensorFlow's own archive, the second source: a small one of the same shape from a server on this machine.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fetchArchive, unpackArchive } from '../../../src/main/runtime/archive.ts';
import { archive } from '../../../src/main/runtime/releases.ts';
import { startFileServer } from '../download/file-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'saddle-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

function makeArchive(): Buffer {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'lib'), { recursive: true });
  mkdirSync(join(source, 'include', 'tensorflow', 'c'), { recursive: true });
  writeFileSync(join(source, 'lib', 'libtensorflow.so.2.16.1'), 'library');
  symlinkSync('libtensorflow.so.2.16.1', join(source, 'lib', 'libtensorflow.so.2'));
  writeFileSync(join(source, 'include', 'tensorflow', 'c', 'c_api.h'), '// header');
  expect(spawnSync('tar', ['-czf', join(folder, 'made.tar.gz'), '-C', source, '.']).status).toBe(0);
  return readFileSync(join(folder, 'made.tar.gz'));
}

describe('the archive of the C library', () => {
  it('is fetched, checked and unpacked to lib and include', async () => {
    const bytes = makeArchive();
    const server = await startFileServer(bytes);
    server.plan({ dropAfter: 0.5 }, 'good');
    try {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const fetched = await fetchArchive({ ...archive, url: server.url, sha256 }, folder, () => {});
      await unpackArchive(fetched.path, join(folder, 'pack'));
    } finally {
      await server.close();
    }
    expect(readFileSync(join(folder, 'pack', 'lib', 'libtensorflow.so.2'), 'utf8')).toBe('library');
    expect(readFileSync(join(folder, 'pack', 'include', 'tensorflow', 'c', 'c_api.h'), 'utf8')).toBe('// header');
  });

  it('says what tar said when it is damaged', async () => {
    const file = join(folder, 'damaged.tar.gz');
    writeFileSync(file, 'not an archive');
    await expect(unpackArchive(file, join(folder, 'nothing'))).rejects.toThrow(
      /could not be unpacked with tar:\n.*tar/s,
    );
  });
});
