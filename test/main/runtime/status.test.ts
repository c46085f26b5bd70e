// What Settings > Runtime says, from real probes in processes of their own and from ones that fail.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { probe } from '../../../src/main/runs/ask.ts';
import { trainingEntry, type TrainingProgram } from '../../../src/main/runs/program.ts';
import { trainingEnvironment } from '../../../src/main/runtime/environment.ts';
import { findRuntime } from '../../../src/main/runtime/pack.ts';
import type { ProbeResult, Probes } from '../../../src/main/runtime/probes.ts';
import { describeRuntime, probeBackends } from '../../../src/main/runtime/status.ts';
import { BACKEND_IDS, type BackendId } from '../../../src/shared/run.ts';
import { openWorkplace } from '../runs/program.ts';
import { describeNative } from '../training/backends/native.ts';

const program: TrainingProgram = {
  node: process.execPath,
  entry: trainingEntry(pathToFileURL(join(import.meta.dirname, '../../../src/main/electron.ts')).href),
  environment: () => ({ ...process.env, ...trainingEnvironment({ threads: 1 }) }),
  spawn,
};

const emptyCache = mkdtempSync(join(tmpdir(), 'saddle-status-'));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(emptyCache, { recursive: true, force: true });
});

const probed = (...results: ProbeResult[]): Probes => ({ key: '', probedMs: 1_790_000_000_000, results });
const right = (id: BackendId, ms: number): ProbeResult => {
  return { id, probe: { backend: id, version: '1', device: 'd', threads: 2, isGpu: false, largestError: 1e-6, ms } };
};
const ALL_PROBED = [right('tensorflow', 10), right('webgpu', 25), right('wasm', 40), right('cpu', 4000)];

describeNative('probeBackends with native TensorFlow', () => {
  it('finds it right and faster than WebAssembly', async () => {
    const results = await probeBackends((id) =>
      id === 'cpu' || id === 'webgpu' ? Promise.reject(new Error('not asked here')) : probe(program, id),
    );
    const [tensorflow, wasm] = [results[0]!, results.find(({ id }) => id === 'wasm')!];
    if (!('probe' in tensorflow) || !('probe' in wasm)) throw new Error(JSON.stringify(results));
    expect(tensorflow.probe).toMatchObject({ version: findRuntime()?.version, threads: 1 });
    for (const { largestError } of [tensorflow.probe, wasm.probe]) expect(largestError).toBeLessThan(1e-4);
    expect(tensorflow.probe.ms).toBeLessThan(wasm.probe.ms);
  });
});

describe('probeBackends', () => {
  it('tries one after the other, none that is not there, and keeps each reason', async () => {
    vi.stubEnv('SADDLE_CACHE', emptyCache);
    let running = 0;
    const results = await probeBackends(async (id) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      throw new Error(`${id} did not open`);
    });
    expect(results).toEqual(
      BACKEND_IDS.filter((id) => id !== 'tensorflow').map((id) => ({ id, problem: `${id} did not open` })),
    );
  });

  it('tries again only what went wrong before', async () => {
    vi.stubEnv('SADDLE_CACHE', emptyCache);
    const asked: string[] = [];
    const known = [right('webgpu', 3), { id: 'wasm', problem: 'no memory' } as const, right('cpu', 4000)];
    const results = await probeBackends((id) => {
      asked.push(id);
      return Promise.reject(new Error('still none'));
    }, known);
    expect(asked).toEqual(['wasm']);
    expect(results).toEqual([known[0], { id: 'wasm', problem: 'still none' }, known[2]]);
  });

  it.each([
    ['crashes', `process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000)`, 30_000, /ended by SIGSEGV/],
    [
      'ends with an exit code',
      `console.error('no such driver'); process.exit(3)`,
      30_000,
      /exit code 3\):\nno such driver/,
    ],
    ['hangs', `setInterval(() => {}, 1000)`, 500, /gave no answer in 0.5 s/],
  ])('gives the reason of a probe that %s', async (_how, lines, limitMs, reason) => {
    const place = openWorkplace();
    const results = await probeBackends((id) => probe(place.program(lines), id, limitMs));
    place.end();
    const last = results.at(-1)!;
    expect('problem' in last && last.problem).toMatch(reason);
  });
});

describe('describeRuntime', () => {
  it('has the fastest in use, and says of the others by how much they are slower', () => {
    const status = describeRuntime(probed(...ALL_PROBED));
    expect(status).toMatchObject({ backend: 'tensorflow', isGpu: false, probedMs: 1_790_000_000_000 });
    expect(status.backends.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ['tensorflow', 'in use', ''],
      ['webgpu', 'available', expect.stringContaining('TensorFlow is 2.5 times as fast (10 ms against 25 ms')],
      ['wasm', 'available', expect.stringContaining('TensorFlow is 4.0 times as fast')],
      ['cpu', 'available', expect.stringContaining('TensorFlow is 400 times as fast')],
    ]);
  });

  it('takes a slower place in the list when it was measured to be faster', () => {
    const webgpu = right('webgpu', 3);
    const onCard = 'probe' in webgpu ? { ...webgpu, probe: { ...webgpu.probe, isGpu: true } } : webgpu;
    const status = describeRuntime(probed(right('tensorflow', 30), onCard, right('cpu', 4000)));
    expect(status.backends.map(({ id, state }) => [id, state])).toContainEqual(['webgpu', 'in use']);
  });

  it('calls a TensorFlow that does not work broken, with the way to repair it', () => {
    const problem = 'tensorflow did not open';
    const status = describeRuntime(probed({ id: 'tensorflow', problem }, ...ALL_PROBED.slice(2)));
    expect(status.backend).toBe('wasm');
    expect(status.backends[0]).toMatchObject({ state: 'broken', reason: problem, remedy: 'npm run runtime' });
  });

  it('says what is missing and the one step that gets it', () => {
    vi.stubEnv('SADDLE_CACHE', emptyCache);
    vi.stubEnv('CXX', 'c++');
    const status = describeRuntime(probed(...ALL_PROBED.slice(2)));
    expect(status.backends[0]).toMatchObject({ id: 'tensorflow', state: 'missing' });
    if (status.installable) expect(status.backends[0]?.remedy).toBe('npm run runtime');
    else expect(status.backends[0]?.reason).not.toBe('');
  });

  it('names every reason when nothing works', () => {
    const broken = BACKEND_IDS.map((id) => ({ id, problem: `${id} did not open` }));
    expect(() => describeRuntime(probed(...broken))).toThrow(
      /WebAssembly: wasm did not open\nPlain JavaScript: cpu did not open/,
    );
  });
});
