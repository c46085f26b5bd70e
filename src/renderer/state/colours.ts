// One colour a run, the same on every page and after a restart. Slots are given in the order runs are first seen,
// so that runs made one after the other, which are the ones people compare, differ.

/** Number of run colours in theme.css (`--run-0` ...), far apart for normal and colour-blind eyes. */
export const COLOUR_COUNT = 8;

/** Colour slot of each run. */
export type ColourSlots = Readonly<Record<string, number>>;

/** Adds slots for runs that have none, oldest first; known runs keep theirs. Returns the same object when nothing is new. */
export function giveColours(slots: ColourSlots, runIds: readonly string[]): ColourSlots {
  const unknown = runIds.filter((id) => slots[id] === undefined).toSorted();
  if (unknown.length === 0) return slots;
  const result: Record<string, number> = { ...slots };
  const used = new Array<number>(COLOUR_COUNT).fill(0);
  for (const slot of Object.values(slots)) used[slot % COLOUR_COUNT]! += 1;
  for (const id of unknown) {
    const slot = used.indexOf(Math.min(...used));
    result[id] = slot;
    used[slot]! += 1;
  }
  return result;
}

/** Dash pattern that tells runs of the same colour apart: the first of a colour is solid. */
export function dashFor(slots: ColourSlots, chosen: readonly string[], runId: string): readonly number[] {
  const before = chosen.slice(0, chosen.indexOf(runId)).filter((id) => slots[id] === slots[runId]).length;
  return [[], [6, 3], [2, 2], [8, 3, 2, 3]][Math.min(before, 3)]!;
}
