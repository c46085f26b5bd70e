// The shape of a data set: what the catalogue shows of it, and how a training process reads it. Gives arrays,
// never tensors.

import type { DataSetFacts } from '../../shared/contract.ts';
import type { ImageView } from '../../shared/images.ts';

/** Where data sets live: one folder each under this one. */
export type DataHome = string;

export interface Fetching {
  readonly signal?: AbortSignal;
  progress(file: string, received: number, total: number): void;
}

/** What a long preparation of images is watched with. */
export interface Watch {
  readonly signal?: AbortSignal;
  /** Images done so far and in all; `total` is 0 while unknown. */
  readonly progress?: (done: number, total: number) => void;
}

export interface ImportWatch extends Watch {
  /** The user agrees that files that cannot be read are left out. */
  readonly skipUnreadable?: boolean;
}

export interface DataSet extends DataSetFacts {
  /** True when `open` would work without a download. */
  isReady(home: DataHome): boolean;
  /** Number of training images that are here, where only a part of `count` may have been imported. */
  countIn?(home: DataHome): number;
  /** Downloads, checks and installs; does nothing for generated data. Throws UserError. */
  fetch(home: DataHome, fetching: Fetching): Promise<void>;
  /** Installs files the user already has; returns the number of training images. Throws UserError naming file, expected, found. */
  import(home: DataHome, folder: string, watch?: ImportWatch): Promise<number>;
  /**
   * Throws UserError when the data is absent or broken. Without a view the images are as the data set has them; the
   * first opening at another view makes a file of its pixels, which later ones find.
   */
  open(home: DataHome, view?: ImageView, watch?: Watch): Promise<OpenDataSet>;
  /** Of images: the first n as `open` would give them, without preparing the others. */
  glance?(home: DataHome, n: number, view?: ImageView): Promise<Glance>;
}

/** Images of one size, rows of HWC bytes, one after the other. */
export interface Glance {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
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
  /** Of data sets with two domains: the images of the other one. */
  readonly second?: OpenDataSet;
  /** Of data sets with captions: [indices, size], a vector of text each. */
  readonly captions?: { readonly size: number; read(indices: ArrayLike<number>): Float32Array };
  /** Of distributions, which have no images to read: `count` is 0, `width` the dimensions. */
  readonly points?: Points;
  close(): void;
}

export interface Points {
  readonly dimensions: 1 | 2;
  /** n fresh points, [n, dimensions]; `random` gives numbers in [0, 1). */
  draw(n: number, random: () => number): Float32Array;
  /** Probability density at a point of `dimensions` numbers. */
  density(point: ArrayLike<number>): number;
  /** Centres of its modes, one after the other, and their common standard deviation. */
  readonly modes?: { readonly centres: Float32Array; readonly deviation: number };
  /** Nearly all of it lies between -extent and extent on each axis. */
  readonly extent: number;
}

/** A data set without its functions, as it is shown and printed. */
export function factsOf(dataSet: DataSet): DataSetFacts {
  const { id, kind, title, about, licence, source, height, width, channels } = dataSet;
  const { count, classes, captionSize, downloadBytes, generated, byHand } = dataSet;
  return {
    ...{ id, kind, title, about, licence, source, height, width, channels },
    ...{ count, classes, downloadBytes, generated },
    ...(captionSize !== undefined && { captionSize }),
    ...(byHand !== undefined && { byHand }),
  };
}
