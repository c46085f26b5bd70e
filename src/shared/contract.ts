// The contract between the window and the services, written once. A call is one line here (arguments' schema and
// result's type) and one function in services/; both transports are derived from this table and know no call by
// name. Every call from the window is refused until its schema has passed.

import * as v from 'valibot';
import type { CheckpointRow, HistogramTag, ImageRow, NetworkSummary, RunDetail, RunEvent, RunId } from './run.ts';
import type { RunSummary, Verdict } from './run.ts';
import { RUN_ID_PATTERN } from './run.ts';
import type { Histograms, Series, SeriesPoints } from './series.ts';
import { MAX_HISTOGRAM_ROWS, MAX_POINTS_PER_SERIES } from './series.ts';
import type { Estimate, RuntimeStatus } from './training.ts';
import { CROPS, RESIZES, type DataKind, type DataUse, type ImageView, type UnreadableFile } from './images.ts';
import type { Parameter, Preset } from './parameters.ts';
import { MAX_AT_ONCE, MAX_QUEUED, type Queue } from './queue.ts';

const runId = v.pipe(
  v.string(),
  v.regex(RUN_ID_PATTERN, 'expected a run id such as 20261121-084630-k3x9'),
  v.transform((text) => text as RunId),
);
const itemId = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected an id of small letters, digits and hyphens'),
);
const tag = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const name = v.pipe(v.string(), v.trim(), v.maxLength(200));
const step = v.pipe(v.number(), v.integer(), v.minValue(0));
const parameterValues = v.record(
  v.pipe(v.string(), v.maxLength(100)),
  v.union([v.number(), v.pipe(v.string(), v.maxLength(1000)), v.boolean()]),
);
const folder = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const side = v.pipe(v.number(), v.integer(), v.minValue(4), v.maxValue(1024));
const nothing = v.strictObject({});

/** How a preview is asked for; the services check what comes in an address as they check calls. */
export const imageViewSchema = v.strictObject({
  height: v.optional(side),
  width: v.optional(side),
  channels: v.optional(v.picklist([1, 3])),
  crop: v.optional(v.picklist(CROPS)),
  resize: v.optional(v.picklist(RESIZES)),
});

/** What the form of an own folder sends. */
const folderImportSchema = v.strictObject({
  folder,
  name: v.pipe(v.string(), v.trim(), v.maxLength(100)),
  size: side,
  crop: v.picklist(CROPS),
  colour: v.picklist(['grey', 'rgb']),
  flip: v.boolean(),
  background: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/, 'expected a colour such as #ffffff')),
  skipUnreadable: v.boolean(),
});

/** What the form of a new run sends; the services fill in the defaults and check it against the recipe's table. */
export const newRunSchema = v.strictObject({
  recipe: itemId,
  preset: itemId,
  /** Only what the user set; the preset and the table give the rest. */
  parameters: parameterValues,
  data: itemId,
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295)),
  steps: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000_000)),
  /** Empty: the services make one from recipe and data. */
  name,
  backend: v.picklist(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']),
});
export type NewRun = v.InferOutput<typeof newRunSchema>;

/** What the form of a fork sends: recipe, preset, data and backend are the parent's. */
export const newForkSchema = v.strictObject({
  runId,
  /** The parent's checkpoint to start from. */
  step,
  /** Only what differs from the parent. */
  parameters: parameterValues,
  /** The fork's last step, counted from the parent's first. */
  steps: newRunSchema.entries.steps,
  /** The parent's, when absent. */
  seed: v.optional(newRunSchema.entries.seed),
  /** Empty: the services make one from the parent's name and the step. */
  name,
});
export type NewFork = v.InferOutput<typeof newForkSchema>;

const tags = v.pipe(v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(50))), v.maxLength(50));

/** What the form sends when its runs are to wait for their turn. */
const queueWishSchema = v.strictObject({
  /** A fork is known by the run it starts from. All go in, or none. */
  runs: v.pipe(
    v.array(v.lazy((wish) => (isForkWish(wish) ? newForkSchema : newRunSchema))),
    v.minLength(1),
    v.maxLength(MAX_QUEUED),
  ),
  /** Every one of the runs gets them. */
  tags,
  /** Place of the first; the end, when absent. */
  place: v.optional(step),
});
const queuedId = v.pipe(v.number(), v.integer(), v.minValue(1));

function isForkWish(wish: unknown): boolean {
  return typeof wish === 'object' && wish !== null && 'runId' in wish;
}

