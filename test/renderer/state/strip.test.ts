import { expect, test } from 'vitest';
import type { ImageRow } from '../../../src/shared/run.ts';
import {
  cellAt,
  cellBox,
  cellByKey,
  chooseSteps,
  relateLatents,
  rowInColumn,
  sharedSteps,
  spreadSteps,
} from '../../../src/renderer/state/strip.ts';

const every = (distance: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index * distance);

const grid = { rows: 2, columns: 3, cellWidth: 28, cellHeight: 20 };
const row = (step: number, latents = 'a'): ImageRow => ({
  id: step,
  tag: 'samples/fixed',
  step,
  wallMs: 0,
  channels: 1,
  latents,
  bytes: 1,
  ...grid,
});

test('a short run is shown whole, whatever is asked for besides', () => {
  expect(chooseSteps(every(10, 60), 310, [20])).toEqual(every(10, 60));
  expect(chooseSteps([], null)).toEqual([]);
});

test('a strip has at most 60 steps, with the first, the newest, the current one and the newest checkpoints', () => {
  for (const count of [61, 100, 119, 500, 4_999, 50_000]) {
    const steps = every(7, count);
    const current = steps[Math.floor(count / 3)]!;
    const checkpoints = every(7 * 37, Math.floor(count / 37));
    const shown = chooseSteps(steps, current, [...checkpoints, 3]);
    expect(shown.length).toBeLessThanOrEqual(60);
    expect(shown.length).toBeGreaterThanOrEqual(20);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(shown[0]).toBe(0);
    expect(shown.at(-1)).toBe(steps.at(-1));
    expect(shown).toContain(current);
    expect(shown).toEqual(expect.arrayContaining(checkpoints.slice(-12)));
    expect(shown).not.toContain(3);
  }
});

test('a strip of a growing run drops steps and never puts others in between', () => {
  const before = chooseSteps(every(10, 200), null).slice(0, -1);
  const after = chooseSteps(every(10, 400), null).filter((step) => step < 2_000);
  expect(before).toEqual(expect.arrayContaining([...after]));
});

test('evenly spread steps are recorded ones with equal distances, first and last among them', () => {
  expect(spreadSteps(every(10, 101), 5)).toEqual([0, 250, 500, 750, 1000]);
  expect(spreadSteps([0, 7, 9], 12)).toEqual([0, 7, 9]);
  expect(spreadSteps([0, 7, 9], 1)).toEqual([9]);
  expect(spreadSteps([], 3)).toEqual([]);
});

test('columns are steps that every run of that length has; a run that ended early takes no step from the others', () => {
  expect(sharedSteps([every(10, 101), every(20, 51)])).toEqual(every(20, 51));
  expect(sharedSteps([every(10, 101), every(20, 26)])).toEqual([
    ...every(20, 26),
    ...every(10, 101).filter((step) => step > 500),
  ]);
  expect(sharedSteps([[0, 1, 2], []])).toEqual([0, 1, 2]);
  expect(sharedSteps([every(7, 20), every(11, 20)]).length).toBeGreaterThan(20);
});

test('a cell lies where the composed grid has it', () => {
  expect(cellBox(grid, 0)).toEqual({ left: 0, top: 0, width: 28, height: 20 });
  expect(cellBox(grid, 5)).toEqual({ left: 56, top: 20, width: 28, height: 20 });
  expect([cellBox(grid, 6), cellBox(grid, -1)]).toEqual([null, null]);
  for (let cell = 0; cell < 6; cell++) {
    const { left, top } = cellBox(grid, cell)!;
    expect(cellAt(grid, (left + 1) / 84, (top + 1) / 40)).toBe(cell);
    expect(cellAt(grid, (left + 27) / 84, (top + 19) / 40)).toBe(cell);
  }
  expect([cellAt(grid, 1, 1), cellAt(grid, -0.1, 2)]).toEqual([5, 3]);
});

test('arrow keys walk over the cells and stop at the borders', () => {
  const walk = (from: number, ...keys: string[]): (number | null)[] => keys.map((key) => cellByKey(grid, from, key));
  expect(walk(4, 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown')).toEqual([3, 5, 1, 4]);
  expect(walk(3, 'ArrowLeft', 'Home', 'End', 'Enter')).toEqual([3, 3, 5, null]);
});

test('a column shows the grid of its step or the nearest earlier one, and nothing after a run has ended', () => {
  const rows = [row(0), row(20), row(40)];
  expect([0, 19, 20, 39, 40, 41].map((step) => rowInColumn(rows, step)?.step ?? null)).toEqual([
    0,
    0,
    20,
    20,
    40,
    null,
  ]);
  expect(rowInColumn([row(10)], 5)).toBeNull();
});

test('runs draw the same latents when both name the same batch', () => {
  expect(relateLatents('a', [row(0, 'a')])).toBe('same');
  expect(relateLatents('a', [row(0, 'b')])).toBe('other');
  expect([relateLatents('', [row(0, 'b')]), relateLatents('a', []), relateLatents('a', [row(0, '')])]).toEqual([
    'unnamed',
    'unnamed',
    'unnamed',
  ]);
});
