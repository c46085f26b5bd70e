// Places, marks, ticks and brushes of an axis that compares runs.

import { expect, test } from 'vitest';
import {
  brushedPart,
  extendBrush,
  makeAxis,
  moveBrush,
  positionAt,
  runsInside,
  shareOf,
  stopsOf,
  ticksOf,
  type Brush,
} from '../../../src/renderer/charts/value-axis.ts';

const inside = (axis: ReturnType<typeof makeAxis>, brush: Brush) => runsInside([{ axis, brush }], axis.places.length);
const markName = (mark: string): string => mark;

test('numbers stand in order between the ends, and a logarithm gives each power of ten the same length', () => {
  const linear = makeAxis([0, 5, 10], false);
  expect(linear.places[1]! - linear.places[0]!).toBeCloseTo(linear.places[2]! - linear.places[1]!);
  const log = makeAxis([1e-4, 1e-3, 1e-2], true);
  expect(log.places[1]! - log.places[0]!).toBeCloseTo(log.places[2]! - log.places[1]!);
  expect(Array.from(log.places, (place) => shareOf(log, place))).toEqual([0, expect.closeTo(0.5), 1]);
});

test('one value alone stands in the middle', () => {
  expect(makeAxis([3, 3], false).places[0]).toBeCloseTo(0.5);
});

test('what no scale can hold stands on marks at the ends, in order, and has no share of the colours', () => {
  const axis = makeAxis([1, Number.NaN, Infinity, 0, -Infinity, 10, undefined], true);
  expect(axis.marks).toEqual(['nan', '-inf', 'low', '+inf']);
  expect(axis.missing).toBe(1);
  const [one, nan, up, zero, down, ten, none] = axis.places;
  expect(
    [nan!, down!, zero!, one!, ten!, up!].every((place, index, all) => index === 0 || place > all[index - 1]!),
  ).toBe(true);
  expect(none).toBeNaN();
  expect([nan!, down!, zero!, up!].map((place) => shareOf(axis, place))).toEqual([NaN, NaN, NaN, NaN]);
});

test('zero is a number on a linear axis, and an axis without a positive number has no logarithm', () => {
  expect(makeAxis([0, 1], false).marks).toEqual([]);
  expect(makeAxis([-1, 0], true)).toMatchObject({ canLog: false, isLog: false });
});

test('words and switches are categories, in the order of the table, then by name', () => {
  const axis = makeAxis(['tanh', 'relu', undefined, 'swish', 'layer10', 'layer9'], false, ['relu', 'tanh']);
  expect(axis.categories).toEqual(['relu', 'tanh', 'layer9', 'layer10', 'swish']);
  expect(axis.places[1]).toBeCloseTo(0.1);
  expect(axis.places[2]).toBeNaN();
  expect(makeAxis([true, false], false).categories).toEqual(['false', 'true']);
});

test('a brush holds the runs between its ends, in whichever direction it was drawn, and none without the value', () => {
  const axis = makeAxis([0, 1, 2, 3, undefined], false);
  expect(inside(axis, { from: 1, to: 2 })).toEqual([1, 2]);
  expect(inside(axis, { from: 3, to: 2 })).toEqual([2, 3]);
  expect(inside(axis, { from: positionAt(axis, 0), to: positionAt(axis, 1) })).toEqual([0, 1, 2, 3]);
});

test('brushes of several axes hold what is inside all of them', () => {
  const size = makeAxis([16, 32, 64, 32], false);
  const loss = makeAxis([1, 2, 3, 4], false);
  const brushed = [
    { axis: size, brush: { from: 20, to: 70 } },
    { axis: loss, brush: { from: 1.5, to: 3 } },
  ];
  expect(runsInside(brushed, 4)).toEqual([1, 2]);
  expect(runsInside([], 4)).toEqual([0, 1, 2, 3]);
});

test('a brush over a mark holds the runs on it alone', () => {
  const axis = makeAxis([1, Number.NaN, 2, Number.NaN, Infinity], false);
  const low = positionAt(axis, 0.01);
  expect(low).toBe('nan');
  expect(inside(axis, { from: low, to: low })).toEqual([1, 3]);
  expect(inside(axis, { from: 2, to: '+inf' })).toEqual([2, 4]);
});

test('a brush keeps its values when runs arrive that stretch the axis, or take its mark away', () => {
  const before = makeAxis([1, 2, 3], false);
  const brush: Brush = { from: positionAt(before, before.places[1]!), to: positionAt(before, 1) };
  expect(inside(makeAxis([1, 2, 3, 100], false), brush)).toEqual([1, 2]);
  expect(inside(makeAxis([1, 2], false), { from: 'nan', to: 'nan' })).toEqual([]);
});

test('categories are taken whole', () => {
  const axis = makeAxis(['a', 'b', 'c', 'b'], false);
  const position = positionAt(axis, 0.4);
  expect(inside(axis, { from: position, to: position })).toEqual([1, 3]);
  expect(brushedPart(axis, { from: 1, to: 2 })).toEqual({ min: 1 / 3, max: 1 });
});

test('Shift and an arrow begin a brush at an end and carry its other end on; arrows move it whole', () => {
  const axis = makeAxis(['a', 'b', 'c'], false);
  const first = extendBrush(axis, undefined, 1);
  expect(inside(axis, first)).toEqual([0]);
  const second = extendBrush(axis, first, 1);
  expect(inside(axis, second)).toEqual([0, 1]);
  expect(inside(axis, extendBrush(axis, second, -1))).toEqual([0]);
  expect(inside(axis, moveBrush(axis, second, 1))).toEqual([1, 2]);
  const top = extendBrush(axis, undefined, -1);
  expect(inside(axis, top)).toEqual([2]);
  expect(moveBrush(axis, top, 1)).toEqual(top);
});

test('the keys stop at every mark and reach both ends of the numbers', () => {
  const axis = makeAxis([0, 10, Number.NaN, Infinity], false);
  const stops = stopsOf(axis);
  expect([stops[0], stops[1], stops.at(-2), stops.at(-1)]).toEqual(['nan', 0, 10, '+inf']);
  const first = extendBrush(axis, undefined, 1);
  expect(inside(axis, first)).toEqual([2]);
  const whole = stops.reduce((brush) => extendBrush(axis, brush, 1), first);
  expect(inside(axis, whole)).toEqual([0, 1, 2, 3]);
});

test('few values are their own ticks; many get round ones; marks have names', () => {
  const labels = (axis: ReturnType<typeof makeAxis>) => ticksOf(axis, 8, markName).map(({ label }) => label);
  expect(labels(makeAxis([16, 32, 64, 64, Number.NaN], true))).toEqual(['nan', '16', '32', '64']);
  expect(labels(makeAxis([2e-4, 4e-4, 1.5e-3], true))).toEqual(['2e−4', '4e−4', '0.0015']);
  expect(labels(makeAxis(Array.from({ length: 50 }, (_, index) => index / 49), false))).toEqual(
    ['0', '0.2', '0.4', '0.6', '0.8', '1'],
  ); // prettier-ignore
  expect(labels(makeAxis(['b', 'a'], false))).toEqual(['a', 'b']);
});
