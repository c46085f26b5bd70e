import { expect, test } from 'vitest';
import { drawFigure, type Figure, type FigureCurve } from '../../../src/renderer/charts/figure.ts';
import { linearTicks, logTicks, xTicks } from '../../../src/renderer/charts/ticks.ts';

const measure = (text: string) => text.length * 4.5;

function curve(changes: Partial<FigureCurve> = {}): FigureCurve {
  return { label: 'run a', colour: '#0a6fc2', dash: [], x: [0, 50, 100], y: [0, 2, 1], raw: null, band: null, nonFinite: [], ...changes }; // prettier-ignore
}

function figure(changes: Partial<Figure> = {}): Figure {
  return {
    xLabel: 'Step', yLabel: 'loss/d', axis: 'step', x: { min: 0, max: 100 }, y: { min: 0, max: 2 },
    scale: 'linear', linear: 1, curves: [curve()], references: [], ...changes,
  }; // prettier-ignore
}

/** The plot is 358 points wide from 50 and 204 high down to 214. */
const draw = (changes: Partial<Figure>) => drawFigure(figure(changes), measure).svg;

test('points of the curve stand where the axes say', () => {
  const { svg, width, height } = drawFigure(figure(), measure);
  expect([width, height]).toEqual([420, 269]);
  expect(svg).toContain('<path d="M50 214L229 10L408 112" stroke="#0a6fc2"');
  expect(svg).toContain('>Step</text>');
  expect(svg).toContain('>loss/d</text>');
  expect(svg).toContain('>run a</text>');
});

test('NaN leaves a gap, and a mark on the axis', () => {
  const svg = draw({ curves: [curve({ x: [0, 25, 50, 100], y: [0, Number.NaN, 2, 1], nonFinite: [25] })] });
  expect(svg).toContain('d="M50 214h0M229 10L408 112"');
  expect(svg).toContain('<path d="M139.5 208l-3 6h6z"');
  expect(svg).not.toContain('NaN');
});

test('a logarithmic axis is even in powers of ten, and what it cannot show lies on its floor', () => {
  const svg = draw({ scale: 'log', y: { min: 0.01, max: 100 }, curves: [curve({ y: [1, 100, 0.1] })] });
  expect(svg).toContain('d="M50 112L229 10L408 163"');
  const band = { min: [0, 0.01, 0.01], max: [1, 1, 1] };
  expect(draw({ scale: 'log', y: { min: 0.01, max: 100 }, curves: [curve({ band })] })).toContain('L50 214Z');
});

test('a smoothed line keeps the raw one faint under it, and a band is one closed shape', () => {
  const svg = draw({ curves: [curve({ raw: [0, 1, 2], band: { min: [0, 0, 0], max: [1, 2, 2] } })] });
  expect(svg.indexOf('fill-opacity=".16"')).toBeLessThan(svg.indexOf('stroke-opacity=".3"'));
  expect(svg).toContain('d="M50 112L229 10L408 10L408 214L229 214L50 214Z"');
});

test('names are escaped, and a legend that is too wide takes more lines', () => {
  const svg = draw({ curves: [curve({ label: 'a < b & "c"' })] });
  expect(svg).toContain('a &#60; b &#38; &#34;c&#34;');
  const many = Array.from({ length: 12 }, (_, index) => curve({ label: `a run with a long name ${index}` }));
  expect(drawFigure(figure({ curves: many }), measure).height).toBe(250 + 6 * 13 + 6);
});

test('ticks are round', () => {
  expect(linearTicks({ min: 0, max: 1.4 }, 7)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4]);
  expect(linearTicks({ min: -0.3, max: 0.3 }, 6)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  expect(logTicks({ min: 0.5, max: 30 }, 7)).toEqual([0.5, 1, 2, 5, 10, 20]);
  expect(logTicks({ min: 1e-6, max: 1e4 }, 6)).toEqual([1e-6, 1e-4, 1e-2, 1, 100, 1e4]);
  expect(xTicks('relative', { min: 0, max: 200 }, 7)).toEqual([0, 30, 60, 90, 120, 150, 180]);
});
