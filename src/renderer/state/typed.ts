// What a field holds and what it means: numbers are kept as they were typed, so that half-typed ones survive.

import type { ParameterValue } from '../../shared/parameters.ts';

export function asTyped(value: ParameterValue): string | boolean {
  return typeof value === 'boolean' ? value : String(value);
}

/** Null when it is no whole number in the range. */
export function readWhole(typed: string, least: number, greatest: number): number | null {
  if (!/^\s*\d+\s*$/.test(typed)) return null;
  const value = Number(typed);
  return value >= least && value <= greatest ? value : null;
}
