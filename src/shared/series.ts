// Series stay in columns from the store to the chart. Values are 32-bit floats as recorded; NaN and the
// infinities are values like any other, so columns are typed arrays, never JSON numbers.

/** Raw points, in order of step. */
export interface SeriesPoints {
  readonly kind: 'points';
  readonly tag: string;
  readonly steps: Float64Array;
  readonly values: Float32Array;
  /** Wall time of each point in ms since 1970, interpolated inside a block. */
  readonly wallMs: Float64Array;
}

/** A range cut into buckets of equal numbers of steps; no spike and no NaN is lost. */
export interface SeriesBuckets {
  readonly kind: 'buckets';
  readonly tag: string;
  /** Step of the last point of each bucket. */
  readonly steps: Float64Array;
  readonly wallMs: Float64Array;
  /** Of the finite values; NaN where the bucket has none. */
  readonly min: Float32Array;
  readonly max: Float32Array;
  /** The last value recorded in the bucket, finite or not. */
  readonly last: Float32Array;
  readonly count: Uint32Array;
  readonly nonFinite: Uint32Array;
}

export type Series = SeriesPoints | SeriesBuckets;

/** Equal parts that the range of a recorded distribution is cut into. */
export const HISTOGRAM_BUCKETS = 30;

/** How a set of values is distributed, at one step. */
export interface Histogram {
  /** Of the finite values; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  readonly nonFinite: number;
  /** How many finite values lie in each of the equal parts from min to max; all in the first where min is max. */
  readonly counts: Uint32Array;
}

/** Distributions in order of step; where there are more than fit, neighbours are one row. */
export interface Histograms {
  readonly tag: string;
  /** The last step of each row. */
  readonly steps: Float64Array;
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly nonFinite: Uint32Array;
  /** How many recorded steps each row was added up of; where it is 1 the row is exactly as recorded. */
  readonly merged: Uint32Array;
  /** [rows, HISTOGRAM_BUCKETS]; of merged rows no whole numbers. */
  readonly counts: Float32Array;
}

/** Most rows that one answer with distributions has. */
export const MAX_HISTOGRAM_ROWS = 500;

/** Both ends belong to the range; absent means open. */
export interface StepRange {
  readonly from?: number;
  readonly to?: number;
}

/** Most points or buckets that one series answers with, whatever was asked for. */
export const MAX_POINTS_PER_SERIES = 4_000;
