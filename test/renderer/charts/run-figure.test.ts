import { expect, test } from 'vitest';
import { drawParallelFigure, drawScatterFigure, type RunFigure } from '../../../src/renderer/charts/run-figure.ts';

const measure = (text: string) => text.length * 4.5;
const NONE = Number.NaN;

function axis(name: string, ...places: number[]) {
  return { name, places: Float64Array.from(places), ticks: [{ place: 0, label: '0' }, { place: 1, label: '<1>' }] }; // prettier-ignore
}

function runs(changes: Partial<RunFigure> = {}): RunFigure {
  return { names: ['one', 'two'], colours: ['#0a6fc2', '#d9720b'], front: null, ramp: null, ...changes };
}

test('a run is one line through its axes, broken where it has no value, a dot where it has but one', () => {
  const axes = [axis('a', 0, 1), axis('b', 0.5, NONE), axis('c', 1, 0)];
  const { svg, width, height } = drawParallelFigure(runs(), axes, measure);
  expect([width, height]).toEqual([420, 250 + 13 + 6]);
  // The axes go from 240 up to 32 and stand 191.75 apart, from 10.25 on.
  const [left, middle, right] = [10.25, 202, 393.75];
  expect(svg).toContain(`d="M${left} 240L${middle} 136L${right} 32" stroke="#0a6fc2"`);
  expect(svg).toContain(`d="M${left} 32h0M${right} 240h0" stroke="#d9720b"`);
  expect(svg).not.toContain('NaN');
  expect(svg).toContain('>&#60;1&#62;</text>');
  expect(svg).toContain('>two</text>');
});

test('runs that are not selected lie grey under the others, and are not in the legend', () => {
  const { svg } = drawParallelFigure(runs({ front: [true, false] }), [axis('a', 0, 1), axis('b', 1, 0)], measure);
  expect(svg.indexOf('#e2e2e2')).toBeLessThan(svg.indexOf('#0a6fc2'));
  expect(svg).not.toContain('>two</text>');
});

test('more axes than fit make a wider figure', () => {
  const axes = Array.from({ length: 9 }, (_, index) => axis(`generatorLearningRate ${index}`, 0, 1));
  // Eight distances of 58 between them, and half a name of 103.5 and 8 at each side, 16 for the last axis' numbers.
  expect(drawParallelFigure(runs(), axes, measure).width).toBe(Math.ceil(8 * 58 + 103.5 + 16 + 16));
});

test('points stand where the axes say; a run without one of the values has none', () => {
  const { svg, width } = drawScatterFigure(runs(), axis('rate', 0, 0.5), axis('loss/d', 1, NONE), measure);
  expect(width).toBe(420);
  expect(svg).toContain('<circle cx="56" cy="10" r="2.4" fill="#0a6fc2"');
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).toContain('>rate</text>');
  expect(svg).toContain('>loss/d</text>');
});

test('colours by a value are explained by a ramp in place of names', () => {
  const others = [{ label: '2 not finite', colour: '#c0322f' }];
  const ramp = { title: 'loss/g', low: '0.1', high: '3', colours: ['#440154', '#7ad151'], others };
  const { svg } = drawScatterFigure(runs({ ramp }), axis('rate', 0, 1), axis('loss/d', 1, 0), measure);
  expect(svg).toContain('>loss/g</text>');
  expect(svg).toContain('fill="#7ad151"');
  expect(svg).toContain('>2 not finite</text>');
  expect(svg).not.toContain('>one</text>');
});
