import { expect, test } from 'vitest';
import { fitWidth, widestSize, zoomWidth } from '../../../src/renderer/state/zoom.ts';

test('fitting uses the greatest whole factor of screen pixels', () => {
  expect(fitWidth(224, 450, 1)).toBe(448);
  expect(fitWidth(224, 447, 1)).toBe(224);
  // 447 CSS pixels are 670 screen pixels at 1.5: factor 2, 448 screen pixels.
  expect(fitWidth(224, 447, 1.5) * 1.5).toBeCloseTo(448, 9);
});

test('an image wider than its room is shrunk by a whole divisor', () => {
  expect(fitWidth(1024, 450, 1)).toBeCloseTo(1024 / 3, 9);
});

test('a chosen zoom is a whole number of screen pixels too', () => {
  expect(zoomWidth(224, 2, 1)).toBe(448);
  expect((zoomWidth(224, 1, 1.25) * 1.25) / 224).toBe(1);
});

test('room is kept for the widest of the grids that are there', () => {
  const grid = (columns: number) => ({ rows: 8, columns, cellWidth: 28, cellHeight: 28 });
  expect(widestSize([grid(2), undefined, grid(8)])).toEqual({ width: 224, height: 224 });
  expect(widestSize([grid(2)])).toEqual({ width: 56, height: 224 });
  // Nothing yet: an 8 x 8 grid of MNIST's size, which most runs are about to draw.
  expect(widestSize([undefined])).toEqual({ width: 224, height: 224 });
});
