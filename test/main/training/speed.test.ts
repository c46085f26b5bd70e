import { expect, it } from 'vitest';
import { createSpeedometer } from '../../../src/main/training/speed.ts';

it('tells steps a second over the last seconds, fast or slow, and forgets what was before a pause', () => {
  const speed = createSpeedometer();
  expect(speed.stepsPerSecond()).toBeNull();
  let nowMs = 1000;
  const run = (steps: number, stepMs: number) => {
    for (let step = 0; step < steps; step++) speed.count((nowMs += stepMs));
  };
  run(1, 10);
  expect(speed.stepsPerSecond()).toBeNull();
  run(5000, 2);
  expect(speed.stepsPerSecond()).toBeCloseTo(500, 0);
  run(100, 100);
  expect(speed.stepsPerSecond()).toBeCloseTo(10, 1);
  nowMs += 60_000;
  speed.restart();
  run(3, 8000);
  expect(speed.stepsPerSecond()).toBeCloseTo(0.125, 5);
});
