// The step bar's state: where it stands, whether it follows the newest step, whether it plays.
//
//   following --place, move--> placed --follow--> following
//   New steps move a bar that follows, never one that was placed.

import { nearestStep, stepFrom } from './steps.ts';

export const PLAY_SPEEDS = [2, 5, 10, 20] as const;

export class TimeMachine {
  readonly #read: () => readonly number[];
  #placed = $state<number | null>(null);
  #isPlaying = $state(false);
  #isLooping = $state(false);
  #speed = $state<number>(5);
  #timer: ReturnType<typeof setInterval> | undefined;

  readonly #steps = $derived.by(() => this.#read());
  readonly #step = $derived(this.#placed ?? this.#steps.at(-1) ?? null);

  /** `read` gives the recorded steps, ascending; it is read reactively. */
  constructor(read: () => readonly number[]) {
    this.#read = read;
  }

  get steps(): readonly number[] {
    return this.#steps;
  }
  /** Null before anything is recorded. */
  get step(): number | null {
    return this.#step;
  }
  get isFollowing(): boolean {
    return this.#placed === null;
  }
  get isPlaying(): boolean {
    return this.#isPlaying;
  }
  get isLooping(): boolean {
    return this.#isLooping;
  }
  /** Grids a second. */
  get speed(): number {
    return this.#speed;
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
    this.#speed = speed;
    if (this.#isPlaying) this.#tick();
  }

  setLooping(looping: boolean): void {
    this.#isLooping = looping;
  }

  #tick(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#advance(), 1000 / this.#speed);
  }

  #advance(): void {
    if (this.#step !== this.#steps.at(-1)) this.move(1);
    else if (this.#isLooping) this.#placed = this.#steps[0]!;
    else this.pause();
  }
}
