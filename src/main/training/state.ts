// Everything that training goes on from, taken out of a prepared run and put back: weights, moments, update counts,
// the generator's state, the walk through the data, the fixed latents. What is missing here breaks an exact resume.

import { UserError } from '../../shared/contract.ts';
import type { Step } from '../../shared/run.ts';
import type { CheckpointContent, StoredTensor } from './checkpoint.ts';
import type { Prepared } from './prepare.ts';
import type { RandomState } from './random.ts';
import type { NamedVariable } from './recipes/recipe.ts';

/** Of what this file writes; a greater one is refused. */
const LAYOUT = 1;
const ORDER = 'data/order';
const SECOND_ORDER = 'data/second_order';
const FIXED_LATENTS = 'samples/fixed_latents';

interface Numbers {
  readonly random: RandomState;
  /** Images taken of this epoch. */
  readonly taken: number;
  readonly secondTaken?: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** Copies the tensors off the device; training may go on as soon as this is done. `versions` go into the header. */
export async function captureState(
  prepared: Prepared,
  step: Step,
  versions: Readonly<Record<string, string>>,
): Promise<CheckpointContent> {
  const { spec, model, random, batches, fixedLatents } = prepared;
  const { order, at: taken, second } = batches.position();
  const counters = model.counters();
  const numbers: Numbers = { random: random.state(), taken, counters, ...(second && { secondTaken: second.at }) };
  return {
    weights: await readTensors(model.variables),
    others: [
      ...(await readTensors(model.slots)),
      { name: ORDER, shape: [order.length], values: order },
      ...(second ? [{ name: SECOND_ORDER, shape: [second.order.length], values: second.order }] : []),
      { name: FIXED_LATENTS, shape: [fixedLatents.length], values: fixedLatents },
    ],
    metadata: {
      format: 'saddle',
      layout: String(LAYOUT),
      recipe: spec.recipe,
      preset: spec.preset,
      data: spec.data,
      parameters: JSON.stringify(spec.parameters),
      seed: String(spec.seed),
      step: String(step),
      versions: JSON.stringify(versions),
      state: JSON.stringify(numbers),
    },
  };
}

async function readTensors(variables: readonly NamedVariable[]): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  for (const { name, variable } of variables) {
    tensors.push({ name, shape: variable.shape, values: (await variable.data()) as Float32Array });
  }
  return tensors;
}

/**
 * Puts a captured state into a run prepared from the same settings, or for a fork from others that keep the layers.
 * A fork with another seed keeps its own generator. Throws UserError when the tensors are not the model's.
 */
export function restoreState(prepared: Prepared, { weights, others, metadata }: CheckpointContent): void {
  if (Number(metadata['layout']) !== LAYOUT) {
    throw new UserError(
      `the checkpoint has the layout ${metadata['layout'] ?? 'of an older Saddle'}, expected ${LAYOUT}: it holds what another version of Saddle goes on from`,
    );
  }
  const { model, spec, random, batches, fixedLatents } = prepared;
  const stored = new Map([...weights, ...others].map((tensor) => [tensor.name, tensor]));
  for (const named of [...model.variables, ...model.slots]) fill(prepared.tf, named, stored.get(named.name));
  const numbers = JSON.parse(metadata['state'] ?? '{}') as Numbers;
  model.restoreCounters(numbers.counters);
  if (metadata['seed'] === String(spec.seed)) random.restore(numbers.random);
  const second = stored.get(SECOND_ORDER)?.values as Uint32Array | undefined;
  batches.restore({
    order: stored.get(ORDER)?.values as Uint32Array,
    at: numbers.taken,
    ...(second && { second: { order: second, at: numbers.secondTaken ?? 0 } }),
  });
  // A fork with another seed shows the same latents as its parent, so that its grids can be compared.
  fixedLatents.set(stored.get(FIXED_LATENTS)!.values);
}

function fill(tf: Prepared['tf'], { name, variable }: NamedVariable, tensor: StoredTensor | undefined): void {
  const expected = `[${variable.shape.join(', ')}]`;
  const found = tensor ? `[${tensor.shape.join(', ')}]` : 'nothing of that name';
  if (!tensor || expected !== found) {
    throw new UserError(
      `${name}: expected ${expected}, the checkpoint has ${found}. A fork keeps the layers and the optimizer of its parent; start a new run instead.`,
    );
  }
  tf.tidy(() => variable.assign(tf.tensor(tensor.values as Float32Array, variable.shape, 'float32')));
}
