// Pictures of points: each colour lies where what it stands for lies.

import { describe, expect, it } from 'vitest';
import { pointSets } from '../../../../src/main/datasets/points.ts';
import { colourOf, createCanvas, drawCurve, drawDot } from '../../../../src/main/training/plots/canvas.ts';
import { estimateDensity } from '../../../../src/main/training/plots/density.ts';
import * as plots from '../../../../src/main/training/plots/points.ts';
import type { Drawing } from '../../../../src/main/training/recipes/recipe.ts';

const distributionOf = async (id: string) => (await pointSets.find((set) => set.id === id)!.open('')).points!;
const at = ({ pixels, cellWidth, cellHeight }: Drawing, cell: number, column: number, row: number) => [
  ...pixels.subarray((cell * cellWidth * cellHeight + row * cellWidth + column) * 3).subarray(0, 3),
];
const ORANGE = [230, 116, 20];
const GREY = [150, 150, 150];

describe('a canvas', () => {
  it('has its y axis up and leaves out what lies outside', () => {
    const canvas = createCanvas(4, 4, [0, 0], [4, 4]);
    drawDot(canvas, 0.5, 3.5, 1, [1, 2, 3]);
    drawDot(canvas, 3.5, 0.5, 1, [4, 5, 6]);
    drawDot(canvas, 9, 9, 3, [7, 8, 9]);
    drawDot(canvas, NaN, 1, 3, [7, 8, 9]);
    expect([...canvas.pixels.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect([...canvas.pixels.subarray(45, 48)]).toEqual([4, 5, 6]);
    expect(canvas.pixels.filter((byte) => byte !== 255)).toHaveLength(6);
  });

  it('joins a curve from column to column', () => {
    const canvas = createCanvas(2, 10, [0, 0], [2, 10]);
    drawCurve(canvas, (column) => (column === 0 ? 1.5 : 8.5), [0, 0, 0]);
    const dark = Array.from({ length: 10 }, (_, row) => canvas.pixels[(row * 2 + 1) * 3] === 0);
    expect(dark.indexOf(true)).toBe(1);
    expect(dark.lastIndexOf(true)).toBe(9);
  });

  it('the scale is orange below, nearly white in the middle and blue above', () => {
    expect(colourOf(0)).toEqual([190, 80, 10]);
    expect(colourOf(0.5)).toEqual([250, 250, 250]);
    expect(colourOf(7)).toEqual([20, 60, 140]);
  });
});

describe('the estimated density', () => {
  it('sums to 1 and is highest where the points are', () => {
    const xs = Float32Array.from({ length: 80 }, (_, place) => -4 + (place + 0.5) / 10);
    const one = estimateDensity([1, 1, 1.1, 0.9], xs);
    expect(one.reduce((sum, value) => sum + value / 10, 0)).toBeCloseTo(1, 3);
    expect(Math.abs(xs[one.indexOf(Math.max(...one))]! - 1)).toBeLessThan(0.1);
    const two = estimateDensity([1, -2, 1.2, -2.2], xs, xs);
    expect(two.reduce((sum, value) => sum + value / 100, 0)).toBeCloseTo(1, 3);
    const most = two.indexOf(Math.max(...two));
    expect([xs[most % 80]!, xs[Math.floor(most / 80)]!].map(Math.round)).toEqual([1, -2]);
  });
});

describe('pictures of points', () => {
  it('made points are orange and lie over the real ones, which are grey', async () => {
    const ring = await distributionOf('ring');
    const drawing = plots.drawScatter(ring, [2, 0, -2, 0], [2, 0]);
    expect([drawing.columns, drawing.cellWidth, drawing.cellHeight]).toEqual([1, 256, 256]);
    const columnOf = (x: number) => Math.floor(((x + 3) / 6) * 256);
    expect(at(drawing, 0, columnOf(2), 127)).toEqual(ORANGE);
    expect(at(drawing, 0, columnOf(-2), 127)).toEqual(GREY);
  });

  it('D* beside D is p / (p + q): blue where only real points lie, orange as they are where only made ones lie', async () => {
    const ring = await distributionOf('ring');
    const made = Float32Array.from({ length: 400 }, (_, index) => 0.1 * Math.sin(index));
    const opinion = (points: Float32Array) => Promise.resolve(new Float32Array(points.length / 2).fill(0.5));
    const drawing = await plots.drawMaps({ distribution: ring, made, opinion, isProbability: true });
    expect(drawing.columns).toBe(2);
    expect(at(drawing, 0, 128, 128)).toEqual([250, 250, 250]);
    const pixelOf = (x: number) => Math.floor(((x + 3) / 6) * 256);
    expect(at(drawing, 1, pixelOf(2), 127)[2]).toBeGreaterThan(at(drawing, 1, pixelOf(2), 127)[0]! + 80);
    expect(at(drawing, 1, 128, 128)).toEqual(at(drawing, 1, 127, 127));
    expect(at(drawing, 1, 128, 128)[0]).toBeGreaterThan(at(drawing, 1, 128, 128)[2]! + 80);
    // Nobody is there: no opinion.
    expect(at(drawing, 1, 4, 4)).toEqual([250, 250, 250]);
  });

  it("a critic's scores fill the scale, without a D*", async () => {
    const ring = await distributionOf('ring');
    const opinion = (points: Float32Array) =>
      Promise.resolve(Float32Array.from({ length: points.length / 2 }, (_, index) => 100 * points[2 * index]!));
    const drawing = await plots.drawMaps({
      distribution: ring,
      made: new Float32Array(4),
      opinion,
      isProbability: false,
    });
    expect(drawing.columns).toBe(1);
    expect(at(drawing, 0, 0, 99)).toEqual([190, 80, 10]);
    expect(at(drawing, 0, 255, 99)).toEqual([20, 60, 140]);
  });

  it('in one dimension p and q are curves, and so are D and D*', async () => {
    const normal = await distributionOf('normal1d');
    const made = Float32Array.from({ length: 500 }, (_, index) => 2 + 0.3 * Math.sin(index));
    const densities = plots.drawDensities(normal, made);
    const rowOf = (drawing: Drawing, column: number, colour: number[]) =>
      Array.from({ length: 256 }, (_, row) => row).find((row) => `${at(drawing, 0, column, row)}` === `${colour}`);
    expect(rowOf(densities, 64, ORANGE)).toBeGreaterThan(250);
    expect(rowOf(densities, 192, ORANGE)).toBeLessThan(rowOf(densities, 128, GREY)!);
    const opinion = (points: Float32Array) => Promise.resolve(new Float32Array(points.length).fill(0.75));
    const answers = await plots.drawAnswers({ distribution: normal, made, opinion, isProbability: true });
    expect(rowOf(answers, 20, [31, 96, 196])).toBe(64);
    // Few points are made at -1.
    expect(rowOf(answers, 96, GREY)).toBeLessThan(10);
  });
});
