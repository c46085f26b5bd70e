// A path of operations as a graph of TensorFlow, from which a function is made. The graph also tells what an operation
// will give before anything is computed.

import { OUTPUTS, type Described, type Operation, type Source } from './step-path.ts';
import type { Facts, GraphAddon, GraphInput } from './tensorflow-addon.ts';

export interface StepGraph {
  /**
   * Facts of the outputs, `told` where the caller knows them; null when TensorFlow cannot know them beforehand. Throws when it
   * refuses the operation. After null or an error the graph can only be deleted.
   */
  add(operation: Described, waitFor: readonly number[], told?: readonly Facts[]): readonly Facts[] | null;
  /** `wanted` are its outputs; `always` are operations that happen although no output needs them. */
  define(name: string, wanted: readonly Source[], always: readonly number[]): void;
  delete(): void;
}

/** TensorFlow's arguments that are lists: how many single ones follow them. All that TensorFlow.js's kernels use. */
const AFTER_LIST: Readonly<Record<string, number>> = { AddN: 0, Pack: 0, ConcatV2: 1, Einsum: 0 };

/** Outputs that some operations have beyond those that anyone looks at, of a shape that TensorFlow does not tell. */
const SEEN: Readonly<Record<string, number>> = { FusedBatchNormV3: 5 };

/** The value of a variable, whose shape only the variable's maker knows: its name in a path, which TensorFlow has too. */
export const READ = 'ReadVariableOp';

export function createStepGraph(addon: GraphAddon, path: readonly Operation[]): StepGraph {
  const graph = addon.newGraph();
  // Numbers in the graph: it holds arguments and operations in one list.
  const operations: number[] = [];
  const givens: number[] = [];
  let count = 0;

  const pairOf = (source: Source): [number, number] =>
    source < 0 ? [givens[~source]!, 0] : [operations[Math.floor(source / OUTPUTS)]!, source % OUTPUTS];

  function inputsOf({ name, sources }: Described): GraphInput[] {
    const after = AFTER_LIST[name];
    if (after === undefined) return sources.map((source) => ({ list: false, pairs: pairOf(source) }));
    const end = sources.length - after;
    const single = sources.slice(end).map((source) => ({ list: false, pairs: pairOf(source) }));
    return [{ list: true, pairs: sources.slice(0, end).flatMap(pairOf) }, ...single];
  }

  function add(operation: Described, waitFor: readonly number[], told?: readonly Facts[]): readonly Facts[] | null {
    for (const { dtype, shape } of operation.newArguments) {
      // A handle is one thing, whatever the shape of its variable.
      addon.addArgument(graph, dtype, dtype === addon.TF_RESOURCE ? [] : shape);
      givens.push(count++);
    }
    const { name, attributes, constant } = operation;
    let made: { readonly shape: number[] | null; readonly dtype: number }[] = [];
    if (constant) addon.addConstant(graph, constant.shape, constant.values);
    else {
      const before = waitFor.map((at) => operations[at]!);
      made = addon.addOperation(graph, name, attributes, inputsOf(operation), before);
    }
    operations.push(count++);
    if (name === READ && told) addon.setShape(graph, count - 1, told[0]!.shape);
    if (told) return told;
    const seen = made.slice(0, SEEN[name]);
    return seen.every(({ shape }) => shape !== null) ? (seen as Facts[]) : null;
  }

  for (const operation of path) add(operation, operation.waitFor, operation.outputs);
  return {
    add,
    define(name, wanted, always) {
      addon.defineFunction(
        graph,
        name,
        givens,
        wanted.flatMap(pairOf),
        always.map((at) => operations[at]!),
      );
    },
    delete: () => addon.deleteGraph(graph),
  };
}
