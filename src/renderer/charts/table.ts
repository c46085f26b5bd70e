// The data of a chart as CSV: one line an entry, as it is drawn. Entries of a long run stand for several points; every
// point there is comes from the run's own export.

import type { Columns } from './columns.ts';

export interface TableCurve {
  readonly label: string;
  readonly columns: Columns;
  readonly smoothed: ArrayLike<number> | null;
}

export const CHART_CSV_HEADER = 'curve,step,wall_time,value,min,max,non_finite,smoothed';

/** wall_time is ISO 8601 in UTC; what is not finite is written NaN, inf and -inf. Lines end with a line feed. */
export function chartCsv(curves: readonly TableCurve[]): string {
  const lines = [CHART_CSV_HEADER];
  for (const { label, columns, smoothed } of curves) {
    const name = csvField(label);
    for (let index = 0; index < columns.steps.length; index++) {
      const wallMs = columns.wallMs[index]!;
      const numbers = [columns.last, columns.min, columns.max].map((column) => float(column[index]!));
      const clear = smoothed ? float(smoothed[index]!) : '';
      const time = Number.isFinite(wallMs) ? new Date(wallMs).toISOString() : '';
      lines.push(`${name},${columns.steps[index]},${time},${numbers.join()},${columns.nonFinite[index]},${clear}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** RFC 4180: a field with a comma, a quote or a line break is quoted, quotes doubled. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The fewest digits that give the same 32-bit float back: at most nine, most need fewer. */
export function float(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  const single = Math.fround(value);
  const digits = [6, 7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === single) ?? 9;
  return String(Number(value.toPrecision(digits)));
}
