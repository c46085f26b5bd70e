// How the runs are shown, as the user chose it: as a table, as parallel coordinates, as points; which axes, scales and colours.
// Part of a saved view.

import { isAxisId, type AxisId } from './run-axes.ts';

export const RUN_VIEWS = ['table', 'parallel', 'scatter'] as const;
export type RunView = (typeof RUN_VIEWS)[number];

export interface PlotChoice {
  readonly view: RunView;
  /** Null for those in which the runs differ, whatever they are. */
  readonly axes: readonly AxisId[] | null;
  /** Scales chosen against the recipe's table. */
  readonly logs: Readonly<Record<string, boolean>>;
  /** Null for one colour a run. */
  readonly colourBy: AxisId | null;
  /** Null for the first that there is. */
  readonly x: AxisId | null;
  readonly y: AxisId | null;
}

export const FIRST_PLOTS: PlotChoice = { view: 'table', axes: null, logs: {}, colourBy: null, x: null, y: null };

export function isPlotChoice(stored: unknown): stored is PlotChoice {
  if (typeof stored !== 'object' || stored === null) return false;
  const { view, axes, logs, colourBy, x, y } = stored as Partial<Record<keyof PlotChoice, unknown>>;
  return (
    RUN_VIEWS.some((known) => known === view) &&
    (axes === null || (Array.isArray(axes) && axes.every(isAxisId))) &&
    typeof logs === 'object' &&
    logs !== null &&
    Object.values(logs).every((isLog) => typeof isLog === 'boolean') &&
    [colourBy, x, y].every((id) => id === null || isAxisId(id))
  );
}
