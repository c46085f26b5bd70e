import { expect, test } from 'vitest';
import {
  drawHeatMapFigure,
  drawRidgeFigure,
  type HistogramFigure,
} from '../../../src/renderer/charts/histogram-figure.ts';
import { HISTOGRAM_BUCKETS as BUCKETS, type Histograms } from '../../../src/shared/series.ts';

const measure = (text: string) => text.length * 4.5;

/** Rows over [0, 3], each part a tenth wide; `counts` by part. */
function histograms(...rows: Readonly<Record<number, number>>[]): Histograms {
  return {
    tag: 'hist/z',
    steps: Float64Array.from(rows, (_, row) => 50 * (row + 1)),
    min: new Float32Array(rows.length),
    max: new Float32Array(rows.length).fill(3),
    nonFinite: new Uint32Array(rows.length),
    merged: new Uint32Array(rows.length).fill(1),
    counts: Float32Array.from(
      { length: rows.length * BUCKETS },
      (_, at) => rows[Math.floor(at / BUCKETS)]![at % BUCKETS] ?? 0,
    ),
  };
}

function figure(changes: Partial<HistogramFigure> = {}): HistogramFigure {
  return {
    title: 'Latents', run: 'seed 1', stepLabel: 'Step', valueLabel: 'Value', shareLabel: 'Share', range: { min: 0, max: 3 },
    end: 100, colour: '#000000', histograms: histograms({ 0: 4, 29: 1 }, { 29: 9 }), ...changes,
  }; // prettier-ignore
}

test('parts of a heat-map stand where the axes say, in the tone of their share', () => {
  const { svg, width, height } = drawHeatMapFigure(figure(), measure);
  // The plot is 352 points wide from 56 and 204 high down to 227; a part is 6.8 high.
  expect([width, height]).toEqual([420, 282]);
  // A quarter is half the way from white to black, for the root; the full ones are black.
  expect(svg).toContain('<path d="M56 23H232.2V30H56z" fill="#808080"/>');
  expect(svg).toContain('<path d="M56 220.2H232.2V227.2H56zM232 23H408V30H232z" fill="#000000"/>');
  expect(svg.match(/fill="#[0-9a-f]{6}"\/>/g)!.length).toBe(2 + 24);
});

test('title, run, axes and the bar of colours are texts', () => {
  const { svg } = drawHeatMapFigure(figure({ run: 'a < b' }), measure);
  const texts = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual([
    ...['Latents', 'a &#60; b', '0', '20', '40', '60', '80', '100', '0', '0.5', '1', '1.5', '2', '2.5', '3'],
    ...['Step', 'Value', 'Share', '0', '1'],
  ]);
});

test('a run with a long name stands on a line of its own', () => {
  const [short, long] = [drawHeatMapFigure(figure(), measure), drawHeatMapFigure(figure({ run: 'n'.repeat(80) }), measure)]; // prettier-ignore
  expect(long.height - short.height).toBe(13);
});

test('a step with values that are not finite has a mark on the axis, and one without any other value has no shape', () => {
  const odd = { ...histograms({ 0: 1 }, {}), nonFinite: Uint32Array.of(0, 5), min: Float32Array.of(0, NaN), max: Float32Array.of(3, NaN) }; // prettier-ignore
  const map = drawHeatMapFigure(figure({ histograms: odd }), measure).svg;
  expect(map).toContain('<path d="M408 221l-3 6h6z" fill="#c0322f"/>');
  expect(map).not.toContain('NaN');
  const ridges = drawRidgeFigure(figure({ histograms: odd }), measure).svg;
  expect(ridges.match(/stroke="#fff"/g)).toHaveLength(1);
  expect(ridges).not.toContain('NaN');
});

test('ridges have their step at their foot, the newest in front', () => {
  const many = histograms(...Array.from({ length: 40 }, () => ({ 15: 1 })));
  const { svg } = drawRidgeFigure(figure({ histograms: many }), measure);
  const steps = [...svg.matchAll(/<g font-size="7.5"><text [^>]*>(\d+)</g)].map(([, step]) => Number(step));
  expect(steps).toHaveLength(16);
  expect([steps[0], steps.at(-1)]).toEqual([50, 2000]);
  // The top of the only full part, in the middle of the axis: 2.6 distances of 204 / 18 above its foot.
  expect(svg).toContain('L237.87 27.53L');
});
