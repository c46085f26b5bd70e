// Which run is under the pointer.

import { expect, test } from 'vitest';
import { nearestLine, nearestPoint, type Lines, type Points } from '../../../src/renderer/charts/run-drawing.ts';

const frame = { left: 0, top: 0, width: 100, height: 100 };
const lines: Lines = {
  frame,
  across: [0, 100],
  // One line falls from the top to the bottom, one lies at a quarter, one has nothing on the second axis.
  places: [Float64Array.of(1, 0.25, 0.9), Float64Array.of(0, 0.25, Number.NaN)],
  colours: ['#000', '#000', '#000'],
  front: null,
};

test('the nearest line between two axes is found, however steep it is, and none that is out of reach', () => {
  expect(nearestLine(lines, 50, 52, 5)).toBe(0);
  // 7 pixels below the falling line, which is 4.9 pixels from it.
  expect(nearestLine(lines, 50, 57, 5)).toBe(0);
  expect(nearestLine(lines, 50, 74, 5)).toBe(1);
  expect(nearestLine(lines, 50, 20, 5)).toBe(-1);
});

test('a line that ends at an axis is found at its end alone', () => {
  expect(nearestLine(lines, 2, 11, 5)).toBe(2);
  expect(nearestLine(lines, 30, 10, 5)).toBe(-1);
});

test('runs that stand back are not found', () => {
  expect(nearestLine({ ...lines, front: [false, true, true] }, 50, 52, 5)).toBe(-1);
  const points: Points = {
    frame,
    x: Float64Array.of(0.5, 0.52, Number.NaN),
    y: Float64Array.of(0.5, 0.5, 0.5),
    colours: ['#000', '#000', '#000'],
    front: null,
  };
  expect(nearestPoint(points, 50, 50, 5)).toBe(0);
  expect(nearestPoint({ ...points, front: [false, true, true] }, 50, 50, 5)).toBe(1);
  expect(nearestPoint(points, 70, 50, 5)).toBe(-1);
});
