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

/** What colours mean, from low to high. */
export interface Ramp {
  readonly title: string;
  readonly low: string;
  readonly high: string;
  readonly colours: readonly string[];
  /** What has no place on the ramp: how many, and their colour. */
  readonly others: readonly { readonly label: string; readonly colour: string }[];
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

/** The ramp on a line below `top`, what has no place on it behind. `measure` gives the width of a text at 9 points. */
export function drawRamp(
  { title, low, high, colours, others }: Ramp,
  { left, right, top }: { readonly left: number; readonly right: number; readonly top: number },
  measure: (text: string) => number,
): { readonly parts: readonly string[]; readonly height: number } {
  const base = top + LINE - 3;
  const start = left + measure(title) + 10 + measure(low) + 5;
  const piece = 90 / colours.length;
  const parts = [
    write(left, base, title, 'start'),
    write(start - 5, base, low, 'end'),
    ...colours.map(
      (colour, index) =>
        // A little wider than its share: no hair of white between two.
        `<rect x="${point(start + index * piece)}" y="${base - 7}" width="${point(piece + 0.3)}" height="8" fill="${colour}"/>`,
    ),
    write(start + 95, base, high, 'start'),
  ];
  const next = start + 95 + measure(high) + 16;
  const entries = others.map((other) => ({ ...other, dash: [] }));
  const legend = layOutLegend(entries, { left: next, right, top }, measure);
  return { parts: [...parts, ...legend.parts], height: Math.max(1, legend.lines) * LINE + 6 };
}

export function write(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${point(x)}" y="${point(y)}" text-anchor="${anchor}">${escape(text)}</text>`;
}

/** A triangle on the axis where a value was NaN or infinite. */
export function markNonFinite(x: number, floor: number): string {
  return `<path d="M${point(x)} ${floor - 6}l-3 6h6z" fill="#c0322f"/>`;
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
