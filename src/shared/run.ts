// What a run is: its specification, its state, and the names of things. A run is a folder; nothing here knows where.

import type { ParameterValues } from './parameters.ts';

/** Folder name of a run: `20261121-084630-k3x9`, sortable by creation. */
export type RunId = string & { readonly __brand: 'RunId' };
export const RUN_ID_PATTERN = /^\d{8}-\d{6}-[0-9a-z]{4}$/;

export function isRunId(text: string): text is RunId {
  return RUN_ID_PATTERN.test(text);
}

/** Global step, counted from 0 before the first update; one step is one D update with the G updates that go with it. */
export type Step = number;

/** What the user asked for. Written once when the run is made, never changed; together with the seed it determines the run. */
export interface RunSpec {
  readonly recipe: string;
  readonly preset: string;
  /** Every parameter of the recipe, defaults included, so that a later change of a default changes no old run. */
  readonly parameters: ParameterValues;
  readonly data: string;
  readonly seed: number;
  readonly steps: number;
  readonly backend: BackendChoice;
  /** The run and step this one was forked from. */
  readonly parent?: { readonly runId: RunId; readonly step: Step };
}

export type BackendId = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
export const BACKEND_IDS: readonly BackendId[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];
export type BackendChoice = BackendId | 'auto';

/**
 *   queued -> starting -> running <-> paused -> stopped
 *                            |   \-> finished
 *                            |   \-> failed
 *                            \-> interrupted   (read, never written: running, starting or paused, but its process is gone)
 *   unreadable: the folder is there, its run file cannot be read.
 */
export type RunState =
  | { readonly phase: 'queued' }
  | { readonly phase: 'starting'; readonly pid: number }
  | { readonly phase: 'running'; readonly pid: number }
  | { readonly phase: 'paused'; readonly pid: number }
  | { readonly phase: 'stopped' }
  | { readonly phase: 'finished' }
  | { readonly phase: 'failed'; readonly message: string }
  | { readonly phase: 'interrupted' }
  | { readonly phase: 'unreadable'; readonly message: string };

export type RunPhase = RunState['phase'];

/** True while a training process is there to be paused, resumed or stopped. */
export function isActive(state: RunState): boolean {
  return state.phase === 'starting' || state.phase === 'running' || state.phase === 'paused';
}

/** What a user may ask of a training process; it reads these from the run file at each flush. */
export type RunCommand = 'pause' | 'resume' | 'stop';

export type EventKind =
  'created' | 'started' | 'paused' | 'resumed' | 'stopped' | 'finished' | 'failed' | 'checkpoint' | 'alert' | 'note';

export interface RunEvent {
  readonly id: number;
  readonly kind: EventKind;
  readonly step: Step;
  readonly wallMs: number;
  readonly message: string;
}

/** One layer as the model summary shows it. `output` without the batch axis. */
export interface LayerSummary {
  readonly name: string;
  readonly output: readonly number[];
  /** Trainable parameters only. */
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly multiplyAdds: number;
}
export interface NetworkSummary {
  readonly name: string;
  /** Sum of trainable parameters. */
  readonly trainable: number;
  readonly layers: readonly LayerSummary[];
}

export interface CheckpointRow {
  readonly step: Step;
  /** Relative to the run's folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the weights alone. */
  readonly sha256: string;
  readonly wallMs: number;
  readonly reason: string;
  /** The user's own mark: such a checkpoint is never removed by the policy. */
  readonly starred: boolean;
  /** Why the policy may not remove it; absent where it may. */
  readonly keptBecause?: string;
  /** Values of the scalars at that step; may be NaN or infinite. */
  readonly measures: Readonly<Record<string, number>>;
}

/** What actually ran, filled in by the training process when it starts. */
export interface RunMachine {
  readonly backend: BackendId;
  readonly backendVersion: string;
  readonly device: string;
  readonly threads: number;
  readonly host: string;
  readonly platform: string;
  readonly node: string;
  readonly saddle: string;
}

/** One line of the table of runs. */
export interface RunSummary {
  readonly id: RunId;
  readonly name: string;
  readonly recipe: string;
  readonly preset: string;
  readonly data: string;
  readonly parameters: ParameterValues;
  readonly seed: number;
  readonly state: RunState;
  readonly step: Step;
  readonly steps: number;
  readonly createdMs: number;
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  /** Mean over the last seconds of training, null before the first step; pauses are not counted. */
  readonly stepsPerSecond: number | null;
  /** Estimated time to the last step, null when unknown or over. */
  readonly remainingMs: number | null;
  /** Last value of each scalar; may be NaN or infinite. */
  readonly lastValues: Readonly<Record<string, number>>;
  /** Newest grid, to be fetched by key; null before the first. */
  readonly newestImage: ImageRow | null;
  readonly sizeBytes: number;
  /** The user's own words, in the order they were given. */
  readonly tags: readonly string[];
  readonly starred: boolean;
  /** Out of the way, not gone: left out of the table unless asked for. */
  readonly archived: boolean;
  /** The run and step this one was forked from. */
  readonly parent: { readonly runId: RunId; readonly step: Step } | null;
  /** Counts commits of the training process: greater means there is something new. */
  readonly cursor: number;
}

/** One recorded image: everything but its bytes, which travel by key (`/data/images/RUN/ID.png`). */
export interface ImageRow {
  readonly id: number;
  readonly tag: string;
  readonly step: Step;
  readonly wallMs: number;
  /** Cells of the grid. */
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly channels: number;
  /** Names the latent batch the cells were made from: equal ids mean that cell k shows the same latent. */
  readonly latents: string;
  readonly bytes: number;
}

/** One episode in which a rule of health held: what was seen, what to do about it. */
export interface Verdict {
  readonly rule: string;
  /** Where the rule's condition was first known to hold. */
  readonly since: Step;
  /** Null while it lasts. */
  readonly over: Step | null;
  readonly message: string;
  readonly remedy: string;
  /** The remedy as settings of a fork; empty when it is not one of settings alone. */
  readonly settings: ParameterValues;
}

/** What is recorded of one distribution. */
export interface HistogramTag {
  readonly tag: string;
  readonly lastStep: Step;
}

/** Everything the run page needs besides series and images. */
export interface RunDetail {
  readonly summary: RunSummary;
  readonly spec: RunSpec;
  /** Free text of the user's; empty when there is none. */
  readonly notes: string;
  readonly machine: RunMachine | null;
  readonly networks: readonly NetworkSummary[];
  readonly events: readonly RunEvent[];
  readonly checkpoints: readonly CheckpointRow[];
  /** Tags of the scalars and of the images recorded so far, in the order they first appeared. */
  readonly scalarTags: readonly string[];
  readonly imageTags: readonly string[];
  readonly histogramTags: readonly HistogramTag[];
  /** Oldest first. */
  readonly health: readonly Verdict[];
  /** Horizontal lines the recipe names for its charts (`log 4` on loss/d). */
  readonly referenceLines: readonly ReferenceLine[];
}

export interface ReferenceLine {
  readonly tag: string;
  readonly value: number;
  readonly label: string;
}
