// What recording costs: DCGAN28-S with everything written down against the same steps with nothing written, in turns,
// so that both see the same machine; and what watching every weight for NaN costs. `node bench/recording.ts`

import { findDataSet } from '../src/main/datasets/list.ts';
import type { RunWriter } from '../src/main/store/store.ts';
import { asWholeStep } from '../src/main/training/backends/whole-step.ts';
import { sumOfAll } from '../src/main/training/finite.ts';
import { createGridStatistics } from '../src/main/training/health/grid-statistics.ts';
import { rules } from '../src/main/training/health/rules.ts';
import { createWatch } from '../src/main/training/health/watch.ts';
import { histogramOf } from '../src/main/training/histogram.ts';
import { train } from '../src/main/training/loop.ts';
import { fixedReals } from '../src/main/training/pictures.ts';
import { disposeBatch, stepBatch, type Prepared } from '../src/main/training/prepare.ts';
import { drawSamples } from '../src/main/training/recording.ts';
import { benchRun, median, printMachine } from './training.ts';

const PAIRS = Number(process.argv[2] ?? 6);
const STEPS = 200;

interface Cost {
  readonly wallMs: number;
  /** Of all threads: hardly moved by what else the machine does. */
  readonly cpuMs: number;
  /** Inside calls to the store, on the thread that trains. */
  readonly storeMs: number;
}

/** From the end of the first step to the end of step STEPS + 1: two grids lie between when there are any. */
async function costOf(isRecorded: boolean): Promise<Cost> {
  const changes: Record<string, number> = isRecorded ? {} : { sampleEvery: 1_000_000 };
  const { prepared, folder, writer } = await benchRun('small', STEPS + 1, changes);
  let first: Cost | null = null;
  let last: Cost | null = null;
  let storeMs = 0;
  const timed = <Args extends unknown[]>(call: (...args: Args) => void) => {
    return (...args: Args): void => {
      const startMs = performance.now();
      if (isRecorded) call(...args);
      storeMs += performance.now() - startMs;
    };
  };
  const [scalar, image, progress] = [timed(writer.scalar), timed(writer.image), timed(writer.progress)];
  const watched: RunWriter = {
    ...writer,
    scalar,
    image,
    progress(step, speed) {
      progress(step, speed);
      const { user, system } = process.cpuUsage();
      last = { wallMs: performance.now(), cpuMs: (user + system) / 1000, storeMs };
      first ??= last;
    },
  };
  const { signal } = new AbortController();
  await train(prepared, { writer: watched, folder, signal, report: console.error });
  prepared.model.dispose();
  writer.close();
  const [from, to] = [first!, last!] as Cost[];
  const difference = (key: keyof Cost) => (to![key] - from![key]) / STEPS;
  return { wallMs: difference('wallMs'), cpuMs: difference('cpuMs'), storeMs: difference('storeMs') };
}

async function compareRecording(): Promise<void> {
  const pairs: { readonly on: Cost; readonly off: Cost }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    // The first of a pair is another each time.
    const isFirst = pair % 2 === 0;
    const one = await costOf(isFirst);
    const other = await costOf(!isFirst);
    pairs.push(isFirst ? { on: one, off: other } : { on: other, off: one });
  }
  for (const [key, label] of [
    ['wallMs', 'time'],
    ['cpuMs', 'CPU time'],
  ] as const) {
    const ratios = pairs.map(({ on, off }) => off[key] / on[key]);
    const [on, off] = [median(pairs.map((pair) => pair.on[key])), median(pairs.map((pair) => pair.off[key]))];
    const spread = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
    console.log(
      `recording, ${label}: ${on.toFixed(2)} ms a step with, ${off.toFixed(2)} without; ${median(ratios).toFixed(4)} x (${spread}, ${PAIRS} pairs)`,
    );
  }
  const [store, step] = [median(pairs.map(({ on }) => on.storeMs)), median(pairs.map(({ on }) => on.wallMs))];
  const grid = await drawGrid();
  const share = (store + grid) / step;
  console.log(
    `on the training thread: ${store.toFixed(3)} ms a step in the store, ${grid.toFixed(3)} drawing grids, of ${step.toFixed(2)} ms: ${(100 * share).toFixed(2)} %`,
  );
}

/** Milliseconds a step for the grid of every so many steps. */
async function drawGrid(): Promise<number> {
  const { prepared, writer } = await benchRun('small', 1);
  const times: number[] = [];
  const reals = fixedReals(prepared);
  for (let k = 0; k < 9; k++) {
    const startMs = performance.now();
    await drawSamples(prepared, reals, () => Promise.resolve());
    times.push(performance.now() - startMs);
  }
  prepared.model.dispose();
  writer.close();
  return median(times) / Number(prepared.spec.parameters['sampleEvery']);
}

