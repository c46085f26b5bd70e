// Messages out of the training process. What carries them is given: the channel to a parent, a line on standard
// output, or nothing when the run was started detached.

import type { TrainingReport } from '../../shared/training.ts';

export interface Port {
  /** Resolves when the message is on its way; a parent that is gone is no error. */
  report(report: TrainingReport): Promise<void>;
}

/** One JSON line a report, as `estimate` and `probe` answer. */
export function linePort(write: (line: string, done: () => void) => void): Port {
  return { report: (report) => new Promise((resolve) => write(`${JSON.stringify(report)}\n`, resolve)) };
}

/** `send` is undefined without a parent. */
export function parentPort(send: ((report: TrainingReport, done: () => void) => void) | undefined): Port {
  return {
    report: (report) => (send ? new Promise((resolve) => send(report, resolve)) : Promise.resolve()),
  };
}
