import { expect, test } from 'vitest';
import { plotCsv } from '../../../src/renderer/state/plot-csv.ts';
import { readAxis } from '../../../src/renderer/state/run-axes.ts';
import { sampleSummary } from './sample-summary.ts';

test('values are written as recorded: no place on an axis, no rounding, a gap for none', () => {
  const runs = [
    sampleSummary(1, { name: 'a, "b"', seed: 7, lastValues: { 'loss/d': Math.fround(0.1) } }),
    sampleSummary(2, { seed: 8, lastValues: { 'loss/d': Number.NaN } }),
    sampleSummary(3, { seed: 9 }),
  ];
  const axes = (['setting:seed', 'scalar:loss/d'] as const).map((id) => readAxis(id, runs, () => undefined, null));
  expect(plotCsv(runs, axes, [true, false, true])).toBe(
    [
      'run,name,selected,seed,loss/d',
      '20261121-084631-k3x9,"a, ""b""",true,7,0.1',
      '20261121-084632-k3x9,run 2,false,8,NaN',
      '20261121-084633-k3x9,run 3,true,9,',
      '',
    ].join('\n'),
  );
});
