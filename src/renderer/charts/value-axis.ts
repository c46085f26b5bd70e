// One axis that compares runs: numbers on a linear or logarithmic scale, or categories. Every run has a place in [0, 1] from the
// low end; what no scale can hold (NaN, infinities, zero on a logarithm) stands on a mark of its own at an end of the axis.

import { formatTick, formatLogTick, type Extent } from './extent.ts';
import { linearTicks, logTicks } from './ticks.ts';

export type AxisValue = number | string | boolean | undefined;

/** From the low end of the axis; `+inf` alone stands at the high end. */
export const MARKS = ['nan', '-inf', 'low', '+inf'] as const;
export type Mark = (typeof MARKS)[number];

export interface Tick {
  readonly place: number;
  readonly label: string;
}

export interface ValueAxis {
  /** Null for an axis of categories. */
  readonly range: Extent | null;
  readonly isLog: boolean;
  /** True where every number is known to be positive, or some are, so that a logarithm shows something. */
  readonly canLog: boolean;
  readonly categories: readonly string[];
  /** Those that some run stands on, from low to high. */
  readonly marks: readonly Mark[];
  /** One a run; NaN for a run without the value. */
  readonly places: Float64Array;
  readonly missing: number;
}

/** Length of the axis that a mark takes. */
const SLOT = 0.06;
/** Free length beside the first and last value. */
const AIR = 0.03;

/** `order`: categories in the order to show them; others follow by name. */
export function makeAxis(values: readonly AxisValue[], wantsLog: boolean, order: readonly string[] = []): ValueAxis {
  const known = values.filter((value) => value !== undefined);
  const missing = values.length - known.length;
  if (known.some((value) => typeof value !== 'number')) return makeCategories(values, missing, order);
  const numbers = known as readonly number[];
  const canLog = numbers.some((value) => value > 0 && Number.isFinite(value));
  const isLog = wantsLog && canLog;
  const marks = MARKS.filter((mark) => numbers.some((value) => markOf(value, isLog) === mark));
  const inside = numbers.filter((value) => markOf(value, isLog) === null);
  const range = {
    min: inside.reduce((least, value) => Math.min(least, value), Infinity),
    max: inside.reduce((greatest, value) => Math.max(greatest, value), -Infinity),
  };
  const bare = { range: inside.length > 0 ? range : { min: 0, max: 1 }, isLog, canLog, categories: [], marks };
  const places = Float64Array.from(values, (value) => placeOfValue(bare, value as number | undefined));
  return { ...bare, places, missing };
}

function makeCategories(values: readonly AxisValue[], missing: number, order: readonly string[]): ValueAxis {
  const found = [...new Set(values.flatMap((value) => (value === undefined ? [] : [String(value)])))];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const categories = found.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }));
  const at = new Map(categories.map((name, index) => [name, (index + 0.5) / categories.length]));
  const places = Float64Array.from(values, (value) => at.get(String(value)) ?? Number.NaN);
  // A run without the value has no category, even where one is called "undefined".
  for (const [index, value] of values.entries()) if (value === undefined) places[index] = Number.NaN;
  return { range: null, isLog: false, canLog: false, categories, marks: [], places, missing };
}

function markOf(value: number, isLog: boolean): Mark | null {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return '+inf';
  if (value === -Infinity) return '-inf';
  return isLog && value <= 0 ? 'low' : null;
}

type Bare = Pick<ValueAxis, 'range' | 'isLog' | 'marks' | 'categories'>;

/** The part of the axis that numbers have, between the marks. */
function innerOf({ marks }: Bare): Extent {
  const high = marks.includes('+inf') ? 1 : 0;
  return { min: (marks.length - high) * SLOT + AIR, max: 1 - high * SLOT - AIR };
}

