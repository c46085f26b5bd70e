// How many runs the form asks for: seeds and swept settings, as typed. One seed and no setting is one run, as ever.

import { MAX_QUEUED } from '../../shared/queue.ts';
import { ParameterError, type Parameter } from '../../shared/parameters.ts';
import { translate } from '../text/services/translate.ts';
import type { Draft } from './draft.svelte.ts';
import type { Wish } from './queue.svelte.ts';
import { automaticTag, combine, GREATEST_SEED, parseValues, type Axis } from './sweep.ts';
import { readWhole } from './typed.ts';

export const MOST_SEEDS = 100;

/** A swept setting as typed; values of choices and switches are those ticked, with commas between them. */
export interface TypedAxis {
  /** Empty until a setting is chosen. */
  readonly name: string;
  readonly typed: string;
}

export class Sweep {
  readonly #draft: Draft;
  #seedsText = $state('1');
  #tag = $state('');
  #typed = $state.raw<readonly TypedAxis[]>([
    { name: '', typed: '' },
    { name: '', typed: '' },
  ]);

  /** Only those whose setting the recipe has: another may be chosen meanwhile. */
  readonly #chosen = $derived.by(() => this.#typed.filter(({ name }) => this.row(name) !== undefined));
  readonly #wishes = $derived.by(() => this.#combine());

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get seedsText(): string {
    return this.#seedsText;
  }
  /** Null when it is no number of seeds, or the last seed would be too great. */
  get seeds(): number | null {
    const { seed } = this.#draft;
    const most = seed === null ? MOST_SEEDS : Math.min(MOST_SEEDS, GREATEST_SEED - seed + 1);
    return readWhole(this.#seedsText, 1, most);
  }
  get tag(): string {
    return this.#tag;
  }
  /** Two places, chosen or not. */
  get axes(): readonly TypedAxis[] {
    return this.#typed;
  }
  row(name: string): Parameter | undefined {
    return this.#draft.recipe?.parameters.find((row) => row.name === name);
  }
  /** True when this is not the form of one run. */
  get isSeveral(): boolean {
    return this.#chosen.length > 0 || this.seeds !== 1;
  }
  /** Null while something is missing or wrong, here or in the form. */
  get wishes(): readonly Wish[] | null {
    return this.#wishes;
  }
  /** Runs that this makes; null while a value is wrong. */
  get count(): number | null {
    const counts = [this.seeds, ...this.#chosen.map((axis) => this.valuesOf(axis)?.length ?? null)];
    return counts.reduce((product, count) => (product === null || count === null ? null : product * count), 1);
  }
  get isTooMany(): boolean {
    return (this.count ?? 0) > MAX_QUEUED;
  }

  setSeeds(typed: string): void {
    this.#seedsText = typed;
  }
  setTag(tag: string): void {
    this.#tag = tag;
  }
  /** Starts from the value that the form has. */
  choose(place: number, name: string): void {
    const row = this.row(name);
    this.#typed = this.#typed.with(place, { name, typed: row ? String(this.#draft.typedValue(row)) : '' });
  }
  setValues(place: number, typed: string): void {
    this.#typed = this.#typed.with(place, { ...this.#typed[place]!, typed });
  }
  tick(place: number, value: string, isTicked: boolean): void {
    const others = ticked(this.#typed[place]!).filter((other) => other !== value);
    this.setValues(place, (isTicked ? [...others, value] : others).join(','));
  }

  valuesOf(axis: TypedAxis): Axis['values'] | null {
    return this.#read(axis).values;
  }
  /** What is wrong with the values; null when nothing is. */
  problemOf(axis: TypedAxis): string | null {
    return this.#read(axis).problem;
  }

  /** The tag of the runs, the user's or an automatic one. */
  tagAt(nowMs: number): string {
    return this.#tag.trim() || automaticTag(this.#chosen, nowMs);
  }

  #read(axis: TypedAxis): { readonly values: Axis['values'] | null; readonly problem: string | null } {
    const row = this.row(axis.name);
    if (!row) return { values: null, problem: null };
    try {
      return { values: parseValues(row, axis.typed), problem: null };
    } catch (problem) {
      if (!(problem instanceof ParameterError)) throw problem;
      return { values: null, problem: translate(problem.message.replace(`${row.name}: `, '')) };
    }
  }

  #combine(): readonly Wish[] | null {
    const { wish, seed, baseName } = this.#draft;
    const { seeds } = this;
    const axes = this.#chosen.map((axis) => ({ name: axis.name, values: this.valuesOf(axis) }));
    if (!wish || seed === null || seeds === null || this.isTooMany) return null;
    if (!this.isSeveral) return [wish];
    if (!axes.every((axis): axis is Axis => axis.values !== null)) return null;
    const each = Array.from({ length: seeds }, (_, index) => seed + index);
    return combine(wish, baseName, each, axes);
  }
}

export function ticked({ typed }: TypedAxis): readonly string[] {
  return typed.split(',').filter((value) => value !== '');
}
