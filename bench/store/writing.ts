// What recording costs on the thread that trains: a dense stream of scalars beside one row a point, flushes of a slow
// training, grids.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openRunWriter } from '../../src/main/store/writer.ts';
import { ROUNDS, TAGS, median, newPath, newRun, print, timed } from './ground.ts';
import { openRows } from './rows.ts';

interface Written {
  readonly ms: number;
  readonly bytes: number;
}

function writeBlocks(steps: number): Written {
  const { folder } = newRun();
  const writer = openRunWriter(folder);
  const ms = timed(() => {
    for (let step = 0; step < steps; step++) {
      for (const tag of TAGS) writer.scalar(tag, step, Math.sin(step));
      writer.progress(step, 100);
    }
    writer.progress(steps, 100, true);
  });
  writer.close();
  return { ms, bytes: statSync(join(folder, 'run.sqlite')).size };
}

function writeRows(steps: number): Written {
  const path = newPath('.sqlite');
  const { db, log } = openRows(path);
  const ms = timed(() => log(steps, TAGS.length, (_, step) => Math.sin(step)));
  db.close();
  return { ms, bytes: statSync(path).size };
}

export function benchWriting(): void {
  const steps = 100_000;
  const scalars = steps * TAGS.length;
  const [blocks, rows]: [Written[], Written[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    blocks.push(writeBlocks(steps));
    rows.push(writeRows(steps));
  }
  const cost = (all: Written[]): number => (median(all.map(({ ms }) => ms)) * 1000) / scalars;
  const size = (all: Written[]): number => all[0]!.bytes / scalars;
  print(`writing ${scalars} scalars, median of ${ROUNDS}`, 'blocks', 'one row each', 'ratio');
  print('  us a scalar', cost(blocks).toFixed(3), cost(rows).toFixed(3), (cost(rows) / cost(blocks)).toFixed(1));
  print('  bytes a scalar', size(blocks).toFixed(2), size(rows).toFixed(2), (size(rows) / size(blocks)).toFixed(1));
}

/**
 * The dearest case for a scalar: a slow training, whose flushes are forced by the half second and carry little. Each
 * flush is asked for here, after a pause that cools the caches, so that the writer's own timer never does one unmeasured.
 */
export async function benchSmallFlushes(): Promise<void> {
  print(`flushes of a slow training, ${TAGS.length} scalars a step`, 'mean ms', 'us a scalar', '% of 500 ms');
  for (const stepsPerFlush of [5, 25]) {
    const writer = openRunWriter(newRun().folder);
    const flushes = 60;
    let [ms, step] = [0, 0];
    for (let flush = 0; flush < flushes; flush++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ms += timed(() => {
        for (let k = 0; k < stepsPerFlush; k++, step++)
          for (const tag of TAGS) writer.scalar(tag, step, Math.sin(step));
        writer.progress(step, 50, true);
      });
    }
    writer.close();
    const mean = ms / flushes;
    const each = (mean * 1000) / (stepsPerFlush * TAGS.length);
    print(`  ${stepsPerFlush} steps a flush`, mean.toFixed(3), each.toFixed(2), ((mean / 500) * 100).toFixed(3));
  }
}

export function benchImages(): void {
  const writer = openRunWriter(newRun().folder);
  const png = new Uint8Array(20_000).map((_, k) => (k * 2654435761) >>> 24);
  const grid = { tag: 'samples', rows: 8, columns: 8, cellWidth: 28, cellHeight: 28, channels: 1, latents: 'z', png };
  const times = Array.from({ length: 500 }, (_, step) => timed(() => writer.image({ ...grid, step })));
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  writer.close();
  print('recording a grid of 20 KB, 500 times', 'mean ms', 'median ms', 'slowest ms');
  print('', mean.toFixed(3), median(times).toFixed(3), Math.max(...times).toFixed(3));
}