function placeOfValue(axis: Bare, value: number | undefined): number {
  if (value === undefined) return Number.NaN;
  const mark = markOf(value, axis.isLog);
  if (mark) return (slotOf(axis, mark).min + slotOf(axis, mark).max) / 2;
  const inner = innerOf(axis);
  const { min, max } = axis.range!;
  const of = (number: number): number => (axis.isLog ? Math.log10(number) : number);
  const share = max > min ? (of(value) - of(min)) / (of(max) - of(min)) : 0.5;
  return inner.min + share * (inner.max - inner.min);
}

function slotOf({ marks }: Bare, mark: Mark): Extent {
  if (mark === '+inf') return { min: 1 - SLOT, max: 1 };
  const index = marks.indexOf(mark);
  return { min: index * SLOT, max: (index + 1) * SLOT };
}

/** In [0, 1] over the numbers alone, for colours; NaN for what stands on a mark or has no value. */
export function shareOf(axis: ValueAxis, place: number): number {
  if (!axis.range) return place;
  const inner = innerOf(axis);
  const share = (place - inner.min) / (inner.max - inner.min);
  return share >= -1e-9 && share <= 1 + 1e-9 ? Math.min(1, Math.max(0, share)) : Number.NaN;
}

/** An end of a brush: a number, the index of a category, or a mark. Values, not places: runs that arrive move no brush. */
export type Position = number | Mark;

/** From where the brush began to where it is now, in either direction; both ends belong to it. */
export interface Brush {
  readonly from: Position;
  readonly to: Position;
}

/** What lies at a place; categories and marks are taken whole. */
export function positionAt(axis: ValueAxis, place: number): Position {
  const at = Math.min(1, Math.max(0, place));
  if (!axis.range) {
    return Math.min(axis.categories.length - 1, Math.max(0, Math.floor(at * axis.categories.length)));
  }
  const mark = axis.marks.find((one) => at >= slotOf(axis, one).min && at < slotOf(axis, one).max + 1e-9);
  if (mark) return mark;
  const inner = innerOf(axis);
  const share = Math.min(1, Math.max(0, (at - inner.min) / (inner.max - inner.min)));
  const { min, max } = axis.range;
  if (share < 1e-9) return min;
  if (share > 1 - 1e-9) return max;
  return axis.isLog ? min * (max / min) ** share : min + share * (max - min);
}

/** The room that a position takes: a category or a mark has width, a number none. */
function roomOf(axis: ValueAxis, position: Position): Extent {
  if (typeof position === 'string') {
    if (axis.marks.includes(position)) return slotOf(axis, position);
    return position === '+inf' ? { min: 1, max: 1 } : { min: 0, max: 0 };
  }
  if (!axis.range) {
    const count = Math.max(1, axis.categories.length);
    return { min: position / count, max: (position + 1) / count };
  }
  const place = axis.isLog && position <= 0 ? 0 : placeOfValue(axis, position);
  return { min: Math.min(1, Math.max(0, place)), max: Math.min(1, Math.max(0, place)) };
}

