// The run being made on the page New run. Values come from the recipe's table, then the preset, then the user; the
// table's own check says what is wrong, so the form and the services never disagree. A fork starts from its parent's
// values instead of the preset's, and keeps recipe, preset, data and backend.

import type { NewFork, NewRun, RecipeInfo } from '../../shared/contract.ts';
import {
  checkParameter,
  ParameterError,
  parseParameter,
  type Parameter,
  type ParameterValue,
  type ParameterValues,
  type Preset,
} from '../../shared/parameters.ts';
import type { BackendChoice, CheckpointRow, RunDetail, RunId, RunSpec } from '../../shared/run.ts';
import { translate } from '../text/services/translate.ts';
import type { Catalogue } from './catalogue.svelte.ts';
import type { Connection } from './connection.svelte.ts';
import { halvedLearningRates, remedySettings } from './continue.ts';
import { DraftEstimate, type EstimateState } from './draft-estimate.svelte.ts';
import { DraftNetworks, otherLayers } from './draft-networks.svelte.ts';
import type { ForkStart } from './route.ts';
import { GREATEST_SEED } from './sweep.ts';
import { asTyped, readWhole } from './typed.ts';

const GREATEST_STEPS = 100_000_000;

export class Draft {
  readonly #connection: Connection;
  readonly #catalogue: Catalogue;
  #recipeId = $state('');
  #presetId = $state('');
  #dataId = $state('');
  #name = $state('');
  #stepsText = $state('');
  #seedText = $state('1');
  #backend = $state<BackendChoice>('auto');
  /** What the user typed or chose, by parameter; text for numbers, so that half-typed values survive. */
  #typed = $state.raw<Readonly<Record<string, string | boolean>>>({});
  #parent = $state.raw<RunDetail | null>(null);
  #forkStep = $state(0);
  readonly #networks: DraftNetworks;
  readonly #estimate: DraftEstimate;

  readonly #recipe = $derived.by(() => this.#catalogue.recipe(this.#recipeId));
  readonly #preset = $derived(this.#recipe?.presets.find((preset) => preset.id === this.#presetId));

  constructor(connection: Connection, catalogue: Catalogue) {
    this.#connection = connection;
    this.#catalogue = catalogue;
    this.#networks = new DraftNetworks(connection);
    this.#estimate = new DraftEstimate(connection);
  }

  get recipe(): RecipeInfo | undefined {
    return this.#recipe;
  }
  get preset(): Preset | undefined {
    return this.#preset;
  }
  get dataId(): string {
    return this.#dataId;
  }
  get name(): string {
    return this.#name;
  }
  get stepsText(): string {
    return this.#stepsText;
  }
  get seedText(): string {
    return this.#seedText;
  }
  get backend(): BackendChoice {
    return this.#backend;
  }
  get networks(): DraftNetworks {
    return this.#networks;
  }
  /** The run that this one is forked from; null for a run of its own. */
  get parent(): RunDetail | null {
    return this.#parent;
  }
  /** The parent's checkpoint to start from. */
  get forkStep(): number {
    return this.#forkStep;
  }
  /** The network that the parent's checkpoint would not fit; null when all fit. */
  get unfitNetwork(): string | null {
    return this.#parent && otherLayers(this.#parent.networks, this.#networks.list);
  }
  get estimate(): EstimateState {
    return this.#estimate.state;
  }
  /** True when the estimate was measured for other settings than these. */
  get isEstimateStale(): boolean {
    return this.#estimate.isStaleFor(this.newRun);
  }

