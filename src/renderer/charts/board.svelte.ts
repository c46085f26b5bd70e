// What all charts of a page share: the step under the pointer, the stretch of steps shown, smoothing and scales.

import { isBoolean, isNumber, isRecordOf, Persisted } from '../state/persisted.svelte.ts';
import type { Extent } from './extent.ts';

export class ChartBoard {
  readonly #smoothing: Persisted<number>;
  readonly #withoutOutliers: Persisted<boolean>;
  readonly #logarithmic: Persisted<Readonly<Record<string, boolean>>>;
  readonly #onZoom: (range: Extent | null) => void;
  #hoverStep = $state<number | null>(null);
  #zoom = $state.raw<Extent | null>(null);

  /** `onZoom` asks the store for the stretch at its full resolution; null means the whole run again. */
  constructor(storage: Storage, onZoom: (range: Extent | null) => void) {
    this.#smoothing = new Persisted(storage, 'charts.smoothing', 0.6, isNumber);
    this.#withoutOutliers = new Persisted(storage, 'charts.withoutOutliers', false, isBoolean);
    this.#logarithmic = new Persisted(storage, 'charts.logarithmic', {}, isRecordOf(isBoolean));
    this.#onZoom = onZoom;
  }

  get hoverStep(): number | null {
    return this.#hoverStep;
  }
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
  isLogarithmic(chart: string): boolean {
    return this.#logarithmic.value[chart] ?? false;
  }

  hover(step: number | null): void {
    this.#hoverStep = step;
  }

  zoomTo(range: Extent | null): void {
    if (range && range.max - range.min < 1) return;
    const rounded = range && { min: Math.max(0, Math.floor(range.min)), max: Math.ceil(range.max) };
    this.#zoom = rounded;
    this.#onZoom(rounded);
  }

  smoothBy(weight: number): void {
    this.#smoothing.set(Math.min(0.99, Math.max(0, weight)));
  }

  leaveOutOutliers(leaveOut: boolean): void {
    this.#withoutOutliers.set(leaveOut);
  }

  scaleLogarithmic(chart: string, logarithmic: boolean): void {
    this.#logarithmic.set({ ...this.#logarithmic.value, [chart]: logarithmic });
  }
}
