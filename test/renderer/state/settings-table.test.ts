import { expect, test } from 'vitest';
import type { RecipeInfo } from '../../../src/shared/contract.ts';
import type { RunSummary } from '../../../src/shared/run.ts';
import { recipes } from '../../../src/main/training/recipes/list.ts';
import { resolveParameters } from '../../../src/shared/parameters.ts';
import { compareSettings, listSettings } from '../../../src/renderer/state/settings-table.ts';

const recipe = recipes[0]! as unknown as RecipeInfo;
const preset = recipe.presets[0]!.id;

test('only what was changed differs from the preset, and every parameter is listed once', () => {
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, { batchSize: 33 });
  const rows = listSettings({ parameters, preset }, recipe);
  expect(rows.map((row) => row.name)).toEqual(recipe.parameters.map((row) => row.name));
  expect(rows.filter((row) => row.differs).map((row) => row.name)).toEqual(['batchSize']);
});

test('a setting that the recipe no longer has is still shown', () => {
  const rows = listSettings({ parameters: { forgotten: 3 }, preset }, recipe);
  expect(rows).toMatchObject([{ name: 'forgotten', value: 3, presetValue: undefined, differs: false, group: null }]);
});

test('settings are split into those that differ and those that do not', () => {
  const base = { recipe: 'a', preset: 'p', data: 'd', steps: 5 };
  const runs = [
    { ...base, seed: 1, parameters: { rate: 0.1, size: 4 } },
    { ...base, seed: 2, parameters: { rate: 0.1 } },
  ] as unknown as RunSummary[];
  const { differing, same } = compareSettings(runs);
  expect(differing).toEqual([
    { name: 'seed', values: [1, 2] },
    { name: 'size', values: [4, undefined] },
  ]);
  expect(same.map((row) => row.name)).toEqual(['recipe', 'preset', 'data', 'steps', 'rate']);
});
