import { expect, test } from 'vitest';
import { toColumns } from '../../../src/renderer/charts/columns.ts';
import { pairSteps } from '../../../src/renderer/charts/pairs.ts';

test('only steps that both series have make a path', () => {
  const at = (...steps: number[]) => {
    const column = Float64Array.from(steps);
    return toColumns({ kind: 'points', tag: 't', steps: column, values: Float32Array.from(steps), wallMs: column });
  };
  expect(pairSteps(at(0, 1, 2, 4), at(1, 2, 3, 4, 5))).toEqual([
    [1, 0],
    [2, 1],
    [3, 3],
  ]);
});
