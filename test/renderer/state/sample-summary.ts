// A run as the list knows it, for tests to change what they are about.

import type { RunId, RunSummary } from '../../../src/shared/run.ts';

/** Run `order` (a digit): finished at step `order` of 10, made `order` ms after the epoch, without any value. */
export function sampleSummary(order: number, part: Partial<RunSummary> = {}): RunSummary {
  return {
    id: `20261121-08463${order}-k3x9` as RunId,
    name: `run ${order}`,
    recipe: 'dcgan28',
    preset: 'small',
    data: 'glyphs',
    parameters: {},
    seed: 1,
    state: { phase: 'finished' },
    step: order,
    steps: 10,
    createdMs: order,
    startedMs: null,
    endedMs: null,
    stepsPerSecond: null,
    remainingMs: null,
    lastValues: {},
    newestImage: null,
    sizeBytes: 0,
    tags: [],
    starred: false,
    archived: false,
    parent: null,
    cursor: 0,
    ...part,
  };
}