/** The user's own words about a run; what is absent stays as it is. */
const runWordsSchema = v.strictObject({
  runId,
  tags: v.optional(tags),
  notes: v.optional(v.pipe(v.string(), v.maxLength(100_000))),
  starred: v.optional(v.boolean()),
  archived: v.optional(v.boolean()),
});

export interface ThinnedImages {
  readonly images: number;
  readonly bytes: number;
}

export interface LibrarySize {
  readonly runs: number;
  readonly bytes: number;
}

export interface RecipeInfo {
  readonly id: string;
  readonly title: string;
  /** The paper or article, as a reference. */
  readonly source: string;
  readonly about: string;
  readonly parameters: readonly Parameter[];
  readonly presets: readonly Preset[];
  /** Any data set of this kind will do. */
  readonly takes: DataKind;
  /** Those it is known on, the best first. */
  readonly data: readonly string[];
  readonly defaultSteps: number;
}

export type DataState =
  | { readonly phase: 'ready' }
  | { readonly phase: 'absent' }
  /** `total` is 0 while unknown. */
  | {
      readonly phase: 'fetching';
      readonly file: string;
      readonly received: number;
      readonly total: number;
      readonly remainingMs: number | null;
    }
  /** Images from a folder; `total` is 0 while unknown. */
  | {
      readonly phase: 'importing';
      readonly done: number;
      readonly total: number;
      readonly remainingMs: number | null;
    }
  | { readonly phase: 'failed'; readonly message: string };

/** What the catalogue shows of a data set wherever it stands. */
export interface DataSetFacts {
  readonly id: string;
  readonly kind: DataKind;
  readonly title: string;
  readonly about: string;
  readonly licence: string;
  readonly source: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly count: number;
  readonly classes: readonly string[];
  /** Numbers of a caption's vector, of data sets with captions. */
  readonly captionSize?: number;
  /** Bytes to download; 0 when the app makes the data itself. */
  readonly downloadBytes: number;
  /** True for data that the app draws itself: always ready. */
  readonly generated: boolean;
  /** How a person gets data that no program may fetch, to be imported then. */
  readonly byHand?: string;
}

export interface DataSetInfo extends DataSetFacts {
  readonly state: DataState;
  /** Training images that are here: fewer than `count` of a set that was imported in part, 0 of one that is absent. */
  readonly here: number;
  readonly use: DataUse;
  /** True for a folder of the user's own, which is gone when it is removed. */
  readonly own: boolean;
}

/** What was imported; nothing when files cannot be read and the user has not agreed to leave them out. */
export interface Imported {
  /** The data set; null when nothing was imported. */
  readonly data: string | null;
  readonly images: number;
  readonly unreadable: readonly UnreadableFile[];
}

/** What a recipe's network sees of a data set. */
export interface DataViewInfo {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly range: '-1..1' | '0..1';
  /** For `keys.preview`. */
  readonly view: ImageView;
  /** False when the data set's own images are taken as they are. */
  readonly changes: boolean;
}

/** What is new in a run since a cursor. */
export interface RunChanges {
  readonly cursor: number;
  readonly summary: RunSummary;
  /** Raw points after `afterStep`, one entry per tag that has new ones, at most MAX_POINTS_PER_SERIES each. */
  readonly points: readonly SeriesPoints[];
  /** True when there were more points than fit: read the series again instead of appending. */
  readonly truncated: boolean;
  readonly images: readonly ImageRow[];
  readonly events: readonly RunEvent[];
  readonly checkpoints: readonly CheckpointRow[];
  /** All of them: a tag with a greater step has something new. */
  readonly histograms: readonly HistogramTag[];
  /** All verdicts, oldest first. */
  readonly health: readonly Verdict[];
}

/** The type a call answers with; exists for the compiler only. */
const answers = <Result>(): { readonly result?: Result } => ({});

