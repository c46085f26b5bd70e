// The colour of every run on a plot: its own, or that of a value on the ramp.

import type { RunSummary } from '../../shared/run.ts';
import type { ColourSlots } from '../state/colours.ts';
import type { Palette } from './palette.ts';
import { rampColour } from './ramp.ts';

export interface InkSource {
  readonly runs: readonly RunSummary[];
  readonly slots: ColourSlots;
  /** On the ramp in [0, 1], NaN where that is not possible; null for the runs' own colours. */
  readonly shares: Float64Array | null;
  /** NaN for a run that has no value to be coloured by. */
  readonly places: Float64Array | null;
}

export function coloursOf(source: InkSource, palette: Palette, ramp: readonly string[]): readonly string[] {
  const { runs, slots, shares, places } = source;
  return runs.map((run, index) => {
    if (!shares) return palette.runs[(slots[run.id] ?? 0) % palette.runs.length]!;
    if (!Number.isNaN(shares[index]!)) return rampColour(ramp, shares[index]!);
    return Number.isNaN(places![index]!) ? palette.muted : palette.danger;
  });
}
