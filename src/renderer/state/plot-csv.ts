// The runs of a plot as CSV: one line a run, with its values as they were recorded, not where they stand on an axis.

import type { RunSummary } from '../../shared/run.ts';
import { csvField, float } from '../charts/table.ts';
import { axisValue, type RunAxis } from './run-axes.ts';

/** `front`: null where all runs are. A run without a value has an empty field; NaN and infinities as NaN, inf and -inf. */
export function plotCsv(
  runs: readonly RunSummary[],
  axes: readonly RunAxis[],
  front: readonly boolean[] | null,
): string {
  const header = ['run', 'name', 'selected', ...axes.map(({ name }) => name)];
  const lines = runs.map((run, index) => {
    const values = axes.map((axis) => {
      const value = axisValue(run, axis.id);
      if (value === undefined) return '';
      return typeof value === 'number' && axis.kind === 'scalar' ? float(value) : String(value);
    });
    return [run.id, run.name, String(front?.[index] ?? true), ...values];
  });
  return `${[header, ...lines].map((fields) => fields.map(csvField).join(',')).join('\n')}\n`;
}
