import { expect, test } from 'vitest';
import { fitWidth, zoomWidth } from '../../../src/renderer/state/zoom.ts';

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
