// What a recipe sees of a data set: the data set's own shape, or the one that the recipe's view makes of it.

import { UserError, type DataSetFacts } from '../../../shared/contract.ts';
import type { ImageView } from '../../../shared/images.ts';
import type { ParameterValues } from '../../../shared/parameters.ts';
import type { DataShape, Recipe } from './recipe.ts';

export function viewOf(recipe: Recipe, parameters: ParameterValues, data: DataSetFacts): ImageView {
  return recipe.view?.(parameters, ownShape(data)) ?? {};
}

/** Throws UserError when the recipe does not take this kind of data. */
export function shapeFor(recipe: Recipe, parameters: ParameterValues, data: DataSetFacts): DataShape {
  if (data.kind !== recipe.takes) {
    throw new UserError(
      `data: ${recipe.id} trains on ${recipe.takes} (${recipe.data.join(', ')}), found ${data.id}, which is ${data.kind}`,
    );
  }
  const { height = data.height, width = data.width, channels = data.channels } = viewOf(recipe, parameters, data);
  return { ...ownShape(data), height, width, channels };
}

function ownShape({ height, width, channels, classes, captionSize }: DataSetFacts): DataShape {
  return { height, width, channels, classes: classes.length, captionSize };
}
