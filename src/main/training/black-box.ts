// What is left behind when a number is no longer finite: which one it was first, what the network was shown last, and
// how to go on.

import type { ParameterValues } from '../../shared/parameters.ts';
import type { RunId, RunSpec, Step } from '../../shared/run.ts';
import type { Batch } from './batches.ts';
import { extent, findNonFinite, type NonFinite } from './finite.ts';
import type { Prepared } from './prepare.ts';

/**
 * The first tensor that is not finite, in the order in which a step computes them: losses, then gradients, then
 * weights. `bad` are the scalars of the step that are not finite, in their order. Null when all is finite.
 */
export async function findFirst({ tf, model }: Prepared, bad: readonly NonFinite[]): Promise<NonFinite | null> {
  // `loss/d` is the sum of `loss/d_real` and `loss/d_fake`, and is reported before them.
  const scalar = bad.find(({ name }) => !bad.some((other) => other.name.startsWith(`${name}_`)));
  if (scalar && !scalar.name.startsWith('grad/')) return scalar;
  const slot = await findNonFinite(tf, model.slots);
  const gradient = slot && /^optimizer\/(.+)\/(m|velocity)$/.exec(slot.name);
  if (gradient) return { name: `gradient of ${gradient[1]}`, value: slot.value };
  return slot ?? scalar ?? (await findNonFinite(tf, model.variables));
}

export interface Accident {
  readonly runId: RunId;
  readonly spec: RunSpec;
  readonly step: Step;
  readonly first: NonFinite;
  readonly batch: Batch | null;
  /** The newest checkpoint; it is from before. */
  readonly kept: { readonly step: Step; readonly file: string } | null;
}

/** One sentence each: what, on which images, what is left, what to do; and the settings that this means. */
export function describeAccident({ runId, spec, step, first, batch, kept }: Accident): {
  readonly message: string;
  readonly settings: ParameterValues;
} {
  const sentences = [`${first.name} became ${first.value} at step ${step}, the first tensor that is not finite.`];
  if (batch) {
    const { min, max } = extent(batch.images);
    sentences.push(`The last batch was in the range ${min} to ${max}.`);
  }
  const halved = halvedRates(spec);
  const settings = Object.entries(halved).map(([name, rate]) => `${name}=${rate}`);
  if (!kept) {
    sentences.push(
      `There was no checkpoint yet. Start a new run with half the learning rate (${settings.join(', ')}).`,
    );
  } else {
    const options = settings.map((setting) => ` --set ${setting}`).join('');
    sentences.push(
      `The last weights before it are in ${kept.file}. To go on from there with half the learning rate: ` +
        `saddle fork ${runId} --step ${kept.step}${options}`,
    );
  }
  return { message: sentences.join(' '), settings: halved };
}

/** Half of every learning rate among the settings. */
function halvedRates({ parameters }: RunSpec): ParameterValues {
  const rates = Object.entries(parameters).filter(([name]) => /learningRate$/i.test(name));
  return Object.fromEntries(rates.map(([name, rate]) => [name, Number(rate) / 2]));
}
