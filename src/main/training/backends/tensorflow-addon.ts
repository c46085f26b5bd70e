// The part of TensorFlow.js's addon that Saddle calls itself. Tensors are known by numbers, operations by TensorFlow's
// names; `newGraph` and what follows it are ours (src/main/runtime/addon) and missing in packs that others have built.

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What is known of a tensor before its numbers are. */
export interface Facts {
  readonly shape: number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
}

export interface Made extends Facts {
  readonly id: number;
}

/** Pairs of operation and output; `list` where TensorFlow's argument is a list of tensors. */
export interface GraphInput {
  readonly list: boolean;
  readonly pairs: readonly number[];
}

export interface Addon {
  readonly TF_Version: string;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_RESOURCE: number;
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Made[];
}

/** Graphs know their operations by the order in which they were added, from 0. */
export interface GraphAddon extends Addon {
  newGraph(): number;
  deleteGraph(graph: number): void;
  addArgument(graph: number, dtype: number, shape: readonly number[]): void;
  addConstant(graph: number, shape: readonly number[], values: Int32Array): void;
  /** Facts of its outputs; the shape is null where TensorFlow cannot tell it. Throws, and changes nothing, when it does not fit. */
  addOperation(
    graph: number,
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphInput[],
    waitFor: readonly number[],
  ): { readonly shape: number[] | null; readonly dtype: number }[];
  setShape(graph: number, operation: number, shape: readonly number[]): void;
  /** From then on an operation of this name can be executed; `always` happen although no output needs them. */
  defineFunction(
    graph: number,
    name: string,
    inputs: readonly number[],
    outputs: readonly number[],
    always: readonly number[],
  ): void;
}

export function buildsFunctions(addon: Addon): addon is GraphAddon {
  return 'defineFunction' in addon;
}