export const calls = {
  listRuns: { args: nothing, ...answers<readonly RunSummary[]>() },
  getRun: { args: v.strictObject({ runId }), ...answers<RunDetail>() },
  startRun: { args: newRunSchema, ...answers<{ readonly runId: RunId }>() },
  /** Trains a few steps in a process of its own; the answer is kept. */
  estimateRun: { args: newRunSchema, ...answers<Estimate>() },
  /** What these settings were measured to cost on this machine before, newest first, at most one a backend. */
  knownEstimates: { args: newRunSchema, ...answers<readonly Estimate[]>() },
  pauseRun: { args: v.strictObject({ runId }), ...answers<null>() },
  /** A paused process goes on; a run that ended before its last step is started again from its newest checkpoint. */
  resumeRun: { args: v.strictObject({ runId }), ...answers<null>() },
  forkRun: { args: newForkSchema, ...answers<{ readonly runId: RunId }>() },
  stopRun: { args: v.strictObject({ runId }), ...answers<null>() },
  renameRun: { args: v.strictObject({ runId, name: v.pipe(name, v.minLength(1)) }), ...answers<null>() },
  setRunWords: { args: runWordsSchema, ...answers<null>() },
  starCheckpoint: { args: v.strictObject({ runId, step, starred: v.boolean() }), ...answers<null>() },
  /** Keeps, of the images older than a step, every n-th step of each tag. */
  thinImages: {
    args: v.strictObject({ runId, olderThanStep: step, every: v.pipe(v.number(), v.integer(), v.minValue(2)) }),
    ...answers<ThinnedImages>(),
  },
  deleteRun: { args: v.strictObject({ runId }), ...answers<null>() },
  /** Brings back a run deleted less than ten minutes ago. */
  restoreRun: { args: v.strictObject({ runId }), ...answers<null>() },
  librarySize: { args: nothing, ...answers<LibrarySize>() },
  readSeries: {
    args: v.strictObject({
      runId,
      tags: v.pipe(v.array(tag), v.maxLength(200)),
      from: v.optional(step),
      to: v.optional(step),
      maxPoints: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MAX_POINTS_PER_SERIES)),
    }),
    ...answers<readonly Series[]>(),
  },
  /** Rows of neighbouring steps become one where there are more than `maxRows`. */
  readHistograms: {
    args: v.strictObject({
      runId,
      tag,
      from: v.optional(step),
      to: v.optional(step),
      maxRows: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_HISTOGRAM_ROWS)),
    }),
    ...answers<Histograms>(),
  },
  readImages: { args: v.strictObject({ runId, tag }), ...answers<readonly ImageRow[]>() },
  readChanges: {
    args: v.strictObject({ runId, cursor: step, afterStep: v.pipe(v.number(), v.integer(), v.minValue(-1)) }),
    ...answers<RunChanges>(),
  },
  readQueue: { args: nothing, ...answers<Queue>() },
  /** Answers with the ids of the entries, in order. */
  addToQueue: { args: queueWishSchema, ...answers<readonly number[]>() },
  /** `place`: among all that wait, 0 is the next; beyond the last is the last. Like the calls below it answers with the queue as it is then. */
  moveQueued: { args: v.strictObject({ id: queuedId, place: step }), ...answers<Queue>() },
  removeQueued: {
    args: v.strictObject({ ids: v.pipe(v.array(queuedId), v.minLength(1), v.maxLength(MAX_QUEUED)) }),
    ...answers<Queue>(),
  },
  /** One that could not be started waits for its turn again. */
  retryQueued: { args: v.strictObject({ id: queuedId }), ...answers<Queue>() },
  /** What is absent stays as it is. */
  setQueue: {
    args: v.strictObject({
      paused: v.optional(v.boolean()),
      atOnce: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_AT_ONCE))),
    }),
    ...answers<Queue>(),
  },
  listRecipes: { args: nothing, ...answers<readonly RecipeInfo[]>() },
  describeNetworks: {
    args: v.strictObject({ recipe: itemId, preset: itemId, parameters: parameterValues, data: itemId }),
    ...answers<readonly NetworkSummary[]>(),
  },
  listData: { args: nothing, ...answers<readonly DataSetInfo[]>() },
  fetchData: { args: v.strictObject({ data: itemId }), ...answers<null>() },
  cancelFetch: { args: v.strictObject({ data: itemId }), ...answers<null>() },
  importData: {
    args: v.strictObject({ data: itemId, folder, skipUnreadable: v.optional(v.boolean()) }),
    ...answers<Imported>(),
  },
  /** A folder of the user's own becomes a data set; `cancelFetch` with the id it will have ends it. */
  importFolder: { args: folderImportSchema, ...answers<Imported>() },
  /** `views`: only what was made for recipes that want other sizes. */
  removeData: { args: v.strictObject({ data: itemId, what: v.picklist(['all', 'views']) }), ...answers<null>() },
  describeView: {
    args: v.strictObject({ recipe: itemId, preset: itemId, parameters: parameterValues, data: itemId }),
    ...answers<DataViewInfo>(),
  },
  /** `fresh`: tries the backends now, whatever is known of them; takes seconds. */
  runtimeStatus: { args: v.strictObject({ fresh: v.optional(v.boolean()) }), ...answers<RuntimeStatus>() },
  /** `cuda`: TensorFlow for NVIDIA cards instead of the one for processors. */
  installRuntime: { args: v.strictObject({ cuda: v.optional(v.boolean()) }), ...answers<null>() },
  /** Gives the disk space of TensorFlow for NVIDIA cards back. */
  removeCuda: { args: nothing, ...answers<null>() },
  /** What is absent stays as it is; training processes started from now on get it. */
  setGpu: {
    args: v.strictObject({
      card: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(63)))),
      memoryMb: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(256), v.maxValue(1_000_000)))),
      deterministic: v.optional(v.boolean()),
    }),
    ...answers<null>(),
  },
  appInfo: { args: nothing, ...answers<AppInfo>() },
} as const;

