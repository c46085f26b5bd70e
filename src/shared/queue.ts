// The queue: runs that wait for their turn. What waits is a specification and a name; it becomes a run, and leaves the
// queue, when it is started.

import type { RunSpec } from './run.ts';

/** Every change tells the whole queue to every window: an overnight of runs, not a database of them. */
export const MAX_QUEUED = 500;
export const MAX_AT_ONCE = 16;

export interface QueueEntry {
  readonly id: number;
  readonly name: string;
  readonly spec: RunSpec;
  /** The run gets them when it is started. */
  readonly tags: readonly string[];
  readonly addedMs: number;
  /** Why it could not be started; it waits for the user then, and the others go on. Null for one that waits its turn. */
  readonly problem: string | null;
}

export interface Queue {
  /** Grows with every change, whoever makes it: of two, the greater is the newer. */
  readonly version: number;
  /** Nothing is started; what trains goes on. */
  readonly paused: boolean;
  /** So many training processes, whoever started them, and the queue starts no other. */
  readonly atOnce: number;
  /** In the order of their turns. */
  readonly entries: readonly QueueEntry[];
}
