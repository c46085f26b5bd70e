// What all charts of a page share: the place under the pointer, the stretch shown, axes, smoothing, sizes, pins, and
// which curves are looked for or put away. What is a choice is remembered; what is a glance is not.

import { isBoolean, isNumber, isRecordOf, isStringList, Persisted } from '../state/persisted.svelte.ts';
import { isXAxis, type XAxis } from './axis.ts';
import type { Extent } from './extent.ts';
import { isYScale, type YScale } from './scale.ts';

export const CARD_SIZES = ['small', 'medium', 'large'] as const;
export type CardSize = (typeof CARD_SIZES)[number];

function isCardSize(stored: unknown): stored is CardSize {
  return CARD_SIZES.some((size) => size === stored);
}

/** The crosshair: x on the axis of all charts, and the step of the curve that it was put on. */
export interface Hover {
  readonly x: number;
  readonly step: number;
}

export class ChartBoard {
  readonly #smoothing: Persisted<number>;
  readonly #withoutOutliers: Persisted<boolean>;
  readonly #scales: Persisted<Readonly<Record<string, YScale>>>;
  readonly #xAxis: Persisted<XAxis>;
  readonly #size: Persisted<CardSize>;
  readonly #pins: Persisted<readonly string[]>;
  readonly #onZoom: (steps: Extent | null) => void;
  #hover = $state.raw<Hover | null>(null);
  #zoom = $state.raw<Extent | null>(null);
  #search = $state('');
  #hidden = $state.raw<readonly string[]>([]);

  /** `onZoom` asks the store for the stretch of steps at its full resolution; null means the whole run again. */
  constructor(storage: Storage, onZoom: (steps: Extent | null) => void) {
    this.#smoothing = new Persisted(storage, 'charts.smoothing', 0.6, isNumber);
    this.#withoutOutliers = new Persisted(storage, 'charts.withoutOutliers', false, isBoolean);
    this.#scales = new Persisted(storage, 'charts.scales', {}, isRecordOf(isYScale));
    this.#xAxis = new Persisted<XAxis>(storage, 'charts.xAxis', 'step', isXAxis);
    this.#size = new Persisted<CardSize>(storage, 'charts.size', 'medium', isCardSize);
    this.#pins = new Persisted<readonly string[]>(storage, 'charts.pins', [], isStringList);
    this.#onZoom = onZoom;
  }

  get hover(): Hover | null {
    return this.#hover;
  }
  get hoverStep(): number | null {
    return this.#hover?.step ?? null;
  }
  /** In units of the x axis. */
  get zoom(): Extent | null {
    return this.#zoom;
  }
  /** Weight of the moving average, from 0 (none) to 0.99. */
  get smoothing(): number {
    return this.#smoothing.value;
  }
  get withoutOutliers(): boolean {
    return this.#withoutOutliers.value;
  }
  get xAxis(): XAxis {
    return this.#xAxis.value;
  }
  get size(): CardSize {
    return this.#size.value;
  }
  scaleOf(chart: string): YScale {
    return this.#scales.value[chart] ?? 'linear';
  }
  isPinned(chart: string): boolean {
    return this.#pins.value.includes(chart);
  }
  /** What is looked for in the legends; empty for nothing. */
  get search(): string {
    return this.#search;
  }
  isHidden(curve: string): boolean {
    return this.#hidden.includes(curve);
  }
  isFound(label: string): boolean {
    return label.toLowerCase().includes(this.#search.trim().toLowerCase());
  }

  moveTo(hover: Hover | null): void {
    this.#hover = hover;
  }

  /** `steps` are those that lie in the range; on the axis of steps they are the range itself. */
  zoomTo(range: Extent | null, steps: Extent | null = range): void {
    if (range && !(range.max > range.min)) return;
    if (this.xAxis === 'step' && range && range.max - range.min < 1) return;
    this.#zoom = range && this.xAxis === 'step' ? roundOut(range) : range;
    this.#onZoom(range && steps && roundOut(steps));
  }

  smoothBy(weight: number): void {
    this.#smoothing.set(Math.min(0.99, Math.max(0, weight)));
  }

  leaveOutOutliers(leaveOut: boolean): void {
    this.#withoutOutliers.set(leaveOut);
  }

  scale(chart: string, scale: YScale): void {
    this.#scales.set({ ...this.#scales.value, [chart]: scale });
  }

  /** A stretch of one axis means nothing on another. */
  chooseXAxis(axis: XAxis): void {
    if (this.#zoom) this.zoomTo(null);
    this.#hover = null;
    this.#xAxis.set(axis);
  }

  resize(size: CardSize): void {
    this.#size.set(size);
  }

  pin(chart: string, isPinned: boolean): void {
    const others = this.#pins.value.filter((pinned) => pinned !== chart);
    this.#pins.set(isPinned ? [...others, chart] : others);
  }

  searchLegends(search: string): void {
    this.#search = search;
  }

  toggle(curve: string): void {
    const others = this.#hidden.filter((hidden) => hidden !== curve);
    this.#hidden = others.length < this.#hidden.length ? others : [...others, curve];
  }

  /** Only this one of the curves; all of them again when it stood alone. */
  isolate(curve: string, curves: readonly string[]): void {
    const others = curves.filter((other) => other !== curve);
    const isAlone = !this.isHidden(curve) && others.every((other) => this.isHidden(other));
    this.#hidden = isAlone ? [] : others;
  }

  /** The charts in order, pinned ones first. */
  pinnedFirst<Chart>(charts: readonly Chart[], nameOf: (chart: Chart) => string): readonly Chart[] {
    const pinned = (chart: Chart): number => (this.isPinned(nameOf(chart)) ? 0 : 1);
    return charts.toSorted((a, b) => pinned(a) - pinned(b));
  }
}

function roundOut({ min, max }: Extent): Extent {
  return { min: Math.max(0, Math.floor(min)), max: Math.ceil(max) };
}
