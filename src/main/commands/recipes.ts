// `recipes [ID]`: every GAN that Saddle trains; one recipe's parameters, presets and networks with exact counts.

import type { Command } from 'commander';
import { resolveParameters, type Parameter } from '../../shared/parameters.ts';
import { findDataSet } from '../datasets/list.ts';
import type { Context } from './context.ts';
import type { Recipe } from '../training/recipes/recipe.ts';
import { shapeFor } from '../training/recipes/shape.ts';
import { findRecipe, recipes } from '../training/recipes/list.ts';
import { printJson, printLine, printTable } from './output.ts';
import { asUsageError, newRunFrom } from './train.ts';
import { assignment } from './usage.ts';

interface Options {
  readonly preset: string;
  readonly set: readonly [string, string][];
  readonly data?: string;
  readonly json?: boolean;
}

export function addRecipesCommand(program: Command, context: () => Context): void {
  program
    .command('recipes')
    .argument('[id]', 'one recipe in full')
    .description('the GANs that Saddle trains: parameters, presets, networks with exact parameter counts')
    .option('--preset <id>', 'whose values to show', 'app')
    .option('--set <name=value>', 'change one setting; may be given several times', assignment, [])
    .option('--data <id>', "data set whose image size the networks are for; the recipe's first when left out")
    .option('--json', 'print one document, or an array without an id')
    .action((id: string | undefined, options: Options) => {
      if (id === undefined) return listRecipes(options);
      try {
        showRecipe(findRecipe(id), options, context().dataHome);
      } catch (problem) {
        throw asUsageError(problem);
      }
    });
}

function listRecipes({ json }: Options): void {
  if (json) {
    const rows = recipes.map(({ id, title, source, about, parameters, presets, takes, data, defaultSteps }) => {
      return { id, title, source, about, parameters, presets, takes, data, defaultSteps };
    });
    return printJson(rows);
  }
  printTable(recipes, [
    { title: 'RECIPE', value: (recipe) => recipe.id },
    { title: 'TITLE', value: (recipe) => recipe.title },
    { title: 'PRESETS', value: (recipe) => recipe.presets.map((preset) => preset.id).join(' ') },
    { title: 'DATA', value: (recipe) => recipe.data.join(' ') },
    { title: 'SOURCE', value: (recipe) => recipe.source },
  ]);
}

function showRecipe(recipe: Recipe, { preset, set, data, json }: Options, dataHome: string): void {
  const dataSet = findDataSet(data ?? recipe.data[0]!, dataHome);
  const { parameters: changes } = newRunFrom(
    {
      recipe: recipe.id,
      preset,
      set,
      data: dataSet.id,
      seed: 0,
      name: '',
      backend: 'auto',
    },
    dataHome,
  );
  const values = resolveParameters(recipe.parameters, recipe.presets, preset, changes);
  const shape = shapeFor(recipe, values, dataSet);
  const networks = recipe.describe(values, shape);
  const { id, title, source, about, parameters, presets, defaultSteps } = recipe;
  if (json)
    return printJson({
      id,
      title,
      source,
      about,
      parameters,
      presets,
      takes: recipe.takes,
      data: recipe.data,
      defaultSteps,
      preset,
      values,
      networks,
    });

  printLine(`${title} (${id})`);
  printLine(source);
  printLine(about);
  printLine('');
  printTable(presets, [
    { title: 'PRESET', value: (row) => row.id },
    { title: 'WHERE IT COMES FROM', value: (row) => row.about },
  ]);
  printLine('');
  printTable(parameters, [
    { title: 'PARAMETER', value: (row) => row.name },
    { title: preset.toUpperCase(), value: (row) => String(values[row.name]), right: true },
    { title: 'RANGE', value: describeRange },
    { title: 'WHAT IT IS', value: (row) => row.help },
  ]);
  for (const network of networks) {
    printLine('');
    printLine(`${network.name}: ${network.trainable.toLocaleString('en')} trainable parameters`);
    printTable(network.layers, [
      { title: 'LAYER', value: (layer) => layer.name },
      { title: 'OUTPUT', value: (layer) => layer.output.join('x') },
      { title: 'PARAMETERS', value: (layer) => layer.parameters.toLocaleString('en'), right: true },
      { title: 'MULTIPLY-ADDS', value: (layer) => layer.multiplyAdds.toLocaleString('en'), right: true },
    ]);
  }
}

function describeRange(row: Parameter): string {
  if (row.kind === 'switch') return 'true or false';
  if (row.kind === 'choice') return row.choices.map((choice) => choice.value).join(', ');
  return `${row.min} to ${row.max}${row.unit ? ` ${row.unit}` : ''}`;
}
