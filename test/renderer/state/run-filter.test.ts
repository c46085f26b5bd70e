import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/shared/run.ts';
import { filterRuns, parseFilter, unknownKeys } from '../../../src/renderer/state/run-filter.ts';
import { sampleSummary } from './sample-summary.ts';

const run = (name: string, part: Partial<RunSummary> = {}): RunSummary =>
  sampleSummary(1, {
    name,
    parameters: { batchSize: 64, generatorLearningRate: 2e-4, normalise: true, activation: 'leaky relu' },
    step: 50,
    steps: 100,
    lastValues: { 'loss/d': Math.fround(0.7), 'loss/g': 1.5 },
    sizeBytes: 12_000_000,
    ...part,
  });

const runs = [
  run('alpha'),
  run('beta two', { recipe: 'gan-mlp', lastValues: { 'loss/d': 1.3 }, tags: ['baseline', 'paper'], starred: true }),
  run('gamma', { lastValues: { 'loss/d': Number.NaN }, parameters: { batchSize: 128 }, sizeBytes: 900_000_000 }),
  run('delta', { lastValues: {}, state: { phase: 'running', pid: 1 }, seed: 7 }),
];

test.each([
  ['', ['alpha', 'beta two', 'gamma', 'delta']],
  ['ALPHA', ['alpha']],
  ['two beta', ['beta two']],
  ['"beta two"', ['beta two']],
  ['"two beta"', []],
  ['-alpha', ['beta two', 'gamma', 'delta']],
  ['/^(al|gam)/', ['alpha', 'gamma']],
  ['/^AL/i', ['alpha']],
  ['/^AL/', []],
  ['/^beta two$/ -tag:none', ['beta two']],
  ['recipe:dcgan', ['alpha', 'gamma', 'delta']],
  ['-recipe:dcgan28', ['beta two']],
  ['recipe=dcgan', []],
  ['loss/d < 1.2 recipe:dcgan28', ['alpha']],
  ['loss/d<1.2', ['alpha']],
  ['loss/d >= 1.3', ['beta two']],
  ['loss/d = 0.7', ['alpha']],
  ['loss/d = nan', ['gamma']],
  ['loss/d != nan', ['alpha', 'beta two', 'delta']],
  ['batchSize:128', ['gamma']],
  ['batchSize=64 seed=7', ['delta']],
  ['generatorLearningRate <= 2e-4', ['alpha', 'beta two', 'delta']],
  ['normalise=true', ['alpha', 'beta two', 'delta']],
  ['activation:"leaky relu" state:running', ['delta']],
  ['tag:base', ['beta two']],
  ['tag!=paper', ['alpha', 'gamma', 'delta']],
  ['is:starred', ['beta two']],
  ['size > 100MB', ['gamma']],
  ['progress = 50 -is:running', ['alpha', 'beta two', 'gamma']],
])('%s', (filter, expected) => {
  expect(filterRuns(runs, filter).map(({ name }) => name)).toEqual(expected);
});

test('what is half-typed empties nothing and is said', () => {
  for (const filter of ['loss/d <', 'loss/d < ', 'recipe:', '/(/']) {
    expect(filterRuns(runs, filter)).toHaveLength(4);
    expect(parseFilter(filter).problems).toHaveLength(1);
  }
  expect(parseFilter('loss/d <').problems).toEqual(['loss/d < what?']);
});

test('names that no run has are named', () => {
  expect(unknownKeys(parseFilter('lss/d < 1 batchSize:64 seed:1'), runs)).toEqual(['lss/d']);
});

test('1,000 runs: every key of a long filter takes far less than 100 ms', () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    run(`run ${index}`, { seed: index, lastValues: { 'loss/d': index / 100 } }),
  );
  const filter = 'loss/d < 1.2 recipe:dcgan28 -/9$/ run';
  for (let end = 1; end <= filter.length; end++) {
    const start = performance.now();
    filterRuns(many, filter.slice(0, end));
    expect(performance.now() - start).toBeLessThan(100);
  }
  expect(filterRuns(many, filter)).toHaveLength(108);
});
