// Training steps as functions of TensorFlow. Between `begin` and `end` the operations of a step are not executed but
// written down; when a number is asked for, or at the end, all of them happen in one call of a function that TensorFlow
// made of them. JavaScript runs such a step, so it may do something else than the one before: then another function is
// made. Recipes and kernels know nothing of it, for it stands where they expect the addon. What a step came to is told, so that
// it can be taken again without JavaScript (replayed-steps.ts).

import { sourceOf, startOfPaths, type Source } from './step-path.ts';
import { createStepRecord, type Input, type StepRecord, type Variable } from './step-record.ts';
import { createStepTrace, type CapturedStep, type StepTrace } from './step-trace.ts';
import { buildsFunctions, type Addon, type Attribute, type Facts, type Made } from './tensorflow-addon.ts';

/** The addon, with tensors that lie in variables and with steps that are written down. */
export interface CapturingAddon extends Addon {
  /** False where the addon was built without our part, or it is switched off: `begin` and `end` then do nothing. */
  readonly capturesSteps: boolean;
  /** Functions made so far: one for each different step. */
  functionsMade(): number;
  begin(): void;
  end(): void;
  feed(values: Float32Array, again: () => Float32Array): void;
  /** What the last step came to; what it leaves behind is for the caller to look for. */
  captured(): CapturedStep | null;
  /** Calls the function of a step with tensors of the addon's own; gives such. */
  call(name: string, given: readonly number[], outputs: number): Made[];
  placeOf(id: number): Place;
  /** The tensor's numbers are those of `made` from now on, a tensor of the addon's own; what it had is deleted. */
  move(id: number, made: number): void;
  /**
   * An operation that changes `tensors` where they lie and gives the changed ones; its inputs are their variables, then
   * `inputs`. It uses the tensors up, but for those that `isKept` says others hold.
   */
  update(
    name: string,
    attributes: readonly Attribute[],
    tensors: readonly { readonly id: number; readonly isKept: boolean }[],
    inputs: readonly number[],
  ): Made[];
}

/** Where a tensor's numbers lie: in a tensor of the addon's own, in a variable, or nowhere that lasts. */
export type Place =
  | { readonly kind: 'tensor'; readonly id: number }
  | { readonly kind: 'variable'; readonly handle: number }
  | { readonly kind: 'elsewhere' };

/** Numbers of tensors from here on are ours, those below are the addon's. */
const FIRST_VIRTUAL = 2 ** 30;
/** Longer arrays of integers are data. */
const LONGEST_CONSTANT = 64;
/** Functions that may be made before they must have been used: steps of which no two are the same are executed as they come. */
const FREE_FUNCTIONS = 64;

const ELSEWHERE: Place = { kind: 'elsewhere' };

/** Where a step failed: the addon says that there is no such tensor. */
const NOTHING = -1;

type Home =
  | { readonly kind: 'written'; readonly source: Source }
  | { readonly kind: 'made'; readonly id: number }
  | { readonly kind: 'constant'; readonly values: Int32Array }
  | { readonly kind: 'variable'; readonly variable: Variable };

interface Virtual {
  readonly facts: Facts;
  home: Home;
}

