import { expect, test } from 'vitest';
import type { RunId, RunState, RunSummary } from '../../../src/shared/run.ts';
import { filterRuns, hideArchived, sortRuns } from '../../../src/renderer/state/run-order.ts';

function run(
  order: number,
  name: string,
  lossD: number | undefined,
  state: RunState = { phase: 'finished' },
): RunSummary {
  return {
    id: `20261121-08463${order}-k3x9` as RunId,
    name,
    recipe: 'dcgan28',
    preset: 'small',
    data: 'glyphs',
    parameters: {},
    seed: 1,
    state,
    step: order,
    steps: 10,
    createdMs: order,
    startedMs: null,
    endedMs: null,
    stepsPerSecond: null,
    remainingMs: null,
    lastValues: lossD === undefined ? {} : { 'loss/d': lossD },
    newestImage: null,
    sizeBytes: 0,
    tags: [],
    starred: false,
    archived: false,
    parent: null,
    cursor: 0,
  };
}

const runs = [
  run(1, 'Baseline', 0.7),
  run(2, 'slow D', Number.NaN),
  run(3, 'fast d', 0.2, { phase: 'running', pid: 1 }),
  run(4, 'new', undefined),
];
const names = (list: readonly RunSummary[]) => list.map(({ name }) => name);

test('the filter wants every word, in any field and any case', () => {
  expect(names(filterRuns(runs, '  '))).toHaveLength(4);
  expect(names(filterRuns(runs, 'd DCGAN28'))).toHaveLength(4);
  expect(names(filterRuns(runs, 'FAST running'))).toEqual(['fast d']);
  expect(names(filterRuns(runs, 'fast finished'))).toEqual([]);
});

test('runs without a value and runs at NaN come last in both directions', () => {
  const up = names(sortRuns(runs, { key: 'lossD', descending: false }));
  const down = names(sortRuns(runs, { key: 'lossD', descending: true }));
  expect(up).toEqual(['fast d', 'Baseline', 'new', 'slow D']);
  expect(down).toEqual(['Baseline', 'fast d', 'new', 'slow D']);
});

test('what trains now comes before what is over', () => {
  expect(names(sortRuns(runs, { key: 'state', descending: false }))[0]).toBe('fast d');
});

test('a tag finds its run, and archived runs are listed only when asked for', () => {
  const list = [
    { ...run(1, 'kept', 1), tags: ['Baseline'] },
    { ...run(2, 'old', 2), archived: true },
  ];
  expect(names(filterRuns(list, 'baseline'))).toEqual(['kept']);
  expect(names(hideArchived(list, false))).toEqual(['kept']);
  expect(names(hideArchived(list, true))).toEqual(['kept', 'old']);
});

test('ten thousand runs are filtered and sorted in less than 100 ms', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => run(index % 10, `run ${index}`, index % 97));
  const start = performance.now();
  sortRuns(filterRuns(many, 'run 1'), { key: 'lossD', descending: true });
  expect(performance.now() - start).toBeLessThan(100);
});
