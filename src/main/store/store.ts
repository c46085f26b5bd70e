// What the rooms above see of a run file. The training process holds the one RunWriter; everybody else reads,
// and writes only the user's own words. Implementations: writer.ts, reader.ts, words.ts.

import type {
  CheckpointRow,
  EventKind,
  HistogramTag,
  ImageRow,
  NetworkSummary,
  ReferenceLine,
  RunCommand,
  RunDetail,
  RunEvent,
  RunId,
  RunMachine,
  RunSpec,
  RunSummary,
  Step,
  Verdict,
} from '../../shared/run.ts';
import type { Histogram, Histograms, Series, SeriesPoints, StepRange } from '../../shared/series.ts';

export interface NewRunRecord {
  readonly id: RunId;
  readonly name: string;
  readonly spec: RunSpec;
  readonly referenceLines: readonly ReferenceLine[];
  readonly networks: readonly NetworkSummary[];
  readonly createdMs: number;
}

export interface NewImage {
  readonly tag: string;
  readonly step: Step;
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly channels: number;
  readonly latents: string;
  /** Encoded PNG. */
  readonly png: Uint8Array;
}

/** What a resume took back: everything that was logged after the checkpoint it starts from. */
export interface Rollback {
  /** The last step that stayed. */
  readonly step: Step;
  /** The last step that anything had been recorded for; `step` when nothing was taken back. */
  readonly lastStep: Step;
  /** Points and images removed. */
  readonly scalars: number;
  readonly images: number;
  /** Rows removed; their files are the training process's to delete. */
  readonly checkpoints: readonly CheckpointRow[];
}

/** The user's own words about a run; what is absent stays as it is. */
export interface RunWords {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly notes?: string;
  readonly starred?: boolean;
  readonly archived?: boolean;
}

/** The training process's connection. Scalars are buffered and flushed every 500 ms or 250 steps; everything else flushes at once. */
export interface RunWriter {
  readonly id: RunId;
  readonly spec: RunSpec;
  /** Marks the run as started by this process: state, pid, machine, event. */
  start(machine: RunMachine): void;
  /** NaN and infinities are values. Steps of one tag must grow. Wall time is now. */
  scalar(tag: string, step: Step, value: number): void;
  image(image: NewImage): void;
  /** By tag, all of one step. */
  histograms(step: Step, rows: ReadonlyMap<string, Histogram>): void;
  /** An episode of a rule of health begins, with its event. `lastGood`: the checkpoint that the policy must spare from now on. */
  alert(step: Step, verdict: Verdict, lastGood?: Step): void;
  /** It is over, with its event. */
  relieve(step: Step, verdict: Verdict): void;
  event(kind: EventKind, step: Step, message: string): void;
  /**
   * Commits everything logged so far and the row, and with `news` the event that says so, in one transaction that is on
   * the disk when this returns. A star that the step has stays.
   */
  checkpoint(row: CheckpointRow, news?: string): void;
  /** By step, the user's stars as they are now. */
  checkpoints(): CheckpointRow[];
  /** The row goes, the file is the caller's to delete afterwards. */
  dropCheckpoint(step: Step): void;
  /**
   * For a resume, before `start`: takes back every scalar, image and checkpoint row with a greater step, together with
   * the event that says so; on the disk when this returns. Without effect when there is nothing after `step`.
   */
  rollback(step: Step): Rollback;
  /** Moves the state, with its event. `failed` needs a message. */
  phase(phase: 'running' | 'paused' | 'stopped' | 'finished' | 'failed', step: Step, message?: string): void;
  /** Completed steps so far and the speed; flushes when it is time to (or when `now` is set). Also the heartbeat. */
  progress(step: Step, stepsPerSecond: number | null, now?: boolean): void;
  /** Commands sent since the last call, oldest first. */
  takeCommands(): RunCommand[];
  /** True when a stop is among those not taken yet. Changes nothing, so that it can be asked while the disk is full. */
  isStopWaiting(): boolean;
  close(): void;
}

/** A read-only view of one run; every method is one short read. */
export interface RunReader {
  /** Grows with each commit; one indexed read, cheap enough to ask ten times a second. */
  cursor(): number;
  summary(): RunSummary;
  detail(): RunDetail;
  /** Points when they fit into maxPoints, else buckets. Unknown tags give empty points. The same call gives the same answer. */
  series(tag: string, range: StepRange, maxPoints: number): Series;
  /** Every point, block by block, for exports. */
  allPoints(tag: string): Iterable<SeriesPoints>;
  /** Points with step > afterStep of every tag that has any, at most `limit` each; and whether there were more. */
  newPoints(afterStep: Step, limit: number): { points: SeriesPoints[]; truncated: boolean };
  images(tag: string): ImageRow[];
  /** At most `maxRows` rows; neighbours that have to share one are added up. Unknown tags give none. */
  histograms(tag: string, range: StepRange, maxRows: number): Histograms;
  histogramTags(): HistogramTag[];
  /** Every verdict, oldest first. */
  verdicts(): Verdict[];
  /** Images, events and checkpoints committed after the cursor. */
  newImages(cursor: number): ImageRow[];
  newEvents(cursor: number): RunEvent[];
  newCheckpoints(cursor: number): CheckpointRow[];
  /** Null when there is no such image. */
  imageBytes(id: number): { png: Uint8Array; row: ImageRow } | null;
  close(): void;
}

// create.ts   createRun(folder, record): makes the folder and both files, phase `queued`. The folder must not exist.
// writer.ts   openRunWriter(folder): RunWriter. UserError when the file is of a newer Saddle, not a run file, or already
//             being written by a living process. Its methods throw DiskFullError (sentences.ts) when there is no room:
//             nothing is half-written, nothing logged is lost, and the next call tries again.
// reader.ts   openRunReader(folder): RunReader. UserError likewise (not for living writers).
// words.ts    setWords(folder, words), starCheckpoint(folder, step, starred), sendCommand(folder, command): the user's own words.
// thin.ts     thinImages(folder, {olderThanStep, every}): only for runs that no process writes.
