import { beforeAll, expect, it } from 'vitest';
import { findDataSet } from '../../../src/main/datasets/list.ts';
import { openBackend } from '../../../src/main/training/backends/list.ts';
import { prepare } from '../../../src/main/training/prepare.ts';
import { rehearse } from '../../../src/main/training/rehearsal.ts';
import { findRecipe } from '../../../src/main/training/recipes/list.ts';
import type { TensorFlow } from '../../../src/main/training/recipes/recipe.ts';
import { tinyParameters } from './recipes/tiny.ts';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await openBackend('cpu'));
});

it('takes as many steps as there is time for, and one at least', async () => {
  const parameters = tinyParameters(findRecipe('toy'), 'small');
  const facts = findDataSet('ring');
  const spec = { recipe: 'toy', preset: 'small', parameters, data: 'ring', seed: 1, steps: 9, backend: 'cpu' } as const;
  const prepared = prepare(tf, spec, await facts.open(''), facts);
  const updates = () => prepared.model.counters()['updates/generator'];
  expect(await rehearse(prepared, 50, 0)).toBe(1);
  expect(updates()).toBe(1);
  expect(await rehearse(prepared, 3, 600_000)).toBe(3);
  expect(updates()).toBe(4);
  prepared.model.dispose();
});