/** The part of the axis that a brush covers. */
export function brushedPart(axis: ValueAxis, { from, to }: Brush): Extent {
  const [a, b] = [roomOf(axis, from), roomOf(axis, to)];
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** Indexes of the runs that are inside every brush; a run without one of the values is in none. */
export function runsInside(
  brushed: readonly { readonly axis: ValueAxis; readonly brush: Brush }[],
  count: number,
): number[] {
  const parts = brushed.map(({ axis, brush }) => ({ places: axis.places, ...brushedPart(axis, brush) }));
  return Array.from({ length: count }, (_, index) => index).filter((index) =>
    parts.every(({ places, min, max }) => places[index]! >= min - 1e-9 && places[index]! <= max + 1e-9),
  );
}

const KEY_STOPS = 20;

/** Where the arrow keys stop: every mark, every category, and twenty steps through the numbers. */
export function stopsOf(axis: ValueAxis): readonly Position[] {
  if (!axis.range) return axis.categories.map((_, index) => index);
  const inner = innerOf(axis);
  const width = (inner.max - inner.min) / KEY_STOPS;
  const numbers = Array.from({ length: KEY_STOPS + 1 }, (_, index) => positionAt(axis, inner.min + index * width));
  return [...axis.marks.filter((mark) => mark !== '+inf'), ...numbers, ...axis.marks.filter((mark) => mark === '+inf')];
}

/** The stop next to a position, `direction` stops up or down; at the end of the axis it stays. */
export function stepFrom(axis: ValueAxis, position: Position, direction: number): Position {
  const stops = stopsOf(axis);
  const middle = (one: Position): number => (roomOf(axis, one).min + roomOf(axis, one).max) / 2;
  const place = middle(position);
  const distances = stops.map((stop) => Math.abs(middle(stop) - place));
  const nearest = distances.indexOf(Math.min(...distances));
  return stops[Math.min(stops.length - 1, Math.max(0, nearest + direction))]!;
}

/** The brush after Shift and an arrow: one end stays, the other moves; the first press begins at the end of the axis it leaves. */
export function extendBrush(axis: ValueAxis, brush: Brush | undefined, direction: 1 | -1): Brush {
  if (brush) return { from: brush.from, to: stepFrom(axis, brush.to, direction) };
  const stops = stopsOf(axis);
  const end = direction > 0 ? stops[0]! : stops.at(-1)!;
  return { from: end, to: typeof end === 'string' || !axis.range ? end : stepFrom(axis, end, direction) };
}

/** The whole brush, one stop up or down; at the end of the axis it stays as it is. */
export function moveBrush(axis: ValueAxis, brush: Brush, direction: 1 | -1): Brush {
  const [from, to] = [stepFrom(axis, brush.from, direction), stepFrom(axis, brush.to, direction)];
  const isStuck = (before: Position, after: Position): boolean => before === after;
  return isStuck(brush.from, from) || isStuck(brush.to, to) ? brush : { from, to };
}

/** Round numbers, or the values themselves where runs have but a few; marks and categories by `nameOf`. */
export function ticksOf(axis: ValueAxis, most: number, nameOf: (mark: Mark) => string): readonly Tick[] {
  const marks = axis.marks.map((mark) => {
    const { min, max } = slotOf(axis, mark);
    return { place: (min + max) / 2, label: nameOf(mark) };
  });
  if (!axis.range) {
    const every = Math.max(1, Math.ceil(axis.categories.length / (most * 2)));
    return axis.categories.flatMap((label, index) =>
      index % every === 0 ? [{ place: (index + 0.5) / axis.categories.length, label }] : [],
    );
  }
  const own = ownTicks(axis, most);
  if (own) return [...marks, ...own];
  const { min, max } = axis.range;
  const numbers = axis.isLog ? logTicks({ min, max }, most) : linearTicks({ min, max }, most);
  // A logarithmic axis shorter than a decade may hold no round number at all.
  const values = numbers.length > 1 ? numbers : linearTicks({ min, max }, most);
  return [
    ...marks,
    ...values.map((value) => ({
      place: placeOfValue(axis, value),
      label: axis.isLog ? logLabel(value) : formatTick(value),
    })),
  ];
}

function logLabel(value: number): string {
  return formatLogTick(value) || formatTick(value);
}

/** The values that runs have, when they are few and far enough apart to be read. */
function ownTicks(axis: ValueAxis, most: number): readonly Tick[] | null {
  const places = [...new Set(axis.places)].filter((place) => !Number.isNaN(shareOf(axis, place))).sort((a, b) => a - b);
  const isApart = places.every((place, index) => index === 0 || place - places[index - 1]! >= 0.5 / most);
  if (places.length === 0 || places.length > most || !isApart) return null;
  return places.map((place) => ({ place, label: exactLabel(positionAt(axis, place) as number) }));
}

/** A value read back from its place: twelve digits are what is left of it. */
function exactLabel(value: number): string {
  const exact = Number(value.toPrecision(6));
  return Math.abs(exact) < 1e-3 && exact !== 0 ? exact.toExponential().replace('-', '−') : formatTick(exact);
}
