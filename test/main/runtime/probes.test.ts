// What is kept of probes, in a real cache folder.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { machineKey } from '../../../src/main/runtime/machine-key.ts';
import { preferredBackends, readProbes, saveProbes, type ProbeResult } from '../../../src/main/runtime/probes.ts';
import type { BackendId } from '../../../src/shared/run.ts';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'saddle-probes-'));
  vi.stubEnv('SADDLE_CACHE', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

const right = (id: BackendId, ms: number): ProbeResult => {
  return {
    id,
    probe: { backend: id, version: '1', device: 'd', threads: 2, isGpu: id === 'webgpu', largestError: 1e-6, ms },
  };
};
const wrong: ProbeResult = { id: 'webgpu', problem: 'no driver' };

describe('probes', () => {
  it('are kept for the machine they were made on, and for no other', () => {
    const probes = { key: machineKey(), probedMs: Date.now(), results: [right('wasm', 40)] };
    saveProbes(probes);
    saveProbes({ ...probes, key: machineKey({ CUDA_VISIBLE_DEVICES: '1' }), results: [right('cpu', 1)] });
    expect(readProbes(machineKey())).toEqual(probes);
    expect(readProbes(machineKey({ TF_NUM_INTRAOP_THREADS: '7' }))).toBeNull();
  });

  it('with a problem among them count for a day', () => {
    const results = [wrong, right('wasm', 40)];
    saveProbes({ key: 'k', probedMs: Date.now() - 23 * 3600_000, results });
    expect(readProbes('k')).not.toBeNull();
    saveProbes({ key: 'k', probedMs: Date.now() - 25 * 3600_000, results });
    expect(readProbes('k')).toBeNull();
  });

  it.each(['', '{"results": 1}', '[null, 3]'])('are made again where the file says %j', (text) => {
    writeFileSync(join(cache, 'probes.json'), text);
    expect(readProbes('k')).toBeNull();
    saveProbes({ key: 'k', probedMs: Date.now(), results: [] });
    expect(readProbes('k')).not.toBeNull();
  });
});

describe('preferredBackends', () => {
  const preferred = (...results: ProbeResult[]) => preferredBackends({ key: '', probedMs: 0, results });

  it('are those that were right, a graphics card where it is faster', () => {
    const processor = [right('tensorflow', 30), right('cpu', 4000), right('wasm', 50)];
    expect(preferred(...processor, wrong)).toEqual(['tensorflow', 'wasm', 'cpu']);
    expect(preferred(...processor, right('webgpu', 3))).toEqual(['webgpu', 'tensorflow', 'wasm', 'cpu']);
    expect(preferred(...processor, right('webgpu', 40))).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
  });

  it('keep their order on the processor, whatever a busy moment made of the probe', () => {
    expect(preferred(right('tensorflow', 30), right('cpu', 4000), right('wasm', 3))).toEqual([
      'tensorflow',
      'wasm',
      'cpu',
    ]);
  });

  it('are the list without drivers of the system where nothing was probed', () => {
    expect(preferredBackends(null)).toEqual(['tensorflow', 'wasm', 'cpu']);
  });
});
