import { expect, test } from 'vitest';
import { stepThrough } from '../../../src/renderer/state/plot-keys.ts';

test('arrows go through all runs, stop at both ends, and begin at the nearer end', () => {
  expect([0, 1, 2].map((index) => stepThrough(index, 'ArrowDown', null, 3))).toEqual([1, 2, 2]);
  expect([0, 1, 2].map((index) => stepThrough(index, 'ArrowUp', null, 3))).toEqual([0, 0, 1]);
  expect([stepThrough(-1, 'ArrowDown', null, 3), stepThrough(-1, 'ArrowUp', null, 3)]).toEqual([0, 2]);
  expect([stepThrough(1, 'Home', null, 3), stepThrough(1, 'End', null, 3)]).toEqual([0, 2]);
});

test('runs that stand back are passed over, and other keys lead nowhere', () => {
  const front = [false, true, false, true];
  expect(stepThrough(-1, 'ArrowDown', front, 4)).toBe(1);
  expect(stepThrough(1, 'ArrowDown', front, 4)).toBe(3);
  expect(stepThrough(1, 'ArrowUp', front, 4)).toBe(1);
  expect(stepThrough(-1, 'ArrowDown', [false], 1)).toBe(-1);
  expect(stepThrough(1, 'Tab', front, 4)).toBeNull();
});
