// A training step as one piece of work: a backend that computes faster what it sees as a whole is told where it begins
// and ends. On every other backend this changes nothing.

import type { FeedTaker } from '../feeds.ts';
import type { TensorFlow } from './backend.ts';

/** What such a backend has: between the two, operations may wait until a number is read or the step ends. */
export interface Steps extends FeedTaker {
  begin(): void;
  end(): void;
}

export function stepsOf(tf: TensorFlow): Steps | undefined {
  return (tf.backend() as { steps?: Steps }).steps;
}

/** Everything computed in `work` up to its last read is one step. Steps do not overlap. */
export async function asWholeStep<Result>(tf: TensorFlow, work: () => Promise<Result>): Promise<Result> {
  const steps = stepsOf(tf);
  steps?.begin();
  try {
    return await work();
  } finally {
    steps?.end();
  }
}
