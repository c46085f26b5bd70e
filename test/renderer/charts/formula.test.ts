import { expect, test } from 'vitest';
import { toColumns, type Columns } from '../../../src/renderer/charts/columns.ts';
import { evaluateFormula, parseFormula, type Formula } from '../../../src/renderer/charts/formula.ts';

function series(steps: number[], values: number[]): Columns {
  return toColumns({
    kind: 'points',
    tag: 't',
    steps: Float64Array.from(steps),
    values: Float32Array.from(values),
    wallMs: Float64Array.from(steps),
  });
}

function parsed(source: string): Formula {
  const formula = parseFormula(source);
  if ('problem' in formula) throw new Error(formula.problem);
  return formula;
}

function compute(source: string, columns: Record<string, Columns>): number[] {
  return [...(evaluateFormula(parsed(source), (tag) => columns[tag])?.last ?? [])];
}

const columns = { 'loss/d': series([0, 1, 2], [1, 2, 4]), 'loss/g': series([0, 1, 2], [4, 2, 0]) };

test('a slash inside a name belongs to the tag, one with spaces divides', () => {
  expect(compute('loss/d - loss/g', columns)).toEqual([-3, 0, 4]);
  expect(compute('loss/d / loss/g', columns)).toEqual([0.25, 1, Infinity]);
  expect(parsed('loss/d / loss/g + loss/d').tags).toEqual(['loss/d', 'loss/g']);
});

test('products before sums, brackets before both, signs and functions', () => {
  expect(compute('loss/d + 2 * loss/g', columns)).toEqual([9, 6, 4]);
  expect(compute('(loss/d + 2) * loss/g', columns)).toEqual([12, 8, 0]);
  expect(compute('-loss/d + 1e1', columns)).toEqual([9, 8, 6]);
  expect(compute('sqrt(loss/d) * abs(-1)', columns)).toEqual([1, Math.fround(Math.SQRT2), 2]);
});

test('where the other scalar is not recorded its last value holds, and nothing before its first', () => {
  const sparse = { a: series([0, 5, 10, 15], [1, 1, 1, 1]), b: series([5, 14], [3, 7]) };
  expect(compute('a + b', sparse)).toEqual([Number.NaN, 4, 4, 8]);
});

test('what is not finite is marked, also inside a bucket whose last value is sound', () => {
  const broken = evaluateFormula(parsed('loss/d / loss/g'), (tag) => columns[tag as keyof typeof columns])!;
  expect([...broken.nonFinite]).toEqual([0, 0, 1]);
  const bucket = { ...series([9], [1]), nonFinite: Uint32Array.of(3), bucketed: true };
  expect(evaluateFormula(parsed('a - 1'), () => bucket)!.nonFinite[0]).toBe(1);
});

test('a scalar that a run does not have gives no curve', () => {
  expect(evaluateFormula(parsed('loss/d - nope'), (tag) => columns[tag as keyof typeof columns])).toBeUndefined();
});

test.each([
  ['', 'expected a scalar, such as loss/d'],
  ['loss/d -', 'it ends too early'],
  ['(loss/d', 'a bracket is not closed'],
  ['loss/d loss/g', '“loss/g” is not expected there'],
  ['loss/d ^ 2', '“^” is not expected there'],
])('%j is refused with a sentence', (source, problem) => {
  expect(parseFormula(source)).toEqual({ problem });
});
