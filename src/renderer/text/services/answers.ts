// What the services answer with, in the language of the page. Ids and values stay: only what people read is translated.

import type { DataSetInfo, RecipeInfo } from '../../../shared/contract.ts';
import type { Parameter } from '../../../shared/parameters.ts';
import type { RuntimeStatus } from '../../../shared/training.ts';
import { translate } from './translate.ts';

export function translateRecipe(recipe: RecipeInfo): RecipeInfo {
  return {
    ...recipe,
    title: translate(recipe.title),
    about: translate(recipe.about),
    source: translate(recipe.source),
    parameters: recipe.parameters.map(translateParameter),
    presets: recipe.presets.map((preset) => ({
      ...preset,
      label: translate(preset.label),
      about: translate(preset.about),
    })),
  };
}

function translateParameter(row: Parameter): Parameter {
  const words = { label: translate(row.label), help: translate(row.help) };
  if (row.kind === 'number') return { ...row, ...words, ...(row.unit && { unit: translate(row.unit) }) };
  if (row.kind === 'switch') return { ...row, ...words };
  const choices = row.choices.map(({ value, label }) => ({ value, label: translate(label) }));
  return { ...row, ...words, choices };
}

export function translateRuntime(status: RuntimeStatus): RuntimeStatus {
  const backends = status.backends.map((backend) => ({
    ...backend,
    label: translate(backend.label),
    reason: translate(backend.reason),
  }));
  return { ...status, backends };
}

/** A folder of the user's own has the name that the user gave it. */
export function translateData(data: DataSetInfo): DataSetInfo {
  if (data.own) return data;
  return {
    ...data,
    title: translate(data.title),
    about: translate(data.about),
    licence: translate(data.licence),
    source: translate(data.source),
    ...(data.byHand && { byHand: translate(data.byHand) }),
  };
}
