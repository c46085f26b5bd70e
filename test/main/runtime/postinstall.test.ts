// The script after `npm install`: it never fails the installation, and says what is missing.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findRuntime } from '../../../src/main/runtime/pack.ts';
import { describeNative } from '../training/backends/native.ts';

const script = resolve(import.meta.dirname, '../../../scripts/postinstall.mjs');
const folder = mkdtempSync(join(tmpdir(), 'saddle-postinstall-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(env: NodeJS.ProcessEnv): { status: number | null; said: string; stdout: string } {
  const { status, stderr, stdout } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  return { status, said: stderr, stdout };
}

describe('postinstall', () => {
  it('leaves TensorFlow out when told to', () => {
    const { status, said } = run({ ...process.env, SADDLE_SKIP_RUNTIME: '1', SADDLE_CACHE: folder });
    expect(status).toBe(0);
    expect(said).toMatch(/^saddle: SADDLE_SKIP_RUNTIME is 1.*npm run runtime\n$/);
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('says what is missing, with exit code 0', () => {
    const { status, said } = run({ PATH: join(folder, 'nothing-here'), HOME: folder, SADDLE_CACHE: folder });
    expect(status).toBe(0);
    expect(said).toMatch(/could not be installed; Saddle works without it/);
    expect(said).toMatch(/No C\+\+ compiler was found/);
    expect(said).toMatch(/To try again: npm run runtime/);
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('says so when npm is not there either', () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(spawnSync('which', ['g++'], { encoding: 'utf8' }).stdout.trim(), join(bin, 'g++'));
    const { status, said } = run({ PATH: bin, HOME: folder, SADDLE_CACHE: folder });
    expect(status).toBe(0);
    expect(said).toMatch(/npm could not get @tensorflow\/tfjs-node-gpu@4\.22\.0/);
  });
});

describeNative('postinstall where TensorFlow is there', () => {
  it('is done at once', () => {
    const { status, said, stdout } = run(process.env);
    expect(status).toBe(0);
    expect(said).toBe(`saddle: TensorFlow ${findRuntime()?.version} is there (${findRuntime()?.folder})\n`);
    expect(stdout).toBe('');
  });
});
