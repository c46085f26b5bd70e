// What steps were seen to do: a tree of operations, each after those that came before it in the step. A step that does
// what one before it did walks along a path that is there; where it does something else, the path forks.

import type { Attribute, Facts } from './tensorflow-addon.ts';

/**
 * Where an operation's input comes from: output `at % OUTPUTS` of the path's operation `at / OUTPUTS`, or below zero
 * the complement of the number of an argument, counted in the order in which the step first uses them.
 */
export type Source = number;
export const OUTPUTS = 4096;
export const sourceOf = (operation: number, output: number): Source => operation * OUTPUTS + output;
export const argumentSource = (argument: number): Source => ~argument;

export interface Described {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly sources: readonly Source[];
  /** What the step is given at this operation for the first time. */
  readonly newArguments: readonly Facts[];
  /** The numbers of a constant, which has no name, attributes and sources. */
  readonly constant: { readonly shape: readonly number[]; readonly values: Int32Array } | null;
}

export interface Operation extends Described {
  /** Operations of the path that must have happened before, though they give it nothing. */
  readonly waitFor: readonly number[];
  readonly outputs: readonly Facts[];
  readonly next: Operation[];
  /** Names of the functions for steps that end here, by what is still wanted of them. */
  readonly functions: Map<string, string>;
  /** What cannot follow here, because TensorFlow cannot tell beforehand what it will give. */
  readonly refused: Described[];
}

/** The beginning of every path: nothing is done there. */
export function startOfPaths(): Operation {
  const nothing = { name: '', attributes: [], sources: [], newArguments: [], constant: null };
  return { ...nothing, waitFor: [], outputs: [], next: [], functions: new Map(), refused: [] };
}

/** The operation after `before` that is this very one; null when no step has gone that way. */
export function findNext(before: Operation, wanted: Described): Operation | null {
  for (const operation of before.next) if (isSame(operation, wanted)) return operation;
  return null;
}

export function isRefused(before: Operation, wanted: Described): boolean {
  return before.refused.some((refused) => isSame(refused, wanted));
}

function isSame(known: Described, wanted: Described): boolean {
  return (
    known.name === wanted.name &&
    areSame(known.sources, wanted.sources, Object.is) &&
    areSame(known.attributes, wanted.attributes, isSameAttribute) &&
    areSame(known.newArguments, wanted.newArguments, isSameFacts) &&
    isSameConstant(known.constant, wanted.constant)
  );
}

function isSameConstant(one: Described['constant'], other: Described['constant']): boolean {
  if (!one || !other) return one === other;
  return areSame(one.values, other.values, Object.is) && areSame(one.shape, other.shape, Object.is);
}

function areSame<T>(one: ArrayLike<T>, other: ArrayLike<T>, same: (one: T, other: T) => boolean): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!same(one[at]!, other[at]!)) return false;
  return true;
}

function isSameAttribute(one: Attribute, other: Attribute): boolean {
  if (one.name !== other.name || one.type !== other.type) return false;
  if (!Array.isArray(one.value) || !Array.isArray(other.value)) return Object.is(one.value, other.value);
  return areSame<unknown>(one.value, other.value, Object.is);
}

function isSameFacts(one: Facts, other: Facts): boolean {
  return one.dtype === other.dtype && areSame(one.shape, other.shape, Object.is);
}
