import { describe, expect, it } from 'vitest';
import { rankEstimates, worthMeasuring } from '../../../src/renderer/state/backend-times.ts';
import type { BackendId } from '../../../src/shared/run.ts';
import type { BackendStatus, Estimate } from '../../../src/shared/training.ts';

const status = (id: BackendId, state: BackendStatus['state'], ms: number | null): BackendStatus => ({
  ...{ id, state, ms, label: id, version: null, device: null, threads: null, isGpu: false },
  ...{ largestError: null, reason: '', remedy: null },
});
const estimate = (backend: BackendId, stepMs: number): Estimate => ({
  ...{ backend, stepMs, measuredSteps: 5, startMs: 100, totalMs: 0 },
  ...{ memoryBytes: 1, tensorBytes: 1, deviceBytes: null, measuredAtMs: 0 },
});

describe('worthMeasuring', () => {
  it('takes what works, but none that the probe found over 20 times slower than the best', () => {
    const backends = [
      status('tensorflow', 'in use', 10),
      status('webgpu', 'broken', null),
      status('wasm', 'available', 200),
      status('cpu', 'available', 201),
    ];
    expect(worthMeasuring(backends)).toEqual(['tensorflow', 'wasm']);
  });

  it('takes plain JavaScript where nothing else works', () => {
    expect(worthMeasuring([status('wasm', 'broken', null), status('cpu', 'in use', 4000)])).toEqual(['cpu']);
  });

  it('has nothing to take before the runtime has answered', () => {
    expect(worthMeasuring([])).toEqual([]);
  });
});

describe('rankEstimates', () => {
  it('puts the fastest first and says how many times longer the others take', () => {
    const ranked = rankEstimates([estimate('wasm', 90), estimate('tensorflow', 20)]);
    expect(ranked.map(({ estimate: { backend }, times }) => [backend, times])).toEqual([
      ['tensorflow', 1],
      ['wasm', 4.5],
    ]);
  });
});
