// The last points of one scalar, as float32, which is what the run's file holds of them: live or read again, a mean is
// the same number.

export interface Trace {
  /** At most what it was made for. */
  readonly length: number;
  push(value: number): void;
  /** `back` points before the newest. */
  at(back: number): number;
  /** Of `count` points, the newest of them `back` points before the newest of all. */
  mean(back: number, count: number): number;
  /** Over the newest `count` points. */
  reduce(count: number, join: (one: number, other: number) => number, start: number): number;
}

export function createTrace(capacity: number): Trace {
  const values = new Float32Array(capacity);
  let [next, length] = [0, 0];
  const at = (back: number): number => values[(next - 1 - back + 2 * capacity) % capacity]!;
  return {
    get length() {
      return length;
    },
    push(value) {
      values[next] = value;
      next = (next + 1) % capacity;
      if (length < capacity) length++;
    },
    at,
    mean(back, count) {
      let sum = 0;
      // From the oldest on, so that the order of the sum does not depend on where the ring begins.
      for (let k = back + count - 1; k >= back; k--) sum += at(k);
      return sum / count;
    },
    reduce(count, join, start) {
      let result = start;
      for (let k = 0; k < count; k++) result = join(result, at(k));
      return result;
    },
  };
}
