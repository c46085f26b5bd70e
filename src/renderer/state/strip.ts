// One cell of a grid over the steps: which steps a strip shows, where a cell lies in its grid, and which runs draw the
// same latents. A strip is bounded however long the run is, so that it costs the same for 50 grids and 50,000.

import type { ImageRow } from '../../shared/run.ts';
import { rowAt, unionOfSteps } from './steps.ts';

/** Columns of a strip. */
export const MOST_STEPS = 60;
/** How many of the steps that must be there besides first, current and last: the newest of them. */
const MOST_KEPT = 12;

export type GridShape = Pick<ImageRow, 'rows' | 'columns' | 'cellWidth' | 'cellHeight'>;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * At most `most` of the recorded steps (ascending): every 1st, 2nd, 4th, 8th … one, so that a longer run shows no other of
 * its early steps, only fewer; and always first, last, `current` and the newest of `keep` (those that are recorded).
 */
export function chooseSteps(
  steps: readonly number[],
  current: number | null,
  keep: readonly number[] = [],
  most = MOST_STEPS,
): readonly number[] {
  if (steps.length <= most) return steps;
  const recorded = new Set(steps);
  const ends = [steps[0], current ?? undefined, steps.at(-1)];
  const kept = keep.filter((step) => recorded.has(step)).slice(-MOST_KEPT);
  const needed = [...ends, ...kept].filter((step): step is number => step !== undefined && recorded.has(step));
  const room = most - new Set(needed).size;
  let every = 1;
  while (Math.ceil(steps.length / every) > room) every *= 2;
  const even = steps.filter((_, index) => index % every === 0);
  return [...new Set([...even, ...needed])].toSorted((a, b) => a - b);
}

/** The steps that every run has which is that long; all steps where those are too few to be a strip. */
export function sharedSteps(lists: readonly (readonly number[])[], fewest = 10): readonly number[] {
  const all = unionOfSteps(lists);
  const held = lists.filter((list) => list.length > 0).map((list) => ({ steps: new Set(list), last: list.at(-1)! }));
  const shared = all.filter((step) => held.every(({ steps, last }) => last < step || steps.has(step)));
  return shared.length < Math.min(fewest, all.length) ? all : shared;
}

/** `count` of the steps with equal distances between their places, first and last among them; the last alone for one. */
export function spreadSteps(steps: readonly number[], count: number): readonly number[] {
  if (count <= 1) return steps.slice(-1);
  const last = steps.length - 1;
  const places = Array.from({ length: count }, (_, index) => Math.round((index * last) / (count - 1)));
  return [...new Set(places)].flatMap((place) => steps[place] ?? []);
}

/** In pixels of the grid's image; cells lie row by row without gaps. Null for a cell that the grid does not have. */
export function cellBox({ rows, columns, cellWidth, cellHeight }: GridShape, cell: number): Box | null {
  if (cell < 0 || cell >= rows * columns) return null;
  const top = Math.floor(cell / columns) * cellHeight;
  return { left: (cell % columns) * cellWidth, top, width: cellWidth, height: cellHeight };
}

/** The cell at a place given in fractions of the image's width and height; held at the border. */
export function cellAt({ rows, columns }: GridShape, x: number, y: number): number {
  const hold = (place: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(place * count)));
  return hold(y, rows) * columns + hold(x, columns);
}

/** The cell an arrow key (or Home, End) leads to; null for any other key. Stops at the borders. */
export function cellByKey({ rows, columns }: GridShape, cell: number, key: string): number | null {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  if (key === 'ArrowLeft') return row * columns + Math.max(0, column - 1);
  if (key === 'ArrowRight') return row * columns + Math.min(columns - 1, column + 1);
  if (key === 'ArrowUp') return Math.max(0, row - 1) * columns + column;
  if (key === 'ArrowDown') return Math.min(rows - 1, row + 1) * columns + column;
  if (key === 'Home') return row * columns;
  if (key === 'End') return row * columns + columns - 1;
  return null;
}

/**
 * What a run shows in the column of a step: its grid of that step or the nearest earlier one, and nothing after its
 * last, where it is not known how it would have gone on.
 */
export function rowInColumn(rows: readonly ImageRow[], step: number): ImageRow | null {
  const last = rows.at(-1);
  return !last || step > last.step ? null : rowAt(rows, step);
}

export type LatentsRelation = 'same' | 'other' | 'unnamed';

/** How the latents of a run's grids relate to those that are followed. Pictures of no fixed latents name none. */
export function relateLatents(followed: string, rows: readonly ImageRow[]): LatentsRelation {
  const latents = rows.at(-1)?.latents ?? '';
  if (followed === '' || latents === '') return 'unnamed';
  return latents === followed ? 'same' : 'other';
}
