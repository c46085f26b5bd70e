import { describe, expect, it } from 'vitest';
import { rowOf, shapeOf, valueRange } from '../../../src/renderer/charts/heat-map.ts';
import { splitGroups } from '../../../src/renderer/charts/own-charts.ts';
import { HISTOGRAM_BUCKETS, type Histograms } from '../../../src/shared/series.ts';

function histograms(...rows: (readonly [step: number, min: number, max: number])[]): Histograms {
  return {
    tag: 'hist/z',
    steps: Float64Array.from(rows, ([step]) => step),
    min: Float32Array.from(rows, ([, min]) => min),
    max: Float32Array.from(rows, ([, , max]) => max),
    nonFinite: new Uint32Array(rows.length),
    merged: new Uint32Array(rows.length).fill(1),
    counts: Float32Array.from({ length: rows.length * HISTOGRAM_BUCKETS }, (_, at) => at % HISTOGRAM_BUCKETS),
  };
}

describe('a heat-map', () => {
  it('spans all finite values, and has room around a single one', () => {
    expect(valueRange(histograms([1, -2, 1], [2, NaN, NaN], [3, 0, 4]))).toEqual({ min: -2, max: 4 });
    expect(valueRange(histograms([1, 0, 0]))).toEqual({ min: -0.1, max: 0.1 });
    expect(valueRange(histograms([1, NaN, NaN]))).toBeNull();
    expect(valueRange(histograms())).toBeNull();
  });

  it('shows a step in the row it belongs to, later ones in the last', () => {
    const three = histograms([50, 0, 1], [100, 0, 1], [150, 0, 1]);
    expect([1, 50, 51, 150, 900, Infinity].map((step) => rowOf(three, step))).toEqual([0, 0, 1, 2, 2, 2]);
    expect(rowOf(histograms(), 5)).toBe(-1);
  });

  it('shows each part as a share of the fullest', () => {
    const shape = shapeOf(histograms([1, 0, 1], [2, 0, 1]), 1);
    expect([shape[0], shape[29], shape.length]).toEqual([0, 1, HISTOGRAM_BUCKETS]);
  });
});

describe('charts of their own', () => {
  it('have scalars of one group that share no scale; what BEGAN is judged by comes first', () => {
    const groups = [
      { key: 'loss', tags: ['loss/d', 'loss/g'] },
      { key: 'began', tags: ['began/balance', 'began/k_t'] },
      { key: 'convergence', tags: ['convergence/m_global'] },
      { key: 'grid', tags: ['grid/parity', 'grid/ssim_fake', 'grid/ssim_real'] },
    ];
    expect(splitGroups(groups).map(({ key, tags }) => [key, ...tags])).toEqual([
      ['convergence', 'convergence/m_global'],
      ['began/k_t', 'began/k_t'],
      ['began/balance', 'began/balance'],
      ['loss', 'loss/d', 'loss/g'],
      ['grid/parity', 'grid/parity'],
      ['grid/ssim', 'grid/ssim_fake', 'grid/ssim_real'],
    ]);
  });
});
