// When waiting runs are expected to train: worked out by hand for two jobs and step times that are round numbers.

import { describe, expect, it } from 'vitest';
import { planQueue, stepTimes, type Turn } from '../../../src/renderer/state/queue-plan.ts';
import type { Parameter } from '../../../src/shared/parameters.ts';
import type { Queue, QueueEntry } from '../../../src/shared/queue.ts';
import type { RunId, RunSpec, RunSummary } from '../../../src/shared/run.ts';

const SPEC: RunSpec = {
  ...{ recipe: 'r', preset: 'p', data: 'd', seed: 1, steps: 1000, backend: 'auto' },
  parameters: { batchSize: 16, rate: 0.1, sampleEvery: 5 },
};
const entry = (id: number, spec: Partial<RunSpec> = {}, problem: string | null = null): QueueEntry => ({
  ...{ id, name: `entry ${id}`, tags: [], addedMs: 0, problem },
  spec: { ...SPEC, ...spec },
});
const queue = (entries: QueueEntry[], settings: Partial<Queue> = {}): Queue => ({
  ...{ version: 1, paused: false, atOnce: 1, entries },
  ...settings,
});
const job = (remainingMs: number | null) => ({ state: { phase: 'running' }, remainingMs }) as unknown as RunSummary;
const turns = (plan: ReadonlyMap<number, Turn>) => [...plan.values()].map(({ startMs, endMs }) => [startMs, endMs]);
/** 10 ms a step: 1,000 steps take 10,000 ms. */
const tenMs = () => 10;

describe('the plan of the queue', () => {
  it('starts each run when the one before ends', () => {
    const plan = planQueue(queue([entry(1), entry(2, { steps: 500 })]), [job(3000)], tenMs, 100);
    expect(turns(plan)).toEqual([
      [3100, 13_100],
      [13_100, 18_100],
    ]);
  });

  it('gives the place that is free first when several train at once, and waits for all above the number', () => {
    const entries = [entry(1), entry(2), entry(3)];
    expect(turns(planQueue(queue(entries, { atOnce: 2 }), [job(3000), job(1000)], tenMs, 0))).toEqual([
      [1000, 11_000],
      [3000, 13_000],
      [11_000, 21_000],
    ]);
    expect(turns(planQueue(queue([entry(1)]), [job(3000), job(1000)], tenMs, 0))).toEqual([[3000, 13_000]]);
    expect(turns(planQueue(queue([entry(1)], { atOnce: 2 }), [job(3000)], tenMs, 7))).toEqual([[7, 10_007]]);
  });

  it('knows nothing behind a run of unknown length, but what a free place can take', () => {
    const unknown = (spec: RunSpec) => (spec.data === 'new' ? null : 10);
    const entries = [entry(1, { data: 'new' }), entry(2)];
    expect(turns(planQueue(queue(entries), [], unknown, 0))).toEqual([
      [0, null],
      [null, null],
    ]);
    expect(turns(planQueue(queue(entries, { atOnce: 2 }), [], unknown, 0))).toEqual([
      [0, null],
      [0, 10_000],
    ]);
    expect(turns(planQueue(queue([entry(1)]), [job(null)], tenMs, 0))).toEqual([[null, null]]);
  });

  it('leaves out what cannot be started, and says nothing while it is paused', () => {
    const entries = [entry(1, {}, 'no data'), entry(2)];
    expect(turns(planQueue(queue(entries), [], tenMs, 0))).toEqual([
      [null, null],
      [0, 10_000],
    ]);
    expect(turns(planQueue(queue(entries, { paused: true }), [], tenMs, 0))).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it('counts only the steps that a fork trains itself', () => {
    const parent = { runId: '20261121-000000-aaaa' as RunId, step: 900 };
    expect(turns(planQueue(queue([entry(1, { parent })]), [], tenMs, 0))).toEqual([[0, 1000]]);
  });
});

describe('step times', () => {
  const row = { label: '', help: '', group: 'training' } as const;
  const table: readonly Parameter[] = [
    { ...row, kind: 'number', name: 'batchSize', default: 16, min: 1, max: 64, integer: true },
    { ...row, kind: 'number', name: 'rate', default: 0.1, min: 0, max: 1 },
    { ...row, kind: 'number', name: 'sampleEvery', default: 5, min: 1, max: 9, integer: true, group: 'recording' },
  ];
  const run = (stepsPerSecond: number | null, parameters = SPEC.parameters) =>
    ({ ...SPEC, parameters, stepsPerSecond }) as unknown as RunSummary;

  it('come from the newest run of the same sizes, whatever its rates and what it records', () => {
    const other = { batchSize: 16, rate: 0.5, sampleEvery: 1 };
    const time = stepTimes([run(null), run(50, other), run(4)], () => table);
    expect(time(SPEC)).toBe(20);
    expect(time({ ...SPEC, seed: 9, steps: 3 })).toBe(20);
    expect(time({ ...SPEC, parameters: { ...SPEC.parameters, batchSize: 32 } })).toBeNull();
    expect(time({ ...SPEC, data: 'other' })).toBeNull();
  });
});
