// Two series at the steps they share.

import type { Columns } from './columns.ts';

/** Steps that both series have, with the place of each in both. */
export function pairSteps(x: Columns, y: Columns): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [at, other] = [0, 0];
  while (at < x.steps.length && other < y.steps.length) {
    const distance = x.steps[at]! - y.steps[other]!;
    if (distance === 0) pairs.push([at, other]);
    if (distance <= 0) at++;
    if (distance >= 0) other++;
  }
  return pairs;
}
