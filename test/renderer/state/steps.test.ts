import { expect, test } from 'vitest';
import { nearestStep, rowAt, stepAtOrBefore, stepFrom, unionOfSteps } from '../../../src/renderer/state/steps.ts';

const steps = [0, 100, 200, 500];

test('a step without a grid shows the nearest earlier one, never a later one', () => {
  expect([0, 99, 100, 499, 9999].map((step) => stepAtOrBefore(steps, step))).toEqual([0, 0, 100, 200, 500]);
  expect(stepAtOrBefore([10], 9)).toBeNull();
  expect(rowAt([{ step: 10 }, { step: 20 }], 19)).toEqual({ step: 10 });
  expect(rowAt([{ step: 10 }], 9)).toBeNull();
});

test('dragging lands on the recorded step that is nearest', () => {
  expect([-5, 40, 50, 51, 340, 360, 9999].map((target) => nearestStep(steps, target))).toEqual([
    0, 0, 0, 100, 200, 500, 500,
  ]);
  expect(nearestStep([], 3)).toBeNull();
});

test('arrow keys walk over recorded steps and stop at both ends', () => {
  expect(stepFrom(steps, 100, 1)).toBe(200);
  expect(stepFrom(steps, 0, -1)).toBe(0);
  expect(stepFrom(steps, 200, Infinity)).toBe(500);
  expect(stepFrom(steps, 200, -Infinity)).toBe(0);
  expect(stepFrom([], 0, 1)).toBeNull();
});

test('the bar of several runs has every step of each, once', () => {
  expect(unionOfSteps([[0, 50, 100], [0, 100, 200], []])).toEqual([0, 50, 100, 200]);
});
