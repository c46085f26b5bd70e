// Steps taken again without JavaScript. A step that has twice come to the same call of the same function, with the same
// numbers but for those that it was fed, is from then on that call: with the variables as they are and fresh feeds. Every so
// often JavaScript takes one all the same and what it comes to is compared.

import type * as TF from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import type { CapturingAddon, Place } from './captured-steps.ts';
import type { CapturedStep, Upload } from './step-trace.ts';
import { asWholeStep, stepsOf } from './whole-step.ts';

export interface ReplayedSteps {
  /**
   * One step. `work` takes it and reads once, from a tensor of floats; steps of one `form` are the same but for variables and
   * feeds (Model.form). Gives what `work` gave, or in place of calling it the numbers that it would have read.
   */
  take<Result>(form: string | null, work: () => Promise<Result>): Promise<Taken<Result>>;
}

export type Taken<Result> = { readonly result: Result } | { readonly numbers: Float32Array };

/** What such a backend is for this file. */
interface Native {
  readonly tensorMap: { get(dataId: object): { readonly id: number; readonly refCount: number } };
}

/** Replays between two steps that JavaScript takes to compare: 0.2 % of them. */
const AUDIT_EVERY = 500;

/** What is given to the function. */
type Given =
  | { readonly kind: 'fixed'; readonly id: number }
  | { readonly kind: 'feed'; readonly at: number; readonly shape: number[]; readonly dtype: number }
  | { readonly kind: 'upload'; readonly upload: Upload }
  /** The value of a variable that every step puts another tensor into. */
  | { readonly kind: 'variable'; readonly at: number };

/** What a step does with a variable of the model. */
type Fate =
  /** An update changes it where it lies. */
  | { readonly kind: 'updated'; readonly handle: number }
  | { readonly kind: 'replaced'; readonly output: number }
  | { readonly kind: 'left'; readonly id: number };

interface Form {
  readonly name: string;
  readonly given: readonly Given[];
  readonly fates: readonly Fate[];
  /** All of them are asked, in their order: some change what JavaScript counts and give nothing to the function. */
  readonly feeds: readonly (() => Float32Array)[];
  readonly outputs: number;
  readonly read: number;
}

interface Known {
  readonly form: Form;
  /** It has been seen twice. */
  readonly isSure: boolean;
  /** The addon's numbers of what the function is given every time. */
  readonly constants: Map<Upload, number>;
  replays: number;
}

/** `variables` are all that the steps change. Where the backend captures no steps, every step is `work`. */
export function createReplayedSteps(tf: TensorFlow, variables: readonly TF.Variable[]): ReplayedSteps {
  const addon = stepsOf(tf) as CapturingAddon | undefined;
  const native = tf.backend() as unknown as Native;
  const known = new Map<string, Known>();
  const dataOf = (variable: TF.Variable) => native.tensorMap.get(variable.dataId);

  async function record<Result>(form: string | null, work: () => Promise<Result>): Promise<Taken<Result>> {
    const before = addon && form !== null ? variables.map((variable) => addon.placeOf(dataOf(variable).id)) : [];
    const result = await asWholeStep(tf, work);
    if (!addon || form === null) return { result };
    const step = addon.captured();
    const after = variables.map((variable) => dataOf(variable).id);
    learn(addon, form, step && formOf(addon, step, before, after));
    return { result };
  }

  function learn(addon: CapturingAddon, name: string, found: Form | null): void {
    const old = known.get(name);
    const isSame = old !== undefined && found !== null && isSameForm(old.form, found);
    if (old?.isSure && found && !isSame && isSameForm(old.form, found, true)) {
      throw new Error(
        'a step has other numbers than the steps before it that no feed told of: a model with a form must feed them (feeds.ts)',
      );
    }
    if (old && isSame) {
      known.set(name, { ...old, isSure: true, replays: 0 });
      return;
    }
    for (const id of old?.constants.values() ?? []) addon.deleteTensor(id);
    known.delete(name);
    if (found) known.set(name, { form: found, isSure: false, constants: new Map(), replays: 0 });
  }

  /** Whether all variables are as the steps before have left them: none put in from elsewhere, none held by others too. */
  function fits(addon: CapturingAddon, { fates }: Form): boolean {
    return fates.every((fate, at) => {
      const { id, refCount } = dataOf(variables[at]!);
      const place = addon.placeOf(id);
      if (fate.kind === 'updated') {
        return place.kind === 'variable' && place.handle === fate.handle && refCount === 1;
      }
      if (place.kind !== 'tensor') return false;
      return fate.kind === 'left' ? place.id === fate.id : id !== place.id && refCount === 1;
    });
  }

  function replay(addon: CapturingAddon, { form, constants }: Known): Float32Array {
    const fed = form.feeds.map((again) => again());
    const passing: number[] = [];
    const given = form.given.map((one) => {
      if (one.kind === 'fixed') return one.id;
      if (one.kind === 'variable') return (addon.placeOf(dataOf(variables[one.at]!).id) as { id: number }).id;
      const { shape, dtype } = one.kind === 'feed' ? one : one.upload;
      if (one.kind === 'feed') {
        const id = addon.createTensor(shape, dtype, fed[one.at]!);
        passing.push(id);
        return id;
      }
      const id = constants.get(one.upload) ?? addon.createTensor(shape, dtype, one.upload.values);
      constants.set(one.upload, id);
      return id;
    });
    try {
      const made = addon.call(form.name, given, form.outputs).map(({ id }) => id);
      const kept = new Set<number>();
      form.fates.forEach((fate, at) => {
        if (fate.kind !== 'replaced') return;
        addon.move(dataOf(variables[at]!).id, made[fate.output]!);
        kept.add(made[fate.output]!);
      });
      passing.push(...made.filter((id) => !kept.has(id)));
      return addon.tensorDataSync(made[form.read]!) as Float32Array;
    } finally {
      for (const id of passing) addon.deleteTensor(id);
    }
  }

  return {
    async take(form, work) {
      const found = form === null ? undefined : known.get(form);
      if (!addon || !found?.isSure || found.replays >= AUDIT_EVERY || !fits(addon, found.form)) {
        return record(form, work);
      }
      found.replays += 1;
      return { numbers: replay(addon, found) };
    },
  };
}

