// From what a user asked for to a specification: the recipe's defaults filled in, everything checked, nothing started.
// The window's form and the command line both come through here.

import {
  UserError,
  type CheckedArgs,
  type DataSetFacts,
  type DataViewInfo,
  type NewRun,
} from '../../shared/contract.ts';
import { ParameterError, resolveParameters, type ParameterValues } from '../../shared/parameters.ts';
import type { NetworkSummary, RunSpec } from '../../shared/run.ts';
import type { DataHome } from '../datasets/dataset.ts';
import { findDataSet } from '../datasets/list.ts';
import type { NewRunRecord } from '../store/store.ts';
import { findRecipe } from '../training/recipes/list.ts';
import type { Recipe } from '../training/recipes/recipe.ts';
import { shapeFor, viewOf } from '../training/recipes/shape.ts';

export interface PreparedRun {
  readonly spec: RunSpec;
  readonly name: string;
  readonly data: DataSetFacts;
}

/**
 * Throws UserError naming the field: unknown recipe, preset, parameter or data set, a value out of range, data the recipe
 * does not take, data that is not here yet.
 */
export function prepareRun(newRun: NewRun, dataHome: DataHome): PreparedRun {
  const recipe = findRecipe(newRun.recipe);
  const parameters = parametersOf(recipe, newRun.preset, newRun.parameters);
  const data = findDataSet(newRun.data, dataHome);
  shapeFor(recipe, parameters, data);
  if (!data.isReady(dataHome)) {
    throw new UserError(
      `data: ${data.title} is not here yet; fetch it on the Data page or with: saddle data get ${data.id}`,
    );
  }
  const { preset, seed, steps, backend } = newRun;
  return {
    spec: { recipe: recipe.id, preset, parameters, data: data.id, seed, steps, backend },
    name: newRun.name || `${recipe.id} on ${data.id}, seed ${seed}`,
    data,
  };
}

/** What the library writes into the new run's file. */
export function recordOf({ spec, name, data }: PreparedRun): Omit<NewRunRecord, 'id' | 'createdMs'> {
  const recipe = findRecipe(spec.recipe);
  const shape = shapeFor(recipe, spec.parameters, data);
  return {
    name,
    spec,
    referenceLines: recipe.referenceLines(spec.parameters),
    networks: recipe.describe(spec.parameters, shape),
  };
}

/** The networks that these settings would train. Throws UserError as `prepareRun`, but the data need not be here. */
export function describeNetworks(args: CheckedArgs<'describeNetworks'>, dataHome: DataHome): readonly NetworkSummary[] {
  const recipe = findRecipe(args.recipe);
  const parameters = parametersOf(recipe, args.preset, args.parameters);
  return recipe.describe(parameters, shapeFor(recipe, parameters, findDataSet(args.data, dataHome)));
}

/** What these settings make of the data set's images. Throws UserError as `prepareRun`, but the data need not be here. */
export function describeView(args: CheckedArgs<'describeView'>, dataHome: DataHome): DataViewInfo {
  const recipe = findRecipe(args.recipe);
  const parameters = parametersOf(recipe, args.preset, args.parameters);
  const data = findDataSet(args.data, dataHome);
  const { height, width, channels } = shapeFor(recipe, parameters, data);
  const view = viewOf(recipe, parameters, data);
  const changes = height !== data.height || width !== data.width || channels !== data.channels;
  return { height, width, channels, range: recipe.imageRange(parameters), view, changes };
}

function parametersOf(recipe: Recipe, preset: string, changes: ParameterValues): ParameterValues {
  try {
    return resolveParameters(recipe.parameters, recipe.presets, preset, changes);
  } catch (problem) {
    if (problem instanceof ParameterError) throw new UserError(problem.message, { cause: problem });
    throw problem;
  }
}
