import { expect, test } from 'vitest';
import { COLOUR_COUNT, dashFor, giveColours } from '../../../src/renderer/state/colours.ts';

const ids = Array.from({ length: 20 }, (_, index) => `run-${String(index).padStart(2, '0')}`);

test('runs made one after the other have different colours, as many as there are', () => {
  const slots = giveColours({}, ids.slice(0, COLOUR_COUNT));
  expect(new Set(Object.values(slots)).size).toBe(COLOUR_COUNT);
});

test('a run keeps its colour whatever comes and goes', () => {
  const before = giveColours({}, ids.slice(0, 5));
  const after = giveColours(before, ids.slice(3));
  for (const id of ids.slice(0, 5)) expect(after[id]).toBe(before[id]);
  expect(giveColours(after, ids)).toBe(after);
});

test('compared runs of one colour differ in their dashes', () => {
  const slots = { a: 1, b: 1, c: 2 };
  const dashes = ['a', 'b', 'c'].map((id) => dashFor(slots, ['a', 'b', 'c'], id).join());
  expect(dashes[0]).toBe('');
  expect(dashes[1]).not.toBe('');
  expect(dashes[2]).toBe('');
});
