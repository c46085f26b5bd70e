// What Settings > Runtime says, from real probes in processes of their own and from ones that fail.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findRuntime } from '../../../src/main/runtime/pack.ts';
import { runtimeStatus, type RunProbe } from '../../../src/main/runtime/status.ts';
import type { BackendId } from '../../../src/shared/run.ts';
import { describeNative } from '../training/backends/native.ts';

const list = resolve(import.meta.dirname, '../../../src/main/training/backends/list.ts');

const probe: RunProbe = async (backend) => {
  const program = `
    const { openBackend } = await import(${JSON.stringify(list)});
    const { id, version, device, threads } = await openBackend(${JSON.stringify(backend)});
    console.log(JSON.stringify({ backend: id, version, device, threads }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as Awaited<ReturnType<RunProbe>>;
};

const emptyCache = mkdtempSync(join(tmpdir(), 'saddle-status-'));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(emptyCache, { recursive: true, force: true });
});

const failing =
  (...broken: BackendId[]): RunProbe =>
  async (backend) =>
    broken.includes(backend) ? Promise.reject(new Error(`${backend} did not open`)) : probe(backend);

describeNative('runtimeStatus with native TensorFlow', () => {
  it('says that TensorFlow is in use and that the others would be slower', async () => {
    const status = await runtimeStatus(probe);
    expect(status).toMatchObject({ backend: 'tensorflow', node: process.versions.node });
    expect(status.version).toBe(findRuntime()?.version);
    expect(status.backends.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ['tensorflow', 'in use', ''],
      ['wasm', 'available', 'It works, but TensorFlow is faster.'],
      ['cpu', 'available', 'It works, but TensorFlow is faster.'],
    ]);
  });

  it('calls a TensorFlow that does not open broken, with the way to repair it', async () => {
    const status = await runtimeStatus(failing('tensorflow'));
    expect(status.backend).toBe('wasm');
    expect(status.backends[0]).toMatchObject({
      state: 'broken',
      reason: 'tensorflow did not open',
      remedy: 'npm run runtime',
    });
  });
});

describe('runtimeStatus', () => {
  it('says what is missing and the one step that gets it', async () => {
    vi.stubEnv('SADDLE_CACHE', emptyCache);
    vi.stubEnv('CXX', 'c++');
    const status = await runtimeStatus(probe);
    expect(status.backend).toBe('wasm');
    expect(status.backends[0]).toMatchObject({ id: 'tensorflow', state: 'missing' });
    expect(status.backends[1]).toMatchObject({ id: 'wasm', state: 'in use', reason: '', remedy: null });
    if (status.installable) expect(status.backends[0]?.remedy).toBe('npm run runtime');
    else expect(status.backends[0]?.reason).not.toBe('');
  });

  it('names every reason when nothing works', async () => {
    vi.stubEnv('SADDLE_CACHE', emptyCache);
    await expect(runtimeStatus(failing('tensorflow', 'wasm', 'cpu'))).rejects.toThrow(
      /WebAssembly: wasm did not open\nPlain JavaScript: cpu did not open/,
    );
  });
});
