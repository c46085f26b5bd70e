import { expect, test } from 'vitest';
import { countThinned } from '../../../src/renderer/state/thin.ts';

const rows = (steps: readonly number[]) => steps.map((step) => ({ step, bytes: 100 }));

test('of each tag the first and every n-th older image stay, and all newer ones', () => {
  const images = [rows([0, 10, 20, 30, 40, 50]), rows([0])];
  // Of 0, 10, 20, 30 stay 0 and 20 (every second) or 0 and 30 (every third).
  expect(countThinned(images, { olderThanStep: 40, every: 2 })).toEqual({ images: 2, bytes: 200 });
  expect(countThinned(images, { olderThanStep: 40, every: 3 })).toEqual({ images: 2, bytes: 200 });
  expect(countThinned(images, { olderThanStep: 40, every: 100 })).toEqual({ images: 3, bytes: 300 });
  expect(countThinned(images, { olderThanStep: 10, every: 2 })).toEqual({ images: 0, bytes: 0 });
});