  chooseRecipe(id: string): void {
    const recipe = this.#catalogue.recipe(id);
    if (!recipe || id === this.#recipeId) return;
    this.#recipeId = id;
    this.#presetId = recipe.presets[0]?.id ?? '';
    this.#typed = {};
    this.#stepsText = String(recipe.defaultSteps);
    const isKept = recipe.data.includes(this.#dataId) || this.#catalogue.dataSet(this.#dataId)?.own;
    if (!isKept || this.#catalogue.dataSet(this.#dataId)?.kind !== recipe.takes) this.#dataId = this.#firstData(recipe);
    this.#describeSoon();
  }

  choosePreset(id: string): void {
    this.#presetId = id;
    this.#describeSoon();
  }

  chooseData(id: string): void {
    this.#dataId = id;
    this.#describeSoon();
  }

  setName(name: string): void {
    this.#name = name;
  }
  setSteps(typed: string): void {
    this.#stepsText = typed;
  }
  setSeed(typed: string): void {
    this.#seedText = typed;
  }
  drawSeed(): void {
    this.#seedText = String(crypto.getRandomValues(new Uint32Array(1))[0]!);
  }
  chooseBackend(backend: BackendChoice): void {
    this.#backend = backend;
  }

  setParameter(name: string, typed: string | boolean): void {
    this.#typed = { ...this.#typed, [name]: typed };
    this.#describeSoon();
  }

  resetParameter(name: string): void {
    this.#typed = Object.fromEntries(Object.entries(this.#typed).filter(([key]) => key !== name));
    this.#describeSoon();
  }

  /** Takes over what another run was made with, under a name of its own. */
  copyFrom(spec: RunSpec): void {
    this.chooseRecipe(spec.recipe);
    this.#presetId = this.#recipe?.presets.some(({ id }) => id === spec.preset) ? spec.preset : this.#presetId;
    this.#dataId = spec.data;
    this.#stepsText = String(spec.steps);
    this.#seedText = String(spec.seed);
    this.#backend = spec.backend;
    const rows = this.#recipe?.parameters ?? [];
    const differing = rows.filter(
      (row) => spec.parameters[row.name] !== undefined && spec.parameters[row.name] !== this.presetValue(row),
    );
    this.#typed = Object.fromEntries(differing.map((row) => [row.name, asTyped(spec.parameters[row.name]!)]));
    this.#describeSoon();
  }

  /** Makes this the fork of a run. With a step that has no checkpoint it starts from the newest. */
  forkFrom(parent: RunDetail, { step, isHalfRate, remedy }: ForkStart): void {
    const { spec, checkpoints } = parent;
    this.copyFrom(spec);
    this.#parent = parent;
    this.#typed = {};
    this.#forkStep = (checkpoints.find((row) => row.step === step) ?? checkpoints.at(-1))?.step ?? step;
    // A finished run has no steps left: as many again.
    if (this.#forkStep >= spec.steps) this.#stepsText = String(this.#forkStep + spec.steps);
    const table = this.#recipe?.parameters ?? [];
    const changed = {
      ...(isHalfRate && halvedLearningRates(spec.parameters, table)),
      ...(remedy && remedySettings(parent.health, remedy, table)),
    };
    this.#typed = Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, asTyped(value)]));
  }

  chooseForkStep(step: CheckpointRow['step']): void {
    this.#forkStep = step;
  }

  /** What a field starts from: the preset's value, or the parent's of a fork. */
  presetValue(row: Parameter): ParameterValue {
    return this.#parent?.spec.parameters[row.name] ?? this.#preset?.values[row.name] ?? row.default;
  }

  /** What the field shows. */
  typedValue(row: Parameter): string | boolean {
    return this.#typed[row.name] ?? asTyped(this.presetValue(row));
  }

  /** What is wrong with the field; null when nothing is. */
  parameterProblem(row: Parameter): string | null {
    try {
      this.#parse(row);
      return null;
    } catch (problem) {
      if (!(problem instanceof ParameterError)) throw problem;
      // The field's own label already names it.
      return translate(problem.message.replace(`${row.name}: `, ''));
    }
  }

  differsFromPreset(row: Parameter): boolean {
    if (this.#typed[row.name] === undefined) return false;
    try {
      return this.#parse(row) !== this.presetValue(row);
    } catch {
      return true; // What cannot be read is not the preset's value.
    }
  }

  get steps(): number | null {
    return readWhole(this.#stepsText, this.#parent ? this.#forkStep + 1 : 1, GREATEST_STEPS);
  }
  get seed(): number | null {
    return readWhole(this.#seedText, 0, GREATEST_SEED);
  }

  /** The specification to send; null while something is missing or wrong. */
  get newRun(): NewRun | null {
    const { steps, seed } = this;
    const chosen = this.#chosen();
    if (!chosen || steps === null || seed === null) return null;
    return { ...chosen, seed, steps, name: this.#name.trim(), backend: this.#backend };
  }

  /** What the services are asked for, now or through the queue. */
  get wish(): NewRun | NewFork | null {
    const { newRun } = this;
    return newRun && (this.#parent ? this.#fork(this.#parent, newRun) : newRun);
  }
  /** Begins the names of several runs. */
  get baseName(): string {
    const { summary } = this.#parent ?? {};
    const from = summary ? `${summary.name || summary.id}, from step ${this.#forkStep}` : null;
    return this.#name.trim() || (from ?? `${this.#recipeId} on ${this.#dataId}`);
  }

  async measure(): Promise<void> {
    const { newRun } = this;
    if (newRun) await this.#estimate.measure(newRun);
  }

  /** Throws UserError when the services refuse. */
  async start(): Promise<RunId | null> {
    const { wish } = this;
    if (!wish) return null;
    const { runId } =
      'runId' in wish ? await this.#connection.call('forkRun', wish) : await this.#connection.call('startRun', wish);
    return runId;
  }

  close(): void {
    this.#networks.close();
  }

  #fork(parent: RunDetail, { seed, steps, name }: NewRun): NewFork {
    const parameters = this.#changes(this.#recipe!);
    return { runId: parent.summary.id, step: this.#forkStep, parameters, seed, steps, name };
  }

  #parse(row: Parameter): ParameterValue {
    const typed = this.#typed[row.name];
    if (typed === undefined) return checkParameter(row, this.presetValue(row));
    return typeof typed === 'boolean' ? checkParameter(row, typed) : parseParameter(row, typed);
  }

  /** What the networks follow from; null while a parameter is wrong. */
  #chosen(): Pick<NewRun, 'recipe' | 'preset' | 'parameters' | 'data'> | null {
    const { recipe, preset } = this;
    if (!recipe || !preset || !this.#dataId) return null;
    if (recipe.parameters.some((row) => this.parameterProblem(row) !== null)) return null;
    const parameters = { ...this.#parent?.spec.parameters, ...this.#changes(recipe) };
    return { recipe: recipe.id, preset: preset.id, parameters, data: this.#dataId };
  }

  #changes(recipe: RecipeInfo): ParameterValues {
    const changed = recipe.parameters.filter((row) => this.differsFromPreset(row));
    return Object.fromEntries(changed.map((row) => [row.name, this.#parse(row)]));
  }

  /** A data set that is there is better than one to be fetched first. */
  #firstData(recipe: RecipeInfo): string {
    const ready = recipe.data.find((id) => this.#catalogue.dataSet(id)?.state.phase === 'ready');
    return ready ?? recipe.data[0] ?? '';
  }

  #describeSoon(): void {
    this.#networks.describeSoon(() => this.#chosen());
  }
}
