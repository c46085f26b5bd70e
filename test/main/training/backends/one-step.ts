// One step of a recipe at tiny sizes, as numbers: what it reports, and the first moment of every weight, which is a part
// of its gradient. The weights themselves say less: Adam makes a whole step of the rounding of a gradient that is zero.

import type { TensorFlow } from '../../../../src/main/training/backends/backend.ts';
import { recipes } from '../../../../src/main/training/recipes/list.ts';
import type { BackendId } from '../../../../src/shared/run.ts';
import { buildTiny, type Tiny } from '../recipes/tiny.ts';

/** One preset of each kind of network; SADDLE_TORTURE for every preset there is. */
export const PRESETS = ['toy wgan-gp', 'dcgan28 small', 'began small'];
/** It starts from images that differ from their copies by rounding: the signs that its loss takes of that are chance on every backend. */
const CHANCE = 'began post';

/** The first step of presets on a backend, which is open, against plain JavaScript, which is too. */
export async function compareFirstSteps(tf: TensorFlow, backend: BackendId): Promise<Record<string, StepDistances>> {
  const found: Record<string, StepDistances> = {};
  for (const recipe of recipes) {
    for (const { id } of recipe.presets) {
      const name = `${recipe.id} ${id}`;
      if (name === CHANCE || !(process.env['SADDLE_TORTURE'] || PRESETS.includes(name))) continue;
      await tf.setBackend('cpu');
      const reference = await takeOneStep(tf, recipe.id, id);
      await tf.setBackend(backend);
      found[name] = compareSteps(await takeOneStep(tf, recipe.id, id), reference);
    }
  }
  return found;
}

interface StepNumbers {
  readonly scalars: Readonly<Record<string, number>>;
  readonly moments: Readonly<Record<string, readonly number[]>>;
  /** One image of evaluation, after the step. */
  readonly sample: readonly number[];
}

async function takeOneStep(tf: TensorFlow, recipe: string, preset: string): Promise<StepNumbers> {
  const tiny = buildTiny(tf, recipe, preset);
  try {
    return await numbersOf(tf, tiny);
  } finally {
    tiny.dispose();
  }
}

async function numbersOf(tf: TensorFlow, { model, batch }: Tiny): Promise<StepNumbers> {
  const { scalars: reported, histograms = {} } = model.step(batch);
  const scalars: Record<string, number> = {};
  for (const [tag, scalar] of Object.entries(reported)) scalars[tag] = (await scalar.data())[0]!;
  tf.dispose([...Object.values(reported), ...Object.values(histograms)]);
  const moments: Record<string, number[]> = {};
  for (const { name, variable } of model.slots) {
    if (/\/(m|velocity)$/.test(name)) moments[name] = Array.from(await variable.data());
  }
  const latents = model.latents(1);
  const z = tf.tensor2d(latents, [1, latents.length]);
  const image = model.sample(z);
  const sample = Array.from(await image.data());
  tf.dispose([z, image]);
  return { scalars, moments, sample };
}

export interface StepDistances {
  readonly scalars: number;
  readonly moments: number;
  readonly sample: number;
}

/** Greatest differences: of scalars relative to their value or 1; of moments to the greatest of the tensor, or of a hundredth of all. */
function compareSteps(found: StepNumbers, reference: StepNumbers): StepDistances {
  const names = Object.keys(reference.moments);
  const all = Math.max(...names.map((name) => largest(reference.moments[name]!)));
  const apart = (a: readonly number[], b: readonly number[], scale: number): number =>
    a.length === b.length ? largest(b.map((value, at) => value - a[at]!)) / scale : Infinity;
  const tags = Object.keys(reference.scalars);
  return {
    scalars: Math.max(
      ...tags.map((tag) => {
        const value = reference.scalars[tag]!;
        return apart([found.scalars[tag]!], [value], Math.max(1, Math.abs(value)));
      }),
    ),
    moments: Math.max(
      ...names.map((name) => {
        const values = reference.moments[name]!;
        return apart(found.moments[name]!, values, Math.max(largest(values), all / 100));
      }),
    ),
    sample: apart(found.sample, reference.sample, 1),
  };
}

/** NaN when one value is. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Math.abs(value) <= most ? most : Math.abs(value)), 0);
}
