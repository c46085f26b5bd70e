// The shape of a data set: what the catalogue shows of it, and how a training process reads it. Gives arrays,
// never tensors.

import type { DataSetFacts } from '../../shared/contract.ts';

/** Where data sets live: one folder each under this one. */
export type DataHome = string;

export interface Fetching {
  readonly signal?: AbortSignal;
  progress(file: string, received: number, total: number): void;
}

export interface DataSet extends DataSetFacts {
  /** True when `open` would work without a download. */
  isReady(home: DataHome): boolean;
  /** Downloads, checks and installs; does nothing for generated data. Throws UserError. */
  fetch(home: DataHome, fetching: Fetching): Promise<void>;
  /** Installs files the user already has; returns the number of training images. Throws UserError naming file, expected, found. */
  import(home: DataHome, folder: string): Promise<number>;
  /** Throws UserError when the data is absent or broken. `seed` is for generated data only. */
  open(home: DataHome): Promise<OpenDataSet>;
}

export interface OpenDataSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Class of each image, one byte each. */
  readonly labels: Uint8Array;
  /** Pixels of the images with these indices, one after the other, rows of HWC bytes. A fresh array each time. */
  read(indices: ArrayLike<number>): Uint8Array;
  close(): void;
}

/** A data set without its functions, as it is shown and printed. */
export function factsOf(dataSet: DataSet): DataSetFacts {
  const { id, title, about, licence, source, height, width, channels, count, classes, downloadBytes, generated } =
    dataSet;
  return { id, title, about, licence, source, height, width, channels, count, classes, downloadBytes, generated };
}
