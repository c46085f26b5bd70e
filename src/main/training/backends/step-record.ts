// One step as it is being written down: the operations so far, what they are given from outside, and which variables
// they read and write. It computes nothing.

import { createStepGraph, READ, type StepGraph } from './step-graph.ts';
import { argumentSource, findNext, isRefused, sourceOf } from './step-path.ts';
import type { Described, Operation, Source } from './step-path.ts';
import type { Attribute, Facts, GraphAddon } from './tensorflow-addon.ts';

/** A variable of TensorFlow, whose value an update changes where it lies. */
export interface Variable {
  /** The addon's number of the handle. */
  readonly handle: number;
  readonly value: Facts;
}

/** An input of an operation: of another of the step, from outside, a constant, or a variable's value. */
export type Input =
  | { readonly kind: 'written'; readonly source: Source }
  | { readonly kind: 'given'; readonly id: number; readonly facts: Facts }
  | { readonly kind: 'constant'; readonly facts: Facts; readonly values: Int32Array }
  | { readonly kind: 'variable'; readonly variable: Variable };

export interface Written {
  /** In the order of the step. */
  readonly index: number;
  readonly outputs: readonly Facts[];
}

export interface StepRecord {
  readonly isEmpty: boolean;
  /** The addon's numbers of what the step is given. */
  readonly given: readonly number[];
  isGiven(id: number): boolean;
  isChanged(variable: Variable): boolean;
  /** Null when the operation cannot be part of a function: everything before it must happen first. */
  write(name: string, attributes: readonly Attribute[], inputs: readonly Input[]): Written | null;
  /** An operation that changes variables, which are its first inputs. Whatever reads them now happens before it. */
  update(
    name: string,
    attributes: readonly Attribute[],
    variables: readonly Variable[],
    inputs: readonly Input[],
  ): Written | null;
  /** Name of the function that does all of it and gives what is wanted; `nextName` is asked when it has to be made. */
  compile(wanted: readonly Source[], nextName: () => string): string;
}

/** What the step did with a variable, by numbers of operations. */
interface Uses {
  /** That reads the present value; -1 when nothing has read it. */
  read: number;
  /** That work on the present value. */
  users: number[];
  /** That made the present value; -1 for the one from before the step. */
  write: number;
}

const CONSTANT = { name: '', attributes: [], sources: [], newArguments: [] } as const;

export function createStepRecord(addon: GraphAddon, start: Operation): StepRecord {
  const path: Operation[] = [];
  const given: number[] = [];
  const argumentOf = new Map<number, number>();
  const constants = new Map<Int32Array, number>();
  const uses = new Map<Variable, Uses>();
  let last = start;
  let graph: StepGraph | null = null;

  function usesOf(variable: Variable): Uses {
    const found = uses.get(variable) ?? { read: -1, users: [], write: -1 };
    uses.set(variable, found);
    return found;
  }

  function append(described: Described, waitFor: readonly number[], told?: readonly Facts[]): Written | null {
    const next = findNext(last, described) ?? extend(described, waitFor, told);
    if (!next) return null;
    path.push(next);
    last = next;
    return { index: path.length - 1, outputs: next.outputs };
  }

  function extend(described: Described, waitFor: readonly number[], told?: readonly Facts[]): Operation | null {
    if (isRefused(last, described)) return null;
    graph ??= createStepGraph(addon, path);
    const outputs = graph.add(described, waitFor, told);
    if (!outputs) {
      last.refused.push(described);
      graph.delete();
      graph = null;
      return null;
    }
    const operation = { ...described, waitFor, outputs, next: [], functions: new Map(), refused: [] };
    last.next.push(operation);
    return operation;
  }

  /** Constants and values of variables are operations of their own, before the one that wants them. */
  function prepare(input: Input): void {
    if (input.kind === 'constant' && !constants.has(input.values)) {
      const { values, facts } = input;
      const written = append({ ...CONSTANT, constant: { shape: facts.shape, values } }, [], [facts]);
      constants.set(values, written!.index);
    } else if (input.kind === 'variable') {
      const found = usesOf(input.variable);
      if (found.read < 0) found.read = read(input.variable, found.write);
    }
  }

  /** Its facts tell the shape of the value, so that steps that differ only there differ. */
  const handleOf = ({ handle, value }: Variable): Input => ({
    kind: 'given',
    id: handle,
    facts: { shape: value.shape, dtype: addon.TF_RESOURCE },
  });

  function read(variable: Variable, lastWrite: number): number {
    const { value } = variable;
    const attributes = [{ name: 'dtype', type: addon.TF_ATTR_TYPE, value: value.dtype }];
    return describe(READ, attributes, [handleOf(variable)], lastWrite < 0 ? [] : [lastWrite], [value])!.index;
  }

  /** `newArguments` takes up what the step has not been given before. */
  function sourceFor(input: Input, newArguments: Facts[]): Source {
    switch (input.kind) {
      case 'written':
        return input.source;
      case 'constant':
        return sourceOf(constants.get(input.values)!, 0);
      case 'variable':
        return sourceOf(usesOf(input.variable).read, 0);
      case 'given': {
        const known = argumentOf.get(input.id);
        if (known !== undefined) return argumentSource(known);
        argumentOf.set(input.id, given.length);
        newArguments.push(input.facts);
        return argumentSource(given.push(input.id) - 1);
      }
    }
  }

  function describe(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Input[],
    waitFor: readonly number[],
    told?: readonly Facts[],
  ): Written | null {
    const newArguments: Facts[] = [];
    const sources = inputs.map((input) => sourceFor(input, newArguments));
    const written = append({ name, attributes, sources, newArguments, constant: null }, waitFor, told);
    // What it alone was given, the step is not given.
    if (!written) for (const id of given.splice(given.length - newArguments.length)) argumentOf.delete(id);
    return written;
  }

  return {
    get isEmpty() {
      return path.length === 0;
    },
    given,
    isGiven: (id) => argumentOf.has(id),
    isChanged: (variable) => (uses.get(variable)?.write ?? -1) >= 0,
    write(name, attributes, inputs) {
      inputs.forEach(prepare);
      const written = describe(name, attributes, inputs, []);
      if (written) {
        for (const input of inputs) if (input.kind === 'variable') usesOf(input.variable).users.push(written.index);
      }
      return written;
    },
    update(name, attributes, variables, inputs) {
      inputs.forEach(prepare);
      const before = variables.map(usesOf).flatMap(({ read, users, write }) => [read, write, ...users]);
      const waitFor = [...new Set(before)].filter((operation) => operation >= 0);
      const written = describe(name, attributes, [...variables.map(handleOf), ...inputs], waitFor, []);
      if (written) for (const variable of variables) uses.set(variable, { read: -1, users: [], write: written.index });
      return written;
    },
    compile(wanted, nextName) {
      const key = wanted.join();
      const known = last.functions.get(key);
      if (known) return known;
      graph ??= createStepGraph(addon, path);
      const name = nextName();
      // An update writes several variables at once.
      const writes = new Set([...uses.values()].map(({ write }) => write));
      writes.delete(-1);
      graph.define(name, wanted, [...writes]);
      graph.delete();
      graph = null;
      last.functions.set(key, name);
      return name;
    },
  };
}
