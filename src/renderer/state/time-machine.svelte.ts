// The step bar's state: where it stands, whether it follows the newest step, whether it plays.
//
//   following --place, move--> placed --follow--> following
//   New steps move a bar that follows, never one that was placed. A glance (the pointer over a chart) shows another
//   step while it lasts and moves no bar.

import { isBoolean, Persisted } from './persisted.svelte.ts';
import { nearestStep, stepFrom } from './steps.ts';

export const PLAY_SPEEDS = [2, 5, 10, 20] as const;

function isSpeed(stored: unknown): stored is number {
  return PLAY_SPEEDS.some((speed) => speed === stored);
}

export class TimeMachine {
  readonly #read: () => readonly number[];
  readonly #readGlance: () => number | null;
  readonly #isGlancing: Persisted<boolean>;
  readonly #isLooping: Persisted<boolean>;
  readonly #speed: Persisted<number>;
  #placed = $state<number | null>(null);
  #isPlaying = $state(false);
  #timer: ReturnType<typeof setInterval> | undefined;

  readonly #steps = $derived.by(() => this.#read());
  readonly #step = $derived(this.#placed ?? this.#steps.at(-1) ?? null);

  readonly #shownStep = $derived.by(() => {
    const glance = this.#isGlancing.value && !this.#isPlaying ? this.#readGlance() : null;
    return glance === null ? this.#step : nearestStep(this.#steps, glance);
  });

  /** `read` gives the recorded steps, ascending, `glance` the step looked at elsewhere or null; both are read reactively. */
  constructor(storage: Storage, read: () => readonly number[], glance: () => number | null) {
    this.#read = read;
    this.#readGlance = glance;
    this.#isGlancing = new Persisted(storage, 'samples.glance', true, isBoolean);
    this.#isLooping = new Persisted(storage, 'samples.loop', false, isBoolean);
    this.#speed = new Persisted<number>(storage, 'samples.speed', 5, isSpeed);
  }

  get steps(): readonly number[] {
    return this.#steps;
  }
  /** Where the bar stands; null before anything is recorded. */
  get step(): number | null {
    return this.#step;
  }
  /** What grids show: the recorded step nearest to the glance while there is one, else where the bar stands. */
  get shownStep(): number | null {
    return this.#shownStep;
  }
  /** True while grids may follow a glance. */
  get isGlancing(): boolean {
    return this.#isGlancing.value;
  }
  get isFollowing(): boolean {
    return this.#placed === null;
  }
  get isPlaying(): boolean {
    return this.#isPlaying;
  }
  get isLooping(): boolean {
    return this.#isLooping.value;
  }
  /** Grids a second. */
  get speed(): number {
    return this.#speed.value;
  }

  /** Puts the bar on the recorded step nearest to `step`. */
  place(step: number): void {
    const nearest = nearestStep(this.#steps, step);
    if (nearest !== null) this.#placed = nearest;
  }

  move(distance: number): void {
    if (this.#step === null) return;
    this.#placed = stepFrom(this.#steps, this.#step, distance);
  }

  follow(): void {
    this.pause();
    this.#placed = null;
  }

  /** Stops following, where the bar stands. */
  hold(): void {
    this.#placed = this.#step;
  }

  play(): void {
    if (this.#steps.length < 2) return;
    if (this.#step === this.#steps.at(-1)) this.#placed = this.#steps[0]!;
    this.#isPlaying = true;
    this.#tick();
  }

  pause(): void {
    this.#isPlaying = false;
    clearInterval(this.#timer);
  }

  setSpeed(speed: number): void {
    this.#speed.set(speed);
    if (this.#isPlaying) this.#tick();
  }

  setLooping(looping: boolean): void {
    this.#isLooping.set(looping);
  }

  setGlancing(glancing: boolean): void {
    this.#isGlancing.set(glancing);
  }

  #tick(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#advance(), 1000 / this.#speed.value);
  }

  #advance(): void {
    if (this.#step !== this.#steps.at(-1)) this.move(1);
    else if (this.#isLooping.value) this.#placed = this.#steps[0]!;
    else this.pause();
  }
}
