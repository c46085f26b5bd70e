import { expect, test } from 'vitest';
import type { RunState, RunSummary } from '../../../src/shared/run.ts';
import { filterRuns } from '../../../src/renderer/state/run-filter.ts';
import { hideArchived, sortRuns, toRows } from '../../../src/renderer/state/run-order.ts';
import { sampleSummary } from './sample-summary.ts';

const run = (
  order: number,
  name: string,
  lossD: number | undefined,
  state: RunState = { phase: 'finished' },
): RunSummary => sampleSummary(order, { name, state, lastValues: lossD === undefined ? {} : { 'loss/d': lossD } });

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
  const up = names(sortRuns(runs, { key: 'scalar:loss/d', descending: false }));
  const down = names(sortRuns(runs, { key: 'scalar:loss/d', descending: true }));
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
  sortRuns(filterRuns(many, 'run 1'), { key: 'scalar:loss/d', descending: true });
  expect(performance.now() - start).toBeLessThan(100);
});

test('groups stand in the order of their first run, and a closed one keeps only its head', () => {
  const list: RunSummary[] = [
    { ...run(3, 'c', 1), parameters: { batchSize: 64 } },
    { ...run(2, 'b', 1), parameters: {} },
    { ...run(1, 'a', 1), parameters: { batchSize: 64 } },
  ];
  const lines = (closed: readonly string[]) =>
    toRows(list, 'setting:batchSize', closed).map((row) =>
      row.kind === 'run' ? row.run.name : `${row.value} (${row.runs.length})`,
    );
  expect(lines([])).toEqual(['64 (2)', 'c', 'a', ' (1)', 'b']);
  expect(lines(['64'])).toEqual(['64 (2)', ' (1)', 'b']);
});