/** Null for a step that a call of its function would not be: one that leaves other tensors behind than those of variables. */
function formOf(
  addon: CapturingAddon,
  { name, given, uploads, feeds, outputs, read }: CapturedStep,
  before: readonly Place[],
  after: readonly number[],
): Form | null {
  const fates = after.map((id, at) => fateOf(addon, outputs, before[at]!, id));
  if (fates.some((fate) => fate === null)) return null;
  const isLeftBehind = (id: number) => addon.placeOf(id).kind !== 'elsewhere' && !after.includes(id);
  if (outputs.some(isLeftBehind)) return null;
  const sources = given.map((id): Given => {
    const upload = uploads.get(id);
    if (upload) {
      const { shape, dtype, values } = upload;
      const at = feeds.findIndex((feed) => feed.values === values);
      return at < 0 ? { kind: 'upload', upload } : { kind: 'feed', at, shape, dtype };
    }
    const at = before.findIndex((place) => place.kind === 'tensor' && place.id === id);
    return fates[at]?.kind === 'replaced' ? { kind: 'variable', at } : { kind: 'fixed', id };
  });
  const again = feeds.map((feed) => feed.again);
  return { name, given: sources, fates: fates as Fate[], feeds: again, outputs: outputs.length, read };
}

function fateOf(addon: CapturingAddon, outputs: readonly number[], before: Place, after: number): Fate | null {
  const place = addon.placeOf(after);
  if (place.kind === 'variable') {
    return before.kind === 'variable' && before.handle === place.handle
      ? { kind: 'updated', handle: place.handle }
      : null;
  }
  const output = outputs.indexOf(after);
  if (output >= 0) return { kind: 'replaced', output };
  const isLeft = place.kind === 'tensor' && before.kind === 'tensor' && place.id === before.id;
  return isLeft ? { kind: 'left', id: place.id } : null;
}

/** `butNumbers`: whatever numbers JavaScript has made. */
function isSameForm(one: Form, other: Form, butNumbers = false): boolean {
  return (
    one.name === other.name &&
    one.read === other.read &&
    one.feeds.length === other.feeds.length &&
    one.fates.every((fate, at) => JSON.stringify(fate) === JSON.stringify(other.fates[at])) &&
    one.given.every((given, at) => isSameGiven(given, other.given[at]!, butNumbers))
  );
}

function isSameGiven(one: Given, other: Given, butNumbers: boolean): boolean {
  if (one.kind !== 'upload' || other.kind !== 'upload') return JSON.stringify(one) === JSON.stringify(other);
  const [{ values }, { values: others }] = [one.upload, other.upload];
  if (butNumbers) return true;
  return values.length === others.length && values.every((value, at) => Object.is(value, others[at]));
}
