// What every figure for a paper is written with: texts, numbers short enough for a file, a legend below. SVG as strings, lengths in
// points of 1/72 inch, text 9 points high.

export const SIZE = 9;
export const LINE = 13;
const FONT = 'Helvetica, Arial, &quot;Liberation Sans&quot;, sans-serif';

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

export function openSvg(width: number, height: number): readonly string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="${SIZE}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
  ];
}

/** Entries one after another between `left` and `right`, in as many lines as it takes below `top`. */
export function layOutLegend(
  entries: readonly LegendEntry[],
  { left: edge, right, top }: { readonly left: number; readonly right: number; readonly top: number },
  measure: (text: string) => number,
): { readonly parts: readonly string[]; readonly lines: number } {
  const parts: string[] = [];
  let [left, lines] = [edge, entries.length > 0 ? 1 : 0];
  for (const { label, colour, dash } of entries) {
    const width = 20 + measure(label) + 12;
    if (left > edge && left + width > right) {
      left = edge;
      lines++;
    }
    const at = top + lines * LINE - 3;
    parts.push(`<path d="M${point(left)} ${at - 3}h15" stroke="${colour}" stroke-width="1.6"${dashed(dash)}/>`);
    parts.push(write(left + 19, at, label, 'start'));
    left += width;
  }
  return { parts, lines };
}

export function write(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${point(x)}" y="${point(y)}" text-anchor="${anchor}">${escape(text)}</text>`;
}

export function dashed(dash: readonly number[]): string {
  return dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
}

/** A hundredth of a point is finer than any printer. */
export function point(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
