// A line in pieces and pixel by pixel against chart.js's own segments: every stretch is drawn once, and nothing over a gap.

import type { Chart, LineElement } from 'chart.js';
import { describe, expect, it } from 'vitest';
import { drawLine } from '../../../src/renderer/charts/lines.ts';
import { columnsOf, fillColumns } from '../../../src/renderer/charts/pixel-columns.ts';

interface Stroke {
  readonly places: [number, number][];
  readonly dashOffset: number;
}

interface Settings {
  readonly segments: readonly { readonly start: number; readonly end: number }[];
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly ratio?: number;
  /** Between two points. */
  readonly distance?: number;
}

/** What a canvas was told to stroke and to fill. */
function record(count: number, { segments, width = 1.5, dash = [], ratio = 1, distance = 3 }: Settings) {
  const strokes: Stroke[] = [];
  const rectangles: number[][] = [];
  let places: [number, number][] = [];
  const context = {
    ...{ lineDashOffset: 0, save() {}, restore() {}, rect() {}, clip() {}, setLineDash() {} },
    beginPath: () => void (places = []),
    lineTo: (x: number, y: number) => void places.push([x, y]),
    stroke: () => void strokes.push({ places, dashOffset: context.lineDashOffset }),
    fillRect: (...of: number[]) => void rectangles.push(of),
  };
  const chartArea = { left: 0, right: 100, top: 0, bottom: 100 };
  const chart = { ctx: context, chartArea, currentDevicePixelRatio: ratio } as unknown as Chart;
  const points = Array.from({ length: count }, (_, at) => ({ x: distance * at, y: 4 * (at % 2) }));
  const options = { borderColor: 'red', borderWidth: width, borderDash: dash, borderJoinStyle: 'bevel' };
  const line = { points, segments, options } as unknown as LineElement;
  return { strokes, rectangles, isOurs: drawLine(chart, line) === false };
}

describe('in pieces', () => {
  it('each stretch between two points is drawn once, dashes going on', () => {
    const { strokes, isOurs } = record(100, { segments: [{ start: 0, end: 99 }], dash: [5, 3] });
    expect(isOurs).toBe(true);
    expect(strokes.length).toBeGreaterThan(2);
    const stretches = strokes.flatMap(({ places }) => places.slice(1).map(([x], at) => [places[at]![0], x]));
    expect(stretches).toEqual(Array.from({ length: 99 }, (_, at) => [3 * at, 3 * at + 3]));
    let length = 0;
    for (const { places, dashOffset } of strokes) {
      expect(dashOffset).toBe(length);
      length += 5 * (places.length - 1);
    }
  });

  it('a gap stays one', () => {
    const segments = [
      { start: 2, end: 40 },
      { start: 45, end: 99 },
    ];
    const { strokes } = record(100, { segments });
    const covered = strokes.flatMap(({ places }) => places.slice(1).map(([x]) => x / 3));
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
    expect(covered).toEqual([...range(3, 40), ...range(46, 99)]);
  });

  it('short and thin lines are left to chart.js', () => {
    expect(record(30, { segments: [{ start: 0, end: 29 }] }).isOurs).toBe(false);
    expect(record(100, { segments: [{ start: 0, end: 99 }], width: 1 }).isOurs).toBe(false);
  });
});

describe('pixel by pixel', () => {
  const whole = [{ start: 0, end: 399 }];

  it('a line of more points than pixels is a rectangle a column, as high as the line runs there', () => {
    const { rectangles, strokes } = record(400, { segments: whole, distance: 0.25 });
    expect(strokes).toEqual([]);
    expect(rectangles).toEqual(Array.from({ length: 100 }, (_, column) => [column, -0.75, 1, 5.5]));
  });

  it('columns are those of the screen; where they are no whole number, or there are dashes, there are none', () => {
    expect(record(400, { segments: whole, distance: 0.25, ratio: 2 }).rectangles).toHaveLength(200);
    expect(record(400, { segments: whole, distance: 0.25, ratio: 1.25 }).rectangles).toEqual([]);
    expect(record(400, { segments: whole, distance: 0.25, dash: [2, 2] }).rectangles).toEqual([]);
  });

  it('a slope belongs to all columns that it crosses, a gap to none', () => {
    const slope = [
      { x: 0.5, y: 10 },
      { x: 4.5, y: 50 },
    ];
    const { first, tops, bottoms } = columnsOf(slope, { left: 1, right: 6 }, 1);
    expect([first, [...tops], [...bottoms]]).toEqual([1, [15, 25, 35, 45, Infinity], [25, 35, 45, 50, -Infinity]]);
    const fine = columnsOf(slope, { left: 0, right: 4 }, 2);
    expect([fine.first, [...fine.tops], [...fine.bottoms]]).toEqual([
      0,
      [Infinity, 10, 15, 20],
      [-Infinity, 15, 20, 25],
    ]);
    const segments = [
      { start: 0, end: 100 },
      { start: 200, end: 399 },
    ];
    const lefts = record(400, { segments, distance: 0.25 }).rectangles.map(([left]) => left);
    expect(lefts.filter((left) => left! > 25 && left! < 50)).toEqual([]);
    expect(lefts).toHaveLength(76);
  });

  it('a band goes from its upper line to its lower one', () => {
    const rectangles: number[][] = [];
    const context = { fillRect: (...of: number[]) => void rectangles.push(of) };
    const chart = { ctx: context, chartArea: { left: 0, right: 4 }, currentDevicePixelRatio: 1 } as unknown as Chart;
    const upper = [0.5, 1.5, 2.5].map((x) => ({ x, y: 10 }));
    const lower = [0.5, 1.5, 2.5].map((x) => ({ x, y: x === 1.5 ? 50 : 20 }));
    fillColumns(chart, upper, lower, 0);
    expect(rectangles).toEqual([
      [0, 10, 1, 25],
      [1, 10, 1, 40],
      [2, 10, 1, 25],
    ]);
  });
});
