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

/** Both ends belong to the range; absent means open. */
export interface StepRange {
  readonly from?: number;
  readonly to?: number;
}

/** Most points or buckets that one series answers with, whatever was asked for. */
export const MAX_POINTS_PER_SERIES = 4_000;
