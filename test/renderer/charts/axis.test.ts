import { expect, test } from 'vitest';
import {
  formatClock,
  placeOn,
  stepsBetween,
  timeStep,
  xExtent,
  type RunClock,
} from '../../../src/renderer/charts/axis.ts';
import { toColumns } from '../../../src/renderer/charts/columns.ts';

const startMs = Date.UTC(2026, 10, 21, 12);
const clock: RunClock = { startMs, epochsPerStep: 64 / 6400 };

function run(stepMs: number, count = 5) {
  const steps = Float64Array.from({ length: count }, (_, index) => index * 100);
  return toColumns({
    kind: 'points',
    tag: 't',
    steps,
    values: Float32Array.from(steps),
    wallMs: steps.map((step) => startMs + step * stepMs),
  });
}

test('the same columns stand at steps, at seconds since the start, at the time of day, and at epochs', () => {
  const columns = run(50);
  expect([...placeOn('step', columns, clock)]).toEqual([0, 100, 200, 300, 400]);
  expect([...placeOn('relative', columns, clock)]).toEqual([0, 5, 10, 15, 20]);
  expect(placeOn('wall', columns, clock)[2]).toBe(startMs / 1000 + 10);
  expect([...placeOn('epoch', columns, clock)]).toEqual([0, 1, 2, 3, 4]);
});

test('a stretch of time is the steps that any run made in it, one entry wider on each side', () => {
  const [fast, slow] = [run(10), run(100)];
  const curves = [fast, slow].map((columns) => ({ columns, x: placeOn('relative', columns, clock) }));
  // Ten to twenty seconds: the fast run was over at four, the slow one went from step 100 to 200.
  expect(stepsBetween(curves, { min: 10, max: 20 })).toEqual({ min: 0, max: 300 });
  expect(stepsBetween(curves, { min: 1, max: 2 })).toEqual({ min: 0, max: 300 });
  expect(stepsBetween(curves, { min: 500, max: 600 })).toBeNull();
});

test('the extent of times comes from the curves, that of steps from the page', () => {
  const places = [run(10), run(100)].map((columns) => placeOn('relative', columns, clock));
  expect(xExtent('relative', places, { min: 0, max: 9 })).toEqual({ min: 0, max: 40 });
  expect(xExtent('step', places, { min: 0, max: 9 })).toEqual({ min: 0, max: 9 });
  const unknown = placeOn('epoch', run(10), { startMs, epochsPerStep: Number.NaN });
  expect(xExtent('epoch', [unknown], { min: 0, max: 9 })).toEqual({ min: 0, max: 1 });
});

test('ticks of time stand at whole seconds, minutes and hours', () => {
  expect(timeStep('relative', { min: 0, max: 90 }, 7)).toBe(15);
  expect(timeStep('relative', { min: 0, max: 3600 }, 7)).toBe(600);
  expect(timeStep('wall', { min: 0, max: 30 * 86_400 }, 7)).toBe(604_800);
  expect(timeStep('step', { min: 0, max: 3600 }, 7)).toBeUndefined();
});

test('times read as a clock', () => {
  expect([0.52, 45, 90, 7500].map(formatClock)).toEqual(['0.5 s', '45 s', '1:30', '2:05:00']);
});
