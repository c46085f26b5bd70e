// What a grid of samples says beside the pictures themselves, as scalars of its step. Compared with real images that
// are the same for every run of a data set, and with the grid before.

import { decode } from 'fast-png';
import type { OpenDataSet } from '../../datasets/dataset.ts';
import type { RunReader } from '../../store/store.ts';
import { cutCells } from '../grid.ts';
import { createRandom } from '../random.ts';
import { distance, divergence, hasFewClasses, nearestClass, type NearestClass } from './classes.ts';
import { checkerboardOf, covarianceTrace, planesOf, someOf, type ImageSet, type Plane } from './images.ts';
import { meanSimilarity } from './similarity.ts';

export interface GridStatistics {
  /** Of the grid of fixed latents; it is then the grid before. */
  measure(grid: ImageSet): ReadonlyMap<string, number>;
  /** Of points: only how far they spread. */
  measurePoints(fakes: ImageSet, reals: ImageSet): ReadonlyMap<string, number>;
  /** Takes the newest grid that the run has as the one before. */
  recall(reader: RunReader): void;
}

export const GRID_TAG = 'samples/fixed';

const REALS = 64;
const LABELLED_REALS = 1000;
/** Sequence of the seed 0, whatever the run's seed. */
const REALS_STREAM = 3;
/** Similarity at a single scale is meant for images of about this size. */
const SIMILARITY_SIDE = 32;
/** Fewer say nothing about a spread. */
const FEWEST = 8;

interface Reals {
  readonly trace: number;
  readonly similarity: number;
  readonly board: number;
  readonly classes: NearestClass | null;
}

export function createGridStatistics(data: OpenDataSet): GridStatistics {
  let reals: Reals | null = null;
  let before: ImageSet | null = null;
  return {
    measure(grid) {
      const isComparable = grid.height === data.height && grid.width === data.width && grid.channels === data.channels;
      if (!isComparable || data.count < FEWEST || grid.count < FEWEST) return new Map();
      reals ??= measureReals(data);
      const found = compare(grid, before, reals);
      before = grid;
      return found;
    },
    measurePoints: (fakes, real) => new Map([['grid/trace_ratio', covarianceTrace(fakes) / covarianceTrace(real)]]),
    recall(reader) {
      const row = reader.images(GRID_TAG).at(-1);
      const found = row && reader.imageBytes(row.id);
      if (!found) return;
      const { data: pixels } = decode(found.png);
      const { cellHeight: height, cellWidth: width, channels } = row;
      const values = cutCells(pixels as Uint8Array, row);
      before = { count: values.length / (height * width * channels), height, width, channels, values };
    },
  };
}

function compare(grid: ImageSet, before: ImageSet | null, reals: Reals): ReadonlyMap<string, number> {
  const some = someOf(grid);
  const planes = planesOf(some);
  const board = checkerboardOf(planes);
  const found = new Map([
    ['grid/trace_ratio', covarianceTrace(some) / reals.trace],
    ['grid/ssim_fake', meanSimilarity(smaller(some, planes))],
    ['grid/ssim_real', reals.similarity],
    ['grid/board_fake', board.energy],
    ['grid/board_real', reals.board],
    ['grid/parity', board.parity],
  ]);
  const shares = reals.classes?.sharesOf(grid);
  if (shares) found.set('grid/class_kl', divergence(shares, reals.classes!.shares));
  // A grid that was read again has its empty cells at the end.
  if (before && before.values.length >= grid.values.length) {
    found.set('grid/change', meanChange(grid, before));
    if (shares)
      found.set('grid/class_change', distance(shares, reals.classes!.sharesOf({ ...before, count: grid.count })));
  }
  // Where nothing varies, ratios have no value.
  return new Map([...found].filter(([, value]) => Number.isFinite(value)));
}

function smaller(set: ImageSet, planes: readonly Plane[]): readonly Plane[] {
  return Math.max(set.height, set.width) <= SIMILARITY_SIDE ? planes : planesOf(set, SIMILARITY_SIDE);
}

/** Mean absolute change of a pixel, as a share of its range. */
function meanChange({ values }: ImageSet, before: ImageSet): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += Math.abs(values[at]! - before.values[at]!);
  return sum / values.length / 255;
}

function measureReals(data: OpenDataSet): Reals {
  const random = createRandom(0, REALS_STREAM);
  const choose = (count: number) => Uint32Array.from({ length: count }, () => random.below(data.count));
  const read = (indices: Uint32Array): ImageSet => {
    const { height, width, channels } = data;
    return { count: indices.length, height, width, channels, values: data.read(indices) };
  };
  const set = someOf(read(choose(REALS)));
  const planes = planesOf(set);
  return {
    trace: covarianceTrace(set),
    similarity: meanSimilarity(smaller(set, planes)),
    board: checkerboardOf(planes).energy,
    classes: measureClasses(data, read, choose(LABELLED_REALS)),
  };
}

function measureClasses(data: OpenDataSet, read: (indices: Uint32Array) => ImageSet, indices: Uint32Array) {
  if (data.labels.length !== data.count) return null;
  const labels = Uint8Array.from(indices, (index) => data.labels[index]!);
  // Looked at first: the images of a data set without useful classes need not be read.
  return hasFewClasses(labels) ? nearestClass(read(indices), labels) : null;
}
