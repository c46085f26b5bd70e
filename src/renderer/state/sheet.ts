// A contact sheet or strip laid out: rows are runs, columns are steps, captions around them. All lengths are pixels of the
// finished picture; a tile is its image scaled by a whole factor, so that every recorded pixel is a square.

import type { RunSummary } from '../../shared/run.ts';
import { formatSetting } from '../text/format.ts';
import { text } from '../text/text.ts';
import type { Size } from './picture-pair.ts';
import { compareSettings } from './settings-table.ts';
import { nearestStep } from './steps.ts';

/** What every browser can hold in one canvas. */
const MOST_SIDE = 16_384;
const MOST_PIXELS = 120_000_000;
/** More settings than these are not read beside a picture. */
const MOST_NOTES = 8;

export interface SheetPlan {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly notes: readonly string[] }[];
  /** Pixels of the largest image. */
  readonly tile: Size;
  readonly factor: number;
  /** Below the tiles; empty for none. */
  readonly footnote: string;
}

export interface SheetText {
  readonly text: string;
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly size: number;
  readonly isBold: boolean;
  readonly isFaint: boolean;
  readonly align: 'left' | 'center';
}

export interface Sheet extends Size {
  readonly texts: readonly SheetText[];
  /** Left edges of the columns, upper edges of the rows. */
  readonly lefts: readonly number[];
  readonly tops: readonly number[];
  /** Room of one tile. */
  readonly tile: Size;
  readonly factor: number;
}

/** Width of a text of a size in pixels. */
export type Measure = (text: string, size: number, isBold: boolean) => number;

export function layOutSheet(plan: SheetPlan, measure: Measure): Sheet {
  const tile = { width: plan.tile.width * plan.factor, height: plan.tile.height * plan.factor };
  const size = Math.round(Math.min(28, Math.max(12, tile.width * 0.05)));
  const line = Math.round(size * 1.4);
  const gap = Math.round(Math.min(size, Math.max(2, tile.width * 0.03)));
  const edge = size;
  const texts: SheetText[] = [];
  const write = (text: string, x: number, y: number, look: Partial<SheetText> = {}): void => {
    texts.push({ text, x, y, size, isBold: false, isFaint: false, align: 'left', ...look });
  };

  write(plan.title, edge, edge + size, { isBold: true });
  const captions = layOutCaptions(plan.rows, size, measure);
  const left = edge + captions.width + size;
  const top = edge + 2 * line + Math.round(line / 2);
  const lefts = plan.columns.map((_, column) => left + column * (tile.width + gap));
  for (const column of labelledColumns(plan.columns, tile.width + gap, (label) => measure(label, size, false)))
    write(plan.columns[column]!, lefts[column]! + tile.width / 2, top - Math.round(size * 0.5), { align: 'center' });

  const tops: number[] = [];
  let bottom = top;
  for (const lines of captions.rows) {
    tops.push(bottom);
    lines.forEach((caption, index) => write(caption.text, edge, bottom + size + index * line, caption));
    bottom += Math.max(tile.height, lines.length * line) + gap;
  }
  if (plan.footnote) write(plan.footnote, left, bottom + size, { isFaint: true });
  const height = bottom - gap + (plan.footnote ? line + gap : 0) + edge;
  const across = (lefts.at(-1) ?? left) + tile.width;
  const written = [edge + measure(plan.title, size, true), left + measure(plan.footnote, size, false)];
  return {
    width: Math.ceil(Math.max(across, ...written) + edge),
    height,
    texts,
    lefts,
    tops,
    tile,
    factor: plan.factor,
  };
}

export function isTooLarge({ width, height }: Size): boolean {
  return width > MOST_SIDE || height > MOST_SIDE || width * height > MOST_PIXELS;
}

function layOutCaptions(rows: SheetPlan['rows'], size: number, measure: Measure) {
  const most = size * 16;
  const wrapped = rows.map(({ name, notes }) => [
    ...wrap(name, most, (words) => measure(words, size, true)).map((text) => ({ text, isBold: true, isFaint: false })),
    ...notes.flatMap((note) =>
      wrap(note, most, (words) => measure(words, size, false)).map((text) => ({ text, isBold: false, isFaint: true })),
    ),
  ]);
  const widths = wrapped.flat().map(({ text, isBold }) => measure(text, size, isBold));
  return { rows: wrapped, width: Math.ceil(Math.max(0, ...widths)) };
}

/** Lines no wider than `most`, broken between words and, where one is wider, inside it. */
export function wrap(words: string, most: number, measure: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (measure(longer) <= most) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    while (measure(line) > most && line.length > 1) {
      let fits = line.length - 1;
      while (fits > 1 && measure(line.slice(0, fits)) > most) fits--;
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  return [...lines, line];
}

/** The columns that bear their label: every n-th, so that none touches the next. */
export function labelledColumns(
  labels: readonly string[],
  pitch: number,
  measure: (label: string) => number,
): readonly number[] {
  const widest = Math.max(0, ...labels.map(measure));
  const every = Math.max(1, Math.ceil((widest + 6) / pitch));
  return labels.flatMap((_, column) => (column % every === 0 ? [column] : []));
}

/** What is written under the names of runs: the settings that differ among them, or of a single run what it is. */
export function noteSettings(runs: readonly RunSummary[]): readonly (readonly string[])[] {
  if (runs.length === 1) {
    const { recipe, preset, data, seed } = runs[0]!;
    return [[`${recipe} ${preset}`, data, text.sheet.setting('seed', String(seed))]];
  }
  const { differing } = compareSettings(runs);
  return runs.map((_, run) =>
    differing.slice(0, MOST_NOTES).map(({ name, values }) => text.sheet.setting(name, formatSetting(values[run]))),
  );
}

/** Steps as a person writes them, each the recorded one nearest to it, ascending; null when it is not a list of numbers. */
export function readSteps(written: string, recorded: readonly number[]): readonly number[] | null {
  const parts = written.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => !/^\d{1,9}$/.test(part))) return null;
  const nearest = parts.map((part) => nearestStep(recorded, Number(part)));
  return [...new Set(nearest.filter((step) => step !== null))].toSorted((a, b) => a - b);
}