export interface AppInfo {
  readonly version: string;
  readonly home: string;
  readonly library: string;
  readonly cores: number;
}

export type CallName = keyof typeof calls;
export type CallArgs<Name extends CallName> = v.InferInput<(typeof calls)[Name]['args']>;
export type CheckedArgs<Name extends CallName> = v.InferOutput<(typeof calls)[Name]['args']>;
export type CallResult<Name extends CallName> =
  NonNullable<(typeof calls)[Name]['result']> | (null extends (typeof calls)[Name]['result'] ? null : never);

/** The services: one function per call, arguments already checked. */
export type Services = {
  readonly [Name in CallName]: (args: CheckedArgs<Name>) => CallResult<Name> | Promise<CallResult<Name>>;
};

/** Facts the services announce; they do not steer. */
export interface Events {
  /** Runs that appeared or changed, and those that are gone. At most ten times a second. */
  readonly runs: { readonly changed: readonly RunSummary[]; readonly removed: readonly RunId[] };
  /** The whole queue, whenever it is another. */
  readonly queue: Queue;
  readonly data: { readonly id: string; readonly state: DataState };
  /** Progress of fetching native TensorFlow; `fraction` null while unknown, 1 at the end. */
  readonly runtime: { readonly message: string; readonly fraction: number | null; readonly failed: boolean };
}
export type EventName = keyof Events;
export type AnyEvent = {
  readonly [Name in EventName]: { readonly event: Name; readonly data: Events[Name] };
}[EventName];

/** An error whose text is meant for people: it names the thing, what was expected, what was found, what to do. All others are bugs. */
export class UserError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserError';
  }
}

/** Keys of big bytes, fetched by GET from the same origin as the window in both hosts; every one is immutable but previews and exports. */
export const keys = {
  image: (run: RunId, id: number): string => `/data/images/${run}/${id}.png`,
  /** Several grids of a run in one answer, as bundle.ts joins them; at most MOST_IN_BUNDLE. */
  imageBundle: (run: RunId, ids: readonly number[]): string => `/data/images/${run}/bundle?ids=${ids.join(',')}`,
  /** The same grid, at most 128 pixels wide. */
  thumbnail: (run: RunId, id: number): string => `/data/thumbnails/${run}/${id}.png`,
  preview: (data: string, view: ImageView = {}): string => {
    const query = Object.entries(view).map(([name, value]) => `${name}=${value}`);
    return `/data/preview/${data}.png${query.length > 0 ? `?${query.join('&')}` : ''}`;
  },
  exportGrid: (run: RunId, tag: string, step: number): string =>
    `/data/export/${run}/grid.png?tag=${encodeURIComponent(tag)}&step=${step}`,
  exportSamples: (run: RunId, tag: string, step: number): string =>
    `/data/export/${run}/samples.zip?tag=${encodeURIComponent(tag)}&step=${step}`,
  /** The grids of a tag as one moving picture: every n-th of those from one step to another, so many a second, each pixel `zoom` wide. */
  exportTraining: (
    run: RunId,
    format: 'gif' | 'webp',
    wish: {
      readonly tag: string;
      readonly every: number;
      readonly perSecond: number;
      readonly zoom: number;
      readonly from: number;
      readonly to: number;
    },
  ): string =>
    `/data/export/${run}/training.${format}?tag=${encodeURIComponent(wish.tag)}&every=${wish.every}&perSecond=${wish.perSecond}&zoom=${wish.zoom}&from=${wish.from}&to=${wish.to}`,
  exportCsv: (run: RunId): string => `/data/export/${run}/scalars.csv`,
};