/** A step that JavaScript takes, with or without the sum; milliseconds. */
async function timeStep(prepared: Prepared, isWatched: boolean): Promise<number> {
  const { tf, model, batches } = prepared;
  const values = batches.next();
  const startMs = performance.now();
  await asWholeStep(tf, async () => {
    const batch = stepBatch(prepared, () => values);
    const { scalars: named, histograms = {} } = model.step(batch);
    disposeBatch(prepared, batch);
    const scalars = [...Object.values(named), ...(isWatched ? [sumOfAll(tf, model.variables)] : [])];
    const stacked = tf.stack(scalars);
    tf.dispose([...scalars, ...Object.values(histograms)]);
    await stacked.data();
    stacked.dispose();
  });
  return performance.now() - startMs;
}

async function compareWatching(preset: string): Promise<void> {
  const { prepared, writer } = await benchRun(preset, 1);
  const { tf, model } = prepared;
  for (let k = 0; k < 3; k++) await timeStep(prepared, true);
  const [watched, unwatched]: number[][] = [[], []];
  const rounds = preset === 'app' ? 8 : 150;
  for (let k = 0; k < rounds; k++) {
    watched!.push(await timeStep(prepared, true));
    unwatched!.push(await timeStep(prepared, false));
  }
  const sums: number[] = [];
  for (let k = 0; k < 30; k++) {
    const startMs = performance.now();
    const sum = sumOfAll(tf, model.variables);
    await sum.data();
    sums.push(performance.now() - startMs);
    sum.dispose();
  }
  const [on, off] = [median(watched!), median(unwatched!)];
  console.log(
    `watching ${preset.padEnd(5)} ${on.toFixed(2)} ms a step with, ${off.toFixed(2)} without: ${((100 * (on - off)) / off).toFixed(2)} %; ` +
      `the sum alone ${median(sums).toFixed(2)} ms, ${((100 * median(sums)) / off).toFixed(2)} %`,
  );
  model.dispose();
  writer.close();
}

/** What is judged and counted beside the training, by itself: it is too little to be seen in a whole step. */
async function measureHealth(): Promise<void> {
  const watch = createWatch(rules, { loss: 'minimax' });
  const tags = [...watch.memory.keys()].filter((tag) => !tag.startsWith('grid/') && !tag.startsWith('eval/'));
  const steps = 100_000;
  let startMs = performance.now();
  for (let step = 1; step <= steps; step++) watch.observe(step, new Map(tags.map((tag) => [tag, step % 7])));
  const observeUs = (1000 * (performance.now() - startMs)) / steps;
  const latents = Float32Array.from({ length: 6400 }, Math.random);
  startMs = performance.now();
  for (let k = 0; k < 1000; k++) histogramOf(latents);
  const histogramUs = performance.now() - startMs;
  console.log(
    `health: ${observeUs.toFixed(2)} us a step for ${tags.length} scalars; a histogram of 6,400 values ${histogramUs.toFixed(1)} us`,
  );
  for (const [side, channels] of [[28, 1], [64, 3], [128, 3]] as const) await measureGrid(side, channels); // prettier-ignore
}

/** Milliseconds of the statistics of a grid of 64 samples, once the real images have been looked at. */
async function measureGrid(side: number, channels: number): Promise<void> {
  const size = side * side * channels;
  const noise = Uint8Array.from({ length: 64 * size }, () => 256 * Math.random());
  const glyphs = await findDataSet('glyphs').open('');
  const read = (indices: ArrayLike<number>) =>
    Uint8Array.from({ length: indices.length * size }, () => 256 * Math.random());
  const statistics = createGridStatistics({ ...glyphs, height: side, width: side, channels, read });
  const grid = { count: 64, height: side, width: side, channels, values: noise };
  const times = Array.from({ length: 20 }, () => {
    const startMs = performance.now();
    statistics.measure(grid);
    return performance.now() - startMs;
  });
  const shape = `${side} x ${side} x ${channels}`;
  console.log(
    `grid statistics, 64 of ${shape}: ${median(times.slice(1)).toFixed(2)} ms, the first with the real images ${times[0]!.toFixed(0)} ms`,
  );
}

printMachine();
await measureHealth();
await compareWatching('small');
await compareWatching('app');
await compareRecording();
