import { expect, test } from 'vitest';
import { toColumns } from '../../../src/renderer/charts/columns.ts';
import { chartCsv } from '../../../src/renderer/charts/table.ts';

test('a line an entry, with what was drawn beside what was recorded', () => {
  const columns = toColumns({
    kind: 'points',
    tag: 'loss/d',
    steps: Float64Array.of(1, 2),
    values: Float32Array.of(0.1, Infinity),
    wallMs: Float64Array.of(Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 21, 0, 0, 1)),
  });
  expect(chartCsv([{ label: 'a, b', columns, smoothed: [0.1, 0.5] }])).toBe(
    [
      'curve,step,wall_time,value,min,max,non_finite,smoothed',
      '"a, b",1,2026-11-21T00:00:00.000Z,0.1,0.1,0.1,0,0.1',
      '"a, b",2,2026-11-21T00:00:01.000Z,inf,NaN,NaN,1,0.5',
      '',
    ].join('\n'),
  );
});
