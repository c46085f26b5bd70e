// The plots of runs: their axes, brushes, colours, and the run under the pointer. What is brushed is the selection of the table,
// so that every action on selected runs works on it.

import type { RunId, RunSummary } from '../../shared/run.ts';
import { runsInside, shareOf, type Brush } from '../charts/value-axis.ts';
import type { Catalogue } from './catalogue.svelte.ts';
import { allAxes, axisValue, firstAxes, readAxis, type AxisId, type RunAxis } from './run-axes.ts';
import type { RunList } from './run-list.svelte.ts';
import type { RunView } from './plot-choice.ts';

export class RunPlots {
  readonly #list: RunList;
  readonly #catalogue: Catalogue;
  #brushes = $state.raw<ReadonlyMap<AxisId, Brush>>(new Map());
  #hovered = $state.raw<RunId | null>(null);

  readonly #known = $derived.by(() => allAxes(this.#list.shown));
  readonly #axisIds = $derived.by(() => this.#list.plots.axes ?? firstAxes(this.#list.shown));
  readonly #axes = $derived.by(() => this.#axisIds.map((id) => this.#read(id)));
  readonly #colourAxis = $derived.by(() => (this.#list.plots.colourBy ? this.#read(this.#list.plots.colourBy) : null));
  readonly #shares = $derived.by(() => this.#toShares());
  readonly #places = $derived.by(() => new Map(this.#list.shown.map((run, index) => [run.id, index])));
  readonly #pair = $derived.by(() => this.#toPair());
  /** Brushes of axes that are on the screen: those of others wait. */
  readonly #brushed = $derived.by(() => {
    const shown = this.view === 'scatter' ? Object.values(this.#pair ?? {}) : this.#axes;
    return shown.flatMap((axis) => {
      const brush = this.#brushes.get(axis.id);
      return brush ? [{ axis, brush }] : [];
    });
  });
  readonly #front = $derived.by(() =>
    this.#list.selected.length > 0 || this.isBrushed ? this.runs.map((run) => this.#list.isSelected(run.id)) : null,
  );

  constructor(list: RunList, catalogue: Catalogue) {
    this.#list = list;
    this.#catalogue = catalogue;
  }

  get list(): RunList {
    return this.#list;
  }
  get view(): RunView {
    return this.#list.plots.view;
  }
  /** In the order of the table; every other answer here counts runs the same way. */
  get runs(): readonly RunSummary[] {
    return this.#list.shown;
  }
  /** Every axis there could be. */
  get known(): readonly AxisId[] {
    return this.#known;
  }
  get axes(): readonly RunAxis[] {
    return this.#axes;
  }
  /** Null while there is no scalar to put upwards. */
  get pair(): { readonly x: RunAxis; readonly y: RunAxis } | null {
    return this.#pair;
  }
  get colourAxis(): RunAxis | null {
    return this.#colourAxis;
  }
  /** Of each run on the ramp of colours, NaN where its value is not finite or absent; null for one colour a run. */
  get shares(): Float64Array | null {
    return this.#shares;
  }
  /** Index of the run under the pointer or the keys, -1 for none. */
  get hovered(): number {
    return this.#hovered === null ? -1 : (this.#places.get(this.#hovered) ?? -1);
  }
  /** Which runs stand in front; null where nothing is chosen and all do. */
  get front(): readonly boolean[] | null {
    return this.#front;
  }
  get isBrushed(): boolean {
    return this.#brushed.length > 0;
  }
  brush(id: AxisId): Brush | undefined {
    return this.#brushes.get(id);
  }

  show(view: RunView): void {
    if (view === this.view) return;
    // The selection stays; brushes of axes that are not on the screen would only surprise.
    this.#brushes = new Map();
    this.#hovered = null;
    this.#list.plot({ view });
  }

  hover(index: number): void {
    this.#hovered = this.runs[index]?.id ?? null;
  }

  /** `null` takes the brush away; several axes at once for a rectangle. */
  brushBy(changes: readonly (readonly [AxisId, Brush | null])[]): void {
    const brushes = new Map(this.#brushes);
    for (const [id, brush] of changes) {
      if (brush) brushes.set(id, brush);
      else brushes.delete(id);
    }
    this.#brushes = brushes;
    this.#select();
  }

  clear(): void {
    this.#brushes = new Map();
    this.#list.selectNone();
  }

  toggleAxis(id: AxisId, isShown: boolean): void {
    const others = this.#axisIds.filter((other) => other !== id);
    this.#list.plot({ axes: isShown ? [...others, id] : others });
    if (!isShown && this.#brushes.has(id)) this.brushBy([[id, null]]);
  }

  /** `distance` places to the right, or left. */
  moveAxis(id: AxisId, distance: number): void {
    const others = this.#axisIds.filter((other) => other !== id);
    const place = Math.min(others.length, Math.max(0, this.#axisIds.indexOf(id) + distance));
    this.#list.plot({ axes: others.toSpliced(place, 0, id) });
  }

  /** Again those in which the runs differ. */
  resetAxes(): void {
    this.#brushes = new Map();
    this.#list.plot({ axes: null, logs: {} });
  }

  scale(id: AxisId, isLog: boolean): void {
    this.#list.plot({ logs: { ...this.#list.plots.logs, [id]: isLog } });
  }

  colourBy(id: AxisId | null): void {
    this.#list.plot({ colourBy: id });
  }

  place(part: { readonly x?: AxisId; readonly y?: AxisId }): void {
    this.#brushes = new Map();
    this.#list.plot(part);
  }

  #read(id: AxisId): RunAxis {
    const recipe = (name: string) => this.#catalogue.recipe(name);
    return readAxis(id, this.runs, recipe, this.#list.plots.logs[id] ?? null);
  }

  #toPair(): { readonly x: RunAxis; readonly y: RunAxis } | null {
    const { x, y } = this.#list.plots;
    const first = firstAxes(this.runs);
    const up = y ?? first.find((id) => id.startsWith('scalar:'));
    const settings = first.filter((id) => id.startsWith('setting:'));
    const isNumber = (id: AxisId): boolean => this.runs.some((run) => typeof axisValue(run, id) === 'number');
    const across = x ?? settings.find(isNumber) ?? settings[0] ?? 'setting:seed';
    return up ? { x: this.#read(across), y: this.#read(up) } : null;
  }

  #toShares(): Float64Array | null {
    const axis = this.#colourAxis;
    return axis && axis.places.map((place) => shareOf(axis, place));
  }

  #select(): void {
    const brushed = this.#brushed;
    if (brushed.length === 0) return this.#list.selectNone();
    this.#list.selectOnly(runsInside(brushed, this.runs.length).map((index) => this.runs[index]!.id));
  }
}
