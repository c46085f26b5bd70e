// Finding one's way among recorded steps. All lists are ascending and without doubles.

/** The greatest step that is not after `step`; null when all are. */
export function stepAtOrBefore(steps: readonly number[], step: number): number | null {
  let found: number | null = null;
  let low = 0;
  let high = steps.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) {
      found = steps[middle]!;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

/** The recorded step nearest to any number, the earlier of two equally near; null for none. */
export function nearestStep(steps: readonly number[], target: number): number | null {
  const before = stepAtOrBefore(steps, target);
  const after = steps[before === null ? 0 : steps.indexOf(before) + 1] ?? null;
  if (before === null) return after;
  if (after === null) return before;
  return target - before <= after - target ? before : after;
}

/** The step `distance` places further (or back), held at both ends. */
export function stepFrom(steps: readonly number[], step: number, distance: number): number | null {
  if (steps.length === 0) return null;
  const here = steps.indexOf(nearestStep(steps, step)!);
  return steps[Math.min(steps.length - 1, Math.max(0, here + distance))]!;
}

/** All steps of several lists, ascending. */
export function unionOfSteps(lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** The row shown for a step: the one at it, or the nearest earlier one; null before the first. */
export function rowAt<Row extends { readonly step: number }>(rows: readonly Row[], step: number): Row | null {
  return rows.findLast((row) => row.step <= step) ?? null;
}
