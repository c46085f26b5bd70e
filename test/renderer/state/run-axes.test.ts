// Which settings and scalars become axes, and on which scale.

import { expect, test } from 'vitest';
import type { RecipeInfo } from '../../../src/shared/contract.ts';
import type { RunSummary } from '../../../src/shared/run.ts';
import { recipes } from '../../../src/main/training/recipes/list.ts';
import { allAxes, differingSettings, firstAxes, isLogByTable, readAxis } from '../../../src/renderer/state/run-axes.ts';
import { sampleSummary } from './sample-summary.ts';

const table = (id: string): RecipeInfo | undefined => {
  const recipe = recipes.find((one) => one.id === id);
  return recipe && ({ id, parameters: recipe.parameters } as unknown as RecipeInfo);
};

const runs = [
  sampleSummary(1, { seed: 1, parameters: { batchSize: 16, generatorLearningRate: 2e-4, latentSize: 100 }, lastValues: { 'loss/d': 1, 'prob/d_real': 0.5 } }),
  sampleSummary(2, { seed: 2, parameters: { batchSize: 32, generatorLearningRate: 2e-3, latentSize: 100 }, lastValues: { 'loss/d': Number.NaN } }),
  sampleSummary(3, { seed: 3, recipe: 'began', parameters: { batchSize: 32 }, lastValues: {} }),
]; // prettier-ignore

test('settings that differ become axes, the seed last, then the losses that are there', () => {
  expect(differingSettings(runs)).toEqual([
    'setting:recipe',
    'setting:batchSize',
    'setting:generatorLearningRate',
    'setting:seed',
  ]);
  expect(firstAxes(runs)).toEqual([...differingSettings(runs), 'scalar:loss/d']);
  expect(firstAxes([])).toEqual([]);
});

test('at first there are no more axes than a line can be followed through', () => {
  const many = (value: number): RunSummary['parameters'] =>
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, value]));
  const two = [
    sampleSummary(1, { parameters: many(1), lastValues: { 'loss/g': 1 } }),
    sampleSummary(2, { parameters: many(2) }),
  ];
  expect(firstAxes(two)).toHaveLength(9);
  expect(firstAxes(two).at(-1)).toBe('scalar:loss/g');
});

test('scalars and settings that can be added are all there are', () => {
  expect(allAxes(runs)).toEqual(expect.arrayContaining(['scalar:prob/d_real', 'setting:latentSize', 'setting:data']));
});

test('a scale by ratio comes from the recipe’s own table, and the user’s choice goes before it', () => {
  expect(isLogByTable('setting:generatorLearningRate', runs, table)).toBe(true);
  expect(isLogByTable('setting:seed', runs, table)).toBe(false);
  expect(isLogByTable('scalar:loss/d', runs, table)).toBe(false);
  expect(readAxis('setting:generatorLearningRate', runs, table, null).isLog).toBe(true);
  expect(readAxis('setting:generatorLearningRate', runs, table, false).isLog).toBe(false);
});

test('runs without the value are counted, NaN is on its mark', () => {
  expect(readAxis('scalar:loss/d', runs, table, null)).toMatchObject({ missing: 1, marks: ['nan'], name: 'loss/d' });
  expect(readAxis('setting:generatorLearningRate', runs, table, null).missing).toBe(1);
});
