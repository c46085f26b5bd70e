// Names for runs that are shown together: two runs of the same name must not look like one.

import type { RunId } from '../../shared/run.ts';

/** The name of each run; where several have the same, with the end of the id behind it. */
export function distinctNames(
  runs: readonly { readonly id: RunId; readonly name: string }[],
): ReadonlyMap<RunId, string> {
  const counts = Map.groupBy(runs, (run) => run.name);
  return new Map(
    runs.map(({ id, name }) => [id, (counts.get(name)?.length ?? 0) > 1 ? `${name} · ${id.slice(-4)}` : name]),
  );
}
