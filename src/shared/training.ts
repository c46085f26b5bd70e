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

/** Exit code of a training process whose graphics device was lost: whoever started it starts another, which goes on from the newest checkpoint. */
export const DEVICE_LOST_EXIT = 75;

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
  /** Milliseconds besides the steps: loading, building, first kernel runs, the first pictures. */
  readonly startMs: number;
  /** Resident size of the training process at its highest, with pictures drawn and a checkpoint taken. */
  readonly memoryBytes: number;
  /** Bytes of all tensors when there are most: what a graphics card must hold at least. */
  readonly tensorBytes: number;
  /** What the device itself says it has given out; null where it is the process's own memory, or does not say. */
  readonly deviceBytes: number | null;
  readonly measuredAtMs: number;
  /** startMs + stepMs x steps. */
  readonly totalMs: number;
}

export interface Probe {
  readonly backend: BackendId;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  /** True when a graphics card computes; a software driver of one does not count. */
  readonly isGpu: boolean;
  /** Greatest difference from plain JavaScript's numbers for a small network and its gradients, relative to the greatest value. */
  readonly largestError: number;
  /** Time of the probe's larger network, forward and backward: the fastest of some runs. */
  readonly ms: number;
}

/** One line of Settings > Runtime: a backend, whether it works here, and if not, why and what to do. */
export interface BackendStatus {
  readonly id: BackendId;
  readonly label: string;
  readonly state: 'in use' | 'available' | 'missing' | 'broken';
  readonly version: string | null;
  readonly device: string | null;
  readonly threads: number | null;
  readonly isGpu: boolean;
  /** Of the probe, as Probe says; null when it did not come so far. */
  readonly largestError: number | null;
  readonly ms: number | null;
  /** Why it is not in use, in one sentence; empty when it is. */
  readonly reason: string;
  /** The one step that would change that, as a command; null when there is none on this machine. */
  readonly remedy: string | null;
}

/** Settings for NVIDIA cards; null for TensorFlow's own choice. */
export interface GpuSettings {
  /** As nvidia-smi counts them. */
  readonly card: number | null;
  /** Greatest memory that a training process takes of the card. Handed to TensorFlow; its effect was never seen on a card. */
  readonly memoryMb: number | null;
  /** The same numbers again on the same card, at the price of slower operations. */
  readonly deterministic: boolean;
}

/** TensorFlow for NVIDIA cards: what is here. */
export interface CudaStatus {
  readonly cards: readonly { readonly index: number; readonly name: string; readonly memoryMb: number }[];
  /** Why no card can be used with it, as a sentence; null when one can. */
  readonly obstacle: string | null;
  readonly isInstalled: boolean;
  /** True when the window's button (and `saddle runtime --install-cuda`) can fetch it here. */
  readonly installable: boolean;
  readonly downloadBytes: number;
  readonly settings: GpuSettings;
}

export interface RuntimeStatus {
  /** The backend that `auto` uses here. */
  readonly backend: BackendId;
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  readonly isGpu: boolean;
  /** When the backends were tried; kept for this machine until a library, a driver or Saddle itself changes. */
  readonly probedMs: number;
  readonly node: string;
  readonly platform: string;
  /** In order of preference, best first. */
  readonly backends: readonly BackendStatus[];
  /** True when the window's button (and `saddle runtime --install`) can fetch native TensorFlow here. */
  readonly installable: boolean;
  readonly cuda: CudaStatus;
}

/** Begins the message of a run that failed for want of memory: the host that started it looks for it, and adds which batch fits. */
export const OUT_OF_MEMORY = 'Out of memory';
