import { describe, expect, it } from 'vitest';
import { splitGroups } from '../../../src/renderer/charts/own-charts.ts';

const split = (...groups: [key: string, tags: string[]][]) =>
  splitGroups(groups.map(([key, tags]) => ({ key, tags }))).map(({ key, tags }) => `${key}: ${tags.join(' ')}`);

describe('charts of a run', () => {
  it('gives scalars without a common scale a chart each, and keeps together what is read against each other', () => {
    expect(split(['toy', ['toy/modes', 'toy/std_1', 'toy/std_2', 'toy/hq_frac']])).toEqual([
      'toy/modes: toy/modes',
      'toy/hq_frac: toy/hq_frac',
      'toy/std: toy/std_1 toy/std_2',
    ]);
    expect(split(['loss', ['loss/d', 'loss/g']])).toEqual(['loss: loss/d loss/g']);
  });

  it('shows what the recipe is judged by first, and time, rates and memory last', () => {
    const order = split(
      ['nan', ['nan/count']],
      ['time', ['time/step_ms']],
      ['loss', ['loss/d']],
      ['grid', ['grid/parity']],
      ['began', ['began/balance', 'began/k_t']],
      ['convergence', ['convergence/m_global']],
    ).map((chart) => chart.split(':')[0]);
    expect(order).toEqual(['convergence', 'began/k_t', 'began/balance', 'loss', 'grid/parity', 'time', 'nan']);
  });
});
