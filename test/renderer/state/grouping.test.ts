import { expect, test } from 'vitest';
import type { RunId, RunSummary } from '../../../src/shared/run.ts';
import { groupRuns, REPEATS } from '../../../src/renderer/state/grouping.ts';

function run(id: string, seed: number, parameters: RunSummary['parameters'], steps = 100): RunSummary {
  return { id: id as RunId, name: id, recipe: 'dcgan28', preset: 'app', data: 'glyphs', seed, steps, parameters } as RunSummary; // prettier-ignore
}

test('repeats differ in nothing but seed and length, whatever the order of their settings', () => {
  const groups = groupRuns(
    [run('a', 1, { lr: 0.1, k: 1 }), run('b', 2, { k: 1, lr: 0.1 }, 50), run('c', 1, { lr: 0.2, k: 1 })],
    REPEATS,
  );
  expect(groups.map(({ label, runIds }) => [label, runIds])).toEqual([
    ['lr 0.1', ['a', 'b']],
    ['lr 0.2', ['c']],
  ]);
});

test('repeats of one thing carry its name', () => {
  expect(groupRuns([run('a', 1, { lr: 0.1 }), run('b', 2, { lr: 0.1 })], REPEATS)[0]!.label).toBe('a');
});

test('a setting puts together what shares its value; runs without it are a group', () => {
  const groups = groupRuns([run('a', 1, { lr: 0.1 }), run('b', 1, {}), run('c', 2, { lr: 0.1 })], 'lr');
  expect(groups.map(({ label, runIds }) => [label, runIds])).toEqual([
    ['lr 0.1', ['a', 'c']],
    ['lr –', ['b']],
  ]);
});
