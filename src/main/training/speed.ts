// Steps a second over the last seconds of training; pauses are not counted.

const WINDOW_MS = 5000;

export interface Speedometer {
  /** A step was completed at this time. */
  count(nowMs: number): void;
  /** Null before the second step. */
  stepsPerSecond(): number | null;
  /** Forgets what was: after a pause. */
  restart(): void;
}

/** Counts in slices of a fifth of the window, so that a thousand steps a second cost no list. */
export function createSpeedometer(): Speedometer {
  let slices: { startMs: number; steps: number }[] = [];
  let lastMs = 0;
  return {
    count(nowMs) {
      lastMs = nowMs;
      const newest = slices.at(-1);
      if (!newest || nowMs - newest.startMs > WINDOW_MS / 5) slices.push({ startMs: nowMs, steps: 0 });
      // The step that opens the first slice only starts the clock.
      if (newest) newest.steps += 1;
      if (slices.length > 2 && slices[1]!.startMs < nowMs - WINDOW_MS) slices.shift();
    },
    stepsPerSecond() {
      const durationMs = lastMs - (slices[0]?.startMs ?? lastMs);
      if (durationMs <= 0) return null;
      return (slices.reduce((sum, { steps }) => sum + steps, 0) * 1000) / durationMs;
    },
    restart() {
      slices = [];
    },
  };
}
