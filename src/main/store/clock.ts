// Wall time as a run writes it down: the system's, except that it never runs backwards. When the system's clock is set
// back, time goes on from where it was, so that charts over time and durations stay usable.

export type Clock = () => number;

/** Milliseconds since 1970; `lastMs` is the latest time that the run has recorded so far. */
export function openClock(lastMs: number): Clock {
  let [last, shift] = [lastMs, 0];
  return () => {
    const nowMs = Date.now();
    if (nowMs + shift < last) shift = last - nowMs;
    return (last = nowMs + shift);
  };
}
