// What passes between a host and the training processes it spawns. The order is the folder: everything the
// process must know is in its run file, so that a run is started the same way from the app, the command line
// and by hand. Commands (pause, resume, stop) are rows of the run file too: a run can then be steered by a host
// that did not start it, after a restart of the host as well. Numbers and pixels never travel in messages.

import type { BackendChoice, BackendId, RunId, RunSpec } from './run.ts';

/** Command line of the training entry: `train.ts run FOLDER [--max-minutes N]` or `train.ts estimate` with the spec on standard input. */
export type TrainingOrder =
  | { readonly verb: 'run'; readonly folder: string; readonly dataHome: string; readonly maxMinutes?: number }
  | { readonly verb: 'estimate'; readonly spec: RunSpec; readonly dataHome: string }
  | { readonly verb: 'probe'; readonly backend: BackendChoice };

/** Sent by the training process over IPC when it was started attached, and printed as a JSON line by `estimate` and `probe`. */
export type TrainingReport =
  | { readonly type: 'started'; readonly runId: RunId; readonly pid: number }
  | {
      readonly type: 'ended';
      readonly runId: RunId;
      readonly phase: 'finished' | 'stopped' | 'failed';
      readonly step: number;
      readonly message?: string;
    }
  | { readonly type: 'estimate'; readonly estimate: Estimate }
  | { readonly type: 'probe'; readonly probe: Probe }
  | { readonly type: 'error'; readonly message: string };

export interface Estimate {
  readonly backend: BackendId;
  /** Median of the measured steps, after a warm-up. */
  readonly stepMs: number;
  readonly measuredSteps: number;
  /** Milliseconds from start to the first step: loading, building, first kernel runs. */
  readonly startMs: number;
  /** Resident size of the training process at its highest. */
  readonly memoryBytes: number;
  /** startMs + stepMs x steps. */
  readonly totalMs: number;
}

export interface Probe {
  readonly backend: BackendId;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
}

/** One line of Settings > Runtime: a backend, whether it works here, and if not, why and what to do. */
export interface BackendStatus {
  readonly id: BackendId;
  readonly label: string;
  readonly state: 'in use' | 'available' | 'missing' | 'broken';
  readonly version: string | null;
  readonly device: string | null;
  readonly threads: number | null;
  /** Why it is not in use, in one sentence; empty when it is. */
  readonly reason: string;
  /** The one step that would change that, as a command; null when there is none on this machine. */
  readonly remedy: string | null;
}

export interface RuntimeStatus {
  /** The backend that `auto` uses here. */
  readonly backend: BackendId;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  readonly node: string;
  readonly platform: string;
  /** In order of preference, best first. */
  readonly backends: readonly BackendStatus[];
  /** True when the window's button (and `saddle runtime --install`) can fetch native TensorFlow here. */
  readonly installable: boolean;
}
