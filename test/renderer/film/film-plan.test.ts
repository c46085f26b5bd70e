import { describe, expect, it, test } from 'vitest';
import { chooseFilmFrames, filmSizes, firstSize, layOutFilm } from '../../../src/renderer/film/film-plan.ts';
import type { ImageRow } from '../../../src/shared/run.ts';

function row(step: number, changes: Partial<ImageRow> = {}): ImageRow {
  return {
    id: step, tag: 'samples/fixed', step, wallMs: 0, rows: 8, columns: 8, cellWidth: 28, cellHeight: 28, channels: 1,
    latents: 'a', bytes: 1, ...changes,
  }; // prettier-ignore
}

const ALL = { from: 0, to: 1e9 };
const grids = (...steps: number[]): readonly ImageRow[] => steps.map((step) => row(step));

test('a frame for each step of any run, and each run shows its newest picture until then', () => {
  const frames = chooseFilmFrames([grids(0, 10, 20), grids(10, 15)], 1, ALL);
  expect(frames.map(({ step, rows }) => [step, ...rows.map((one) => one?.step ?? null)])).toEqual([
    [0, 0, null],
    [10, 10, 10],
    [15, 10, 15],
    [20, 20, 15],
  ]);
});

test('every n-th frame is counted from the last, so that the end is always there', () => {
  expect(chooseFilmFrames([grids(0, 1, 2, 3, 4, 5)], 4, ALL).map(({ step }) => step)).toEqual([1, 5]);
});

test('both ends of a range are in it, and a run shows what it had before', () => {
  const frames = chooseFilmFrames([grids(0, 10, 20, 30), grids(5)], 1, { from: 10, to: 20 });
  expect(frames.map(({ step, rows }) => [step, ...rows.map((one) => one?.step ?? null)])).toEqual([
    [10, 10, 5],
    [20, 20, 5],
  ]);
});

describe('the layout', () => {
  it('is the grid alone where there are no captions, and even', () => {
    const odd = [[row(0, { rows: 1, columns: 1, cellWidth: 33, cellHeight: 25 })]];
    expect(layOutFilm(odd, 1, false)).toEqual({
      width: 34,
      height: 26,
      places: [{ left: 0, top: 0 }],
      tile: { width: 33, height: 25 },
      factor: 1,
      letters: 0,
    });
  });

  it('puts eight square grids in two rows of four, with room for a line of text above each', () => {
    const { places, tile, letters, width, height } = layOutFilm(Array(8).fill(grids(0)) as ImageRow[][], 1, true);
    expect(tile).toEqual({ width: 224, height: 224 });
    expect(letters).toBe(11);
    const band = 18;
    expect(places.slice(0, 2)).toEqual([
      { left: 0, top: band },
      { left: 228, top: band },
    ]);
    expect(places[4]).toEqual({ left: 0, top: 224 + 4 + 2 * band });
    expect([width, height]).toEqual([4 * 228 - 4, 2 * (224 + band + 4) - 4]);
  });

  it('gives a narrow grid beside a wide one room of the larger sides', () => {
    const { tile } = layOutFilm([grids(0), [row(0, { rows: 10, columns: 2 })]], 2, true);
    expect(tile).toEqual({ width: 448, height: 560 });
  });
});

describe('the sizes', () => {
  const eight = Array(8).fill([row(0, { cellWidth: 128, cellHeight: 128 })]) as ImageRow[][];

  it('are whole factors or one over a whole number, none larger than players take', () => {
    expect(filmSizes([grids(0)], 100, false).map(({ factor }) => factor)).toEqual([
      1 / 8,
      1 / 4,
      1 / 2,
      1,
      2,
      3,
      4,
      6,
      8,
    ]);
    expect(filmSizes(eight, 10, true).map(({ factor }) => factor)).toEqual([1 / 16, 1 / 8, 1 / 4, 1 / 2]);
  });

  it('leave out what memory does not hold', () => {
    const most = filmSizes(eight, 500, true).at(-1)!;
    expect(most.factor).toBe(1 / 2);
    expect(filmSizes(eight, 5000, true).at(-1)!.factor).toBe(1 / 4);
    expect(firstSize(filmSizes(eight, 1e9, true))).toBeNull();
  });

  it('begin with the largest that a player shows whole', () => {
    expect(firstSize(filmSizes([grids(0)], 100, true))?.factor).toBe(4);
    expect(firstSize(filmSizes(eight, 500, true))?.factor).toBe(1 / 4);
  });
});
