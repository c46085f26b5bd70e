// The recipes in menu order. Adding a GAN is adding its file and its line here.

import { UserError } from '../../../shared/contract.ts';
import { basicgan } from './basicgan.ts';
import { began } from './began.ts';
import { dcgan28 } from './dcgan28.ts';
import { dcgan64 } from './dcgan64.ts';
import { faces } from './faces.ts';
import { ganMlp } from './gan-mlp.ts';
import type { Recipe } from './recipe.ts';
import { toy } from './toy.ts';

export const recipes: readonly Recipe[] = [toy, ganMlp, basicgan, dcgan28, dcgan64, faces, began];

/** Throws UserError for an unknown id, naming the known ones. */
export function findRecipe(id: string): Recipe {
  const found = recipes.find((recipe) => recipe.id === id);
  if (found) return found;
  throw new UserError(`recipe: expected one of ${recipes.map((recipe) => recipe.id).join(', ')}, found "${id}"`);
}
