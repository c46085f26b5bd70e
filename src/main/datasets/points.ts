// The toy distributions: points of one or two numbers, drawn fresh for every batch, with their exact densities. The
// shapes of GAN Lab (poloclub/ganlab, ganlab_input_providers.ts) lie in its unit square; here u is 4 (u - 1/2).

import { UserError } from '../../shared/contract.ts';
import type { DataSet, OpenDataSet, Points } from './dataset.ts';

type Random = () => number;
/** A mixture of equally likely normal distributions without correlation. */
interface Hill {
  readonly centre: readonly number[];
  readonly deviation: readonly number[];
}

const round = (centre: readonly number[], deviation: number): Hill => ({
  centre,
  deviation: centre.map(() => deviation),
});

const RING: readonly Hill[] = Array.from({ length: 8 }, (_, at) =>
  round([2 * Math.cos((at * Math.PI) / 4), 2 * Math.sin((at * Math.PI) / 4)], 0.05),
);
const ISLANDS = [round([-0.6, 1], 0.1), round([1, 0.4], 0.1), round([-0.2, -0.6], 0.1)];
const TWO: readonly Hill[] = [
  { centre: [-0.8, 0.8], deviation: [0.4, 0.4] },
  { centre: [0.8, -0.4], deviation: [0.2, 0.8] },
];

/** The line: evenly along the line from START to START + ALONG, each point moved by a round normal distribution. */
const START = [1.2, 0.4] as const;
const ALONG = [-3, 1.2] as const;
const BLUR = 0.04;

/** Every distribution, in the order of the menus. */
export const pointSets: readonly DataSet[] = [
  pointSet('normal1d', 'Normal, 1-D', 'Numbers of the standard normal distribution.', normal([0])),
  pointSet('normal2d', 'Normal, 2-D', 'Points of the standard normal distribution.', normal([0, 0])),
  pointSet(
    'ring',
    'Ring of eight',
    'Eight narrow normal distributions on a circle of radius 2: shows whether a GAN finds all of them.',
    { ...hills(RING, 3), modes: modesOf(RING) },
  ),
  pointSet(
    'two-gaussians',
    'Two Gaussians',
    "GAN Lab's two hills, one round and one narrow and tall.",
    hills(TWO, 3),
    "poloclub/ganlab, 'gaussians'",
  ),
  pointSet('line', 'Line', "GAN Lab's slanting line, a little blurred.", line(), "poloclub/ganlab, 'line'"),
  pointSet(
    'islands',
    'Three islands',
    "GAN Lab's three small hills far from each other.",
    { ...hills(ISLANDS, 2), modes: modesOf(ISLANDS) },
    "poloclub/ganlab, 'disjoint'",
  ),
];

function pointSet(id: string, title: string, about: string, points: Points, source = 'Drawn by Saddle'): DataSet {
  return {
    ...{ id, title, about, source },
    kind: 'points',
    licence: 'CC0 1.0',
    height: 1,
    width: points.dimensions,
    channels: 1,
    count: 0,
    classes: [],
    downloadBytes: 0,
    generated: true,
    isReady: () => true,
    fetch: () => Promise.resolve(),
    import: () =>
      Promise.reject(new UserError(`${title}: Saddle draws these points itself; there is nothing to import.`)),
    open: () => Promise.resolve(openPoints(points)),
  };
}

function openPoints(points: Points): OpenDataSet {
  return {
    count: 0,
    height: 1,
    width: points.dimensions,
    channels: 1,
    labels: new Uint8Array(0),
    read: () => {
      throw new TypeError('points are drawn, not read');
    },
    points,
    close() {},
  };
}

function hills(all: readonly Hill[], extent: number): Points {
  const dimensions = all[0]!.centre.length as 1 | 2;
  return {
    dimensions,
    extent,
    draw(n, random) {
      const values = new Float32Array(n * dimensions);
      for (let at = 0; at < n; at++) {
        const hill = all.length === 1 ? all[0]! : all[Math.floor(random() * all.length)]!;
        const pair = normalPair(random);
        for (let axis = 0; axis < dimensions; axis++) {
          values[at * dimensions + axis] = hill.centre[axis]! + hill.deviation[axis]! * pair[axis]!;
        }
      }
      return values;
    },
    density: (point) => all.reduce((sum, hill) => sum + hillDensity(hill, point), 0) / all.length,
  };
}

function hillDensity({ centre, deviation }: Hill, point: ArrayLike<number>): number {
  let density = 1;
  for (let axis = 0; axis < centre.length; axis++) {
    const off = (point[axis]! - centre[axis]!) / deviation[axis]!;
    density *= Math.exp(-0.5 * off * off) / (deviation[axis]! * Math.sqrt(2 * Math.PI));
  }
  return density;
}

function normal(centre: readonly number[]): Points {
  const all = [round(centre, 1)];
  return { ...hills(all, 4), modes: modesOf(all) };
}

function modesOf(all: readonly Hill[]): NonNullable<Points['modes']> {
  return { centres: Float32Array.from(all.flatMap(({ centre }) => centre)), deviation: all[0]!.deviation[0]! };
}

function line(): Points {
  const length = Math.hypot(...ALONG);
  return {
    dimensions: 2,
    extent: 2,
    draw(n, random) {
      const values = new Float32Array(2 * n);
      for (let at = 0; at < n; at++) {
        const share = random();
        const [x, y] = normalPair(random);
        values[2 * at] = START[0] + ALONG[0] * share + BLUR * x;
        values[2 * at + 1] = START[1] + ALONG[1] * share + BLUR * y;
      }
      return values;
    },
    density(point) {
      const [x, y] = [point[0]! - START[0], point[1]! - START[1]];
      const along = (x * ALONG[0] + y * ALONG[1]) / length;
      const across = (x * ALONG[1] - y * ALONG[0]) / length / BLUR;
      const share = normalBelow(along / BLUR) - normalBelow((along - length) / BLUR);
      return (share / length) * (Math.exp(-0.5 * across * across) / (BLUR * Math.sqrt(2 * Math.PI)));
    },
  };
}

/** Two independent standard normal numbers (Box-Muller). */
function normalPair(random: Random): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** The standard normal distribution function, within 7.5e-8 (Abramowitz and Stegun, 26.2.17). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const sum = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429].reduceRight(
    (rest, factor) => t * (factor + rest),
    0,
  );
  const above = (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
  return x < 0 ? above : 1 - above;
}
