// The choice among backends where the best one is absent: a process of its own with an empty cache.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const cache = mkdtempSync(join(tmpdir(), 'saddle-backends-'));
afterAll(() => rmSync(cache, { recursive: true }));

const list = resolve(import.meta.dirname, '../../../../src/main/training/backends/list.ts');

async function open(choice: string): Promise<string> {
  const program = `
    const { openBackend } = await import(${JSON.stringify(list)});
    try { const { id, version, threads } = await openBackend(${JSON.stringify(choice)}); console.log(id, version, threads); }
    catch (problem) { console.log(problem.name + ': ' + problem.message); }`;
  // Of a graphics card that may be there nothing is to be seen.
  const env = { ...process.env, SADDLE_CACHE: cache, SADDLE_WEBGPU_DEVICE: 'no device at all' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
  return stdout.trim();
}

describe('openBackend, where native TensorFlow is not installed', () => {
  it('takes wasm for `auto`', async () => {
    expect(await open('auto')).toBe('wasm 4.22.0 1');
  });

  it('refuses `tensorflow` with what to do, and does not replace it', async () => {
    expect(await open('tensorflow')).toMatch(/^UserError: Native TensorFlow is not installed\. .*npm run runtime$/s);
  });

  it('opens plain JavaScript when it is named', async () => {
    expect(await open('cpu')).toBe('cpu 4.22.0 1');
  });
});
