// The colours of the current theme as a canvas needs them. One table of tokens (theme.css) serves page and charts.

import { COLOUR_COUNT } from '../state/colours.ts';

export interface Palette {
  readonly runs: readonly string[];
  readonly grid: string;
  readonly text: string;
  readonly muted: string;
  readonly surface: string;
  readonly danger: string;
  readonly accent: string;
  readonly font: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    runs: Array.from({ length: COLOUR_COUNT }, (_, slot) => token(`--run-${slot}`)),
    grid: token('--chart-grid'),
    text: token('--text'),
    muted: token('--muted'),
    surface: token('--surface'),
    danger: token('--danger'),
    accent: token('--accent'),
    font: style.fontFamily,
  };
}

/** The colours on white paper, whatever theme is shown. */
export function readPaperPalette(): Palette {
  return readOnPaper(readPalette);
}

/** What `read` finds in the light theme. */
export function readOnPaper<Found>(read: (root: Element) => Found): Found {
  const root = document.documentElement;
  const shown = root.dataset['theme'];
  // Nothing is painted between the two: both happen in one task.
  root.dataset['theme'] = 'light';
  const found = read(root);
  if (shown === undefined) delete root.dataset['theme'];
  else root.dataset['theme'] = shown;
  return found;
}

/** `#rgb` (to which style sheets are shortened) or `#rrggbb`, with an alpha in [0, 1]. */
export function fade(colour: string, alpha: number): string {
  const full = /^#[0-9a-f]{3}$/i.test(colour) ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour;
  const byte = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return `${full}${byte.toString(16).padStart(2, '0')}`;
}