export function captureSteps(addon: Addon): CapturingAddon {
  // Single operations tell whether an oddity is the function's.
  const builder = process.env['SADDLE_SINGLE_OPERATIONS'] !== '1' && buildsFunctions(addon) ? addon : null;
  const start = startOfPaths();
  const virtuals = new Map<number, Virtual>();
  /** Of the addon's own tensors. */
  const facts = new Map<number, Facts>();
  let nextVirtual = FIRST_VIRTUAL;
  let functions = 0;
  let calls = 0;
  let variables = 0;
  let isCapturing = false;
  let record: StepRecord | null = null;
  /** Virtual tensors whose numbers only the step that is written down will give. */
  const written = new Map<number, Virtual>();
  /** Happens when the step has happened. */
  let afterwards: (() => void)[] = [];
  let trace: StepTrace | null = null;
  let last: CapturedStep | null = null;

  const addVirtual = (of: Facts, home: Home): Made => {
    const id = nextVirtual++;
    const virtual = { facts: of, home };
    virtuals.set(id, virtual);
    if (home.kind === 'written') written.set(id, virtual);
    return { id, shape: of.shape, dtype: of.dtype };
  };
  const execute = (
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): Made[] => {
    trace?.doMore();
    return perform(name, attributes, inputs, outputs);
  };
  const perform = (
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): Made[] => {
    const made = addon.executeOp(name, attributes, inputs, outputs);
    for (const { id, shape, dtype } of made) facts.set(id, { shape, dtype });
    return made;
  };
  const typeOf = (dtype: number, name = 'dtype'): Attribute => ({ name, type: addon.TF_ATTR_TYPE, value: dtype });

  /** The addon's number of a tensor of the value as it is now. */
  const read = ({ handle, value: { dtype } }: Variable): number =>
    execute('ReadVariableOp', [typeOf(dtype)], [handle], 1)[0]!.id;

  /** Everything that was written down happens. */
  function flush(): void {
    if (!record || record.isEmpty) return;
    const step = record;
    const wanted = [...written.values()];
    const outputs = [...written.keys()];
    const sources = wanted.map(({ home }) => (home as { source: Source }).source);
    startRecord();
    written.clear();
    const later = afterwards;
    afterwards = [];
    calls += 1;
    let made: Made[] = [];
    try {
      const name = step.compile(sources, () => `saddle_step_${functions++}`);
      trace?.call({ name, given: [...step.given], outputs });
      made = perform(name, [], step.given, wanted.length);
    } finally {
      wanted.forEach((virtual, at) => (virtual.home = { kind: 'made', id: made[at]?.id ?? NOTHING }));
      for (const happen of later) happen();
    }
  }

  function startRecord(): void {
    const mayCapture = isCapturing && functions < FREE_FUNCTIONS + calls / 2;
    record = mayCapture && builder ? createStepRecord(builder, start) : null;
  }

  function deleteReal(id: number): void {
    if (record?.isGiven(id)) {
      afterwards.push(() => deleteReal(id));
      return;
    }
    facts.delete(id);
    addon.deleteTensor(id);
  }

  function deleteVariable({ handle }: Variable): void {
    if (record?.isGiven(handle)) flush();
    execute('DestroyResourceOp', [], [handle], 0);
    deleteReal(handle);
  }

  function inputFor(id: number): Input {
    const virtual = virtuals.get(id);
    if (!virtual) return { kind: 'given', id, facts: facts.get(id)! };
    const { home } = virtual;
    if (home.kind === 'made') return { kind: 'given', id: home.id, facts: virtual.facts };
    if (home.kind === 'constant') return { ...home, facts: virtual.facts };
    return home;
  }

  /** True where a tensor's numbers are those that the written-down step will give. */
  function isOutstanding(id: number): boolean {
    const home = virtuals.get(id)?.home;
    return home?.kind === 'written' || (home?.kind === 'variable' && (record?.isChanged(home.variable) ?? false));
  }

  /** Calls `use` with the addon's numbers of these tensors; what is made only for it is deleted afterwards. */
  function withReal<Result>(ids: readonly number[], use: (ids: number[]) => Result): Result {
    if (ids.some(isOutstanding)) flush();
    const passing: number[] = [];
    const real = ids.map((id) => {
      const virtual = virtuals.get(id);
      if (!virtual) return id;
      const {
        home,
        facts: { shape, dtype },
      } = virtual;
      if (home.kind === 'made') return home.id;
      if (home.kind === 'written') throw new Error(`tensor ${id} is written down in no step`);
      const made = home.kind === 'variable' ? read(home.variable) : addon.createTensor(shape, dtype, home.values);
      passing.push(made);
      return made;
    });
    try {
      return use(real);
    } finally {
      for (const id of passing) deleteReal(id);
    }
  }

  /** Takes the tensor into a variable, if it does not lie in one; the tensor itself is used up. */
  function variableOf(id: number, isKept: boolean): Variable {
    const home = virtuals.get(id)?.home;
    if (home?.kind === 'variable') {
      if (isKept) keepValue(id);
      else virtuals.delete(id);
      return home.variable;
    }
    return withReal([id], ([real]) => {
      const value = virtuals.get(id)?.facts ?? facts.get(id)!;
      const [{ id: handle }] = execute('VarHandleOp', handleAttributes(value), [], 1) as [Made];
      execute('AssignVariableOp', [typeOf(value.dtype)], [handle, real!], 0);
      if (!isKept) deleteTensor(id);
      return { handle, value };
    });
  }

  function handleAttributes({ dtype, shape }: Facts): Attribute[] {
    return [
      { name: 'container', type: addon.TF_ATTR_STRING, value: '' },
      { name: 'shared_name', type: addon.TF_ATTR_STRING, value: `saddle_${variables++}` },
      typeOf(dtype),
      { name: 'shape', type: addon.TF_ATTR_SHAPE, value: shape },
    ];
  }

  /** The variable is about to change: this tensor keeps what it is now. TensorFlow copies what someone else holds. */
  function keepValue(id: number): void {
    flush();
    const virtual = virtuals.get(id)!;
    const { variable } = virtual.home as { variable: Variable };
    virtual.home = { kind: 'made', id: read(variable) };
  }

  function deleteTensor(id: number): void {
    const virtual = virtuals.get(id);
    if (!virtual) return deleteReal(id);
    virtuals.delete(id);
    written.delete(id);
    if (virtual.home.kind === 'made') deleteReal(virtual.home.id);
    if (virtual.home.kind === 'variable') deleteVariable(virtual.home.variable);
  }

  const own: Omit<CapturingAddon, keyof Addon> &
    Pick<Addon, 'createTensor' | 'deleteTensor' | 'tensorDataSync' | 'executeOp'> = {
    capturesSteps: builder !== null,
    functionsMade: () => functions,
    begin() {
      isCapturing = true;
      trace = createStepTrace();
      startRecord();
    },
    end() {
      isCapturing = false;
      try {
        flush();
        last = trace?.step() ?? null;
      } finally {
        record = null;
        trace = null;
      }
    },
    feed: (values, again) => trace?.feed({ values, again }),
    captured: () => last,
    call(name, given, outputs) {
      calls += 1;
      return perform(name, [], given, outputs);
    },
    placeOf(id) {
      const virtual = virtuals.get(id);
      if (!virtual) return facts.has(id) ? { kind: 'tensor', id } : ELSEWHERE;
      const { home } = virtual;
      if (home.kind === 'made') return { kind: 'tensor', id: home.id };
      return home.kind === 'variable' ? { kind: 'variable', handle: home.variable.handle } : ELSEWHERE;
    },
    move(id, made) {
      const virtual = virtuals.get(id)!;
      if (virtual.home.kind === 'made') deleteReal(virtual.home.id);
      virtual.home = { kind: 'made', id: made };
    },
    createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number {
      // Shapes and axes: TensorFlow must know them to tell what an operation gives.
      if (dtype === addon.TF_INT32 && values.length <= LONGEST_CONSTANT && builder) {
        return addVirtual({ shape, dtype }, { kind: 'constant', values: Int32Array.from(values) }).id;
      }
      const id = addon.createTensor(shape, dtype, values);
      facts.set(id, { shape, dtype });
      trace?.upload(id, { shape, dtype, values });
      return id;
    },
    deleteTensor,
    tensorDataSync: (id: number) =>
      withReal([id], ([real]) => {
        trace?.read(id);
        return addon.tensorDataSync(real!);
      }),
    executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Made[] {
      const operation = record?.write(name, attributes, inputs.map(inputFor));
      if (!operation) return withReal(inputs, (real) => execute(name, attributes, real, outputs));
      const { index, outputs: made } = operation;
      return made.slice(0, outputs).map((of, at) => addVirtual(of, { kind: 'written', source: sourceOf(index, at) }));
    },
    update(
      name: string,
      attributes: readonly Attribute[],
      tensors: readonly { readonly id: number; readonly isKept: boolean }[],
      inputs: readonly number[],
    ): Made[] {
      const changed = tensors.map(({ id, isKept }) => variableOf(id, isKept));
      if (!record?.update(name, attributes, changed, inputs.map(inputFor))) {
        const handles = changed.map(({ handle }) => handle);
        // What was written down reads the values as they are now.
        flush();
        withReal(inputs, (real) => execute(name, attributes, [...handles, ...real], 0));
      }
      return changed.map((variable) => addVirtual(variable.value, { kind: 'variable', variable }));
    },
  };
  // The addon has constants too, and nothing of it can be assigned to.
  return Object.create(addon, Object.getOwnPropertyDescriptors(own)) as CapturingAddon;
}
