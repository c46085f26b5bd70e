// Where native TensorFlow can be had, by machine.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNotInstallable, type Machine } from '../../../src/main/runtime/why-not.ts';

const folder = mkdtempSync(join(tmpdir(), 'saddle-compilers-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'clang++'), '#!/bin/sh\n');
chmodSync(join(folder, 'clang++'), 0o755);

const linux: Machine = {
  platform: 'linux',
  arch: 'x64',
  env: { PATH: `/nowhere:${folder}` },
  glibc: '2.36',
  processor: 'flags : fpu sse2 avx avx2',
};

describe('whyNotInstallable', () => {
  const rows: [string, Partial<Machine>, RegExp | null][] = [
    ['Linux with a compiler', {}, null],
    ['Linux with CXX set', { env: { CXX: 'zig c++' } }, null],
    [
      'Linux without a compiler',
      { env: { PATH: '/nowhere' } },
      /No C\+\+ compiler was found.*apt install g\+\+.*npm run runtime/,
    ],
    ['Alpine', { glibc: null }, /GNU C library/],
    ['an old system', { glibc: '2.17' }, /glibc 2\.27 or newer; this system has 2\.17/],
    ['a processor without AVX', { processor: 'flags : fpu sse2' }, /AVX/],
    ['a system that does not describe its processor', { processor: '' }, null],
    ['Linux on ARM', { arch: 'arm64', glibc: null, env: {} }, null],
    ['a Mac', { platform: 'darwin', arch: 'arm64', env: {} }, null],
    ['Windows', { platform: 'win32', env: {} }, null],
    ['Windows on ARM', { platform: 'win32', arch: 'arm64', env: {} }, /not made for win32 on arm64/],
  ];
  for (const [name, difference, reason] of rows) {
    it(`${reason ? 'refuses' : 'takes'} ${name}`, () => {
      const answer = whyNotInstallable({ ...linux, ...difference });
      if (reason === null) expect(answer).toBeNull();
      else expect(answer).toMatch(reason);
    });
  }
});
