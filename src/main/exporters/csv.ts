// Every point of every scalar as CSV: `tag,step,wall_time,value`, one point a line, tag after tag. Nothing is thinned out.

import type { RunReader } from '../store/store.ts';

export const CSV_HEADER = 'tag,step,wall_time,value';

/**
 * Pieces of text, a block of points each. wall_time is ISO 8601 in UTC. Values are written with the fewest digits that
 * give the same 32-bit float back; what is not finite as NaN, inf and -inf, as Python and R read them.
 */
export function* exportCsv(reader: RunReader): Generator<string> {
  yield `${CSV_HEADER}\n`;
  for (const tag of reader.detail().scalarTags) {
    const field = quote(tag);
    for (const { steps, values, wallMs } of reader.allPoints(tag)) {
      let text = '';
      for (let index = 0; index < steps.length; index++) {
        text += `${field},${steps[index]},${new Date(wallMs[index]!).toISOString()},${shortest(values[index]!)}\n`;
      }
      yield text;
    }
  }
}

/** RFC 4180: a field with a comma, a quote or a line break is quoted, quotes doubled. */
function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** At most nine significant digits name a 32-bit float; most need fewer. */
function shortest(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0';
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
