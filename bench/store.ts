// What the store costs, beside the simplest alternative: SQLite with one row a point, flushed just as often.
// `npm run bench:store`. Figures of both sides come from the same run of this program, on the same disk.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { openLibrary } from '../src/main/library/library.ts';
import { createRun } from '../src/main/store/create.ts';
import { openRunReader } from '../src/main/store/reader.ts';
import type { NewRunRecord } from '../src/main/store/store.ts';
import { openRunWriter } from '../src/main/store/writer.ts';
import type { RunId } from '../src/shared/run.ts';

// The eleven scalars of a DCGAN.
const TAGS =
  'loss/d loss/d_real loss/d_fake loss/g prob/d_real prob/d_fake acc/d_real acc/d_fake grad/d_norm grad/g_norm time/step_ms'.split(
    ' ',
  );
const FLUSH_STEPS = 250;
const ROUNDS = 5;

const home = mkdtempSync(join(tmpdir(), 'saddle-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

const record = (id: string): NewRunRecord => ({
  id: id as RunId,
  name: `bench ${id}`,
  spec: { recipe: 'dcgan28', preset: 'app', parameters: {}, data: 'glyphs', seed: 1, steps: 1, backend: 'auto' },
  referenceLines: [],
  networks: [],
  createdMs: Date.now(),
});

let runs = 0;
function newFolder(): string {
  const id = `20260101-000000-${String(runs++).padStart(4, '0')}`;
  const folder = join(home, id);
  createRun(folder, record(id));
  return folder;
}

function median(numbers: number[]): number {
  return numbers.sort((one, other) => one - other)[numbers.length >> 1]!;
}

function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

function print(...cells: (string | number)[]): void {
  console.log(cells.map((cell, k) => (k === 0 ? String(cell).padEnd(44) : String(cell).padStart(14))).join(''));
}

interface Written {
  readonly ms: number;
  readonly bytes: number;
}

function writeBlocks(steps: number): Written {
  const folder = newFolder();
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

function openRows(): { db: Database.Database; path: string; log: (steps: number, tags: number) => void } {
  const path = join(home, `rows-${runs++}.sqlite`);
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    'CREATE TABLE scalars (tag INTEGER, step INTEGER, wall_ms INTEGER, value REAL, PRIMARY KEY (tag, step)) WITHOUT ROWID',
  );
  const insert = db.prepare('INSERT INTO scalars VALUES (?, ?, ?, ?)');
  const log = (steps: number, tags: number): void => {
    for (let from = 0; from < steps; from += FLUSH_STEPS) {
      db.transaction(() => {
        for (let step = from; step < Math.min(from + FLUSH_STEPS, steps); step++) {
          for (let tag = 0; tag < tags; tag++) insert.run(tag, step, Date.now(), Math.sin(step));
        }
      })();
    }
  };
  return { db, path, log };
}

function writeRows(steps: number): Written {
  const { db, path, log } = openRows();
  const ms = timed(() => log(steps, TAGS.length));
  db.close();
  return { ms, bytes: statSync(path).size };
}

function benchWriting(): void {
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
async function benchSmallFlushes(): Promise<void> {
  print(`flushes of a slow training, ${TAGS.length} scalars a step`, 'mean ms', 'us a scalar', '% of 500 ms');
  for (const stepsPerFlush of [5, 25]) {
    const writer = openRunWriter(newFolder());
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

function benchImages(): void {
  const writer = openRunWriter(newFolder());
  const png = new Uint8Array(20_000).map((_, k) => (k * 2654435761) >>> 24);
  const grid = { tag: 'samples', rows: 8, columns: 8, cellWidth: 28, cellHeight: 28, channels: 1, latents: 'z', png };
  const times = Array.from({ length: 500 }, (_, step) => timed(() => writer.image({ ...grid, step })));
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  writer.close();
  print('recording a grid of 20 KB, 500 times', 'mean ms', 'median ms', 'slowest ms');
  print('', mean.toFixed(3), median(times).toFixed(3), times[times.length - 1]!.toFixed(3));
}

function benchOverview(): void {
  print('overview of one series in 1,000 buckets, ms', 'first', 'median of 21', 'GROUP BY rows');
  for (const points of [10_000, 100_000, 1_000_000, 10_000_000]) {
    const folder = newFolder();
    const writer = openRunWriter(folder);
    for (let step = 0; step < points; step++) {
      writer.scalar('loss/d', step, Math.sin(step));
      if (step % FLUSH_STEPS === 0) writer.progress(step, 100);
    }
    writer.close();
    const reader = openRunReader(folder);
    const read = (): number => timed(() => void reader.series('loss/d', {}, 1000));
    const first = read();
    const again = median(Array.from({ length: 21 }, read));
    reader.close();
    print(`  ${points} points`, first.toFixed(2), again.toFixed(2), points <= 1_000_000 ? groupRows(points) : '-');
  }
}

function groupRows(points: number): string {
  const { db, log } = openRows();
  log(points, 1);
  const query = db.prepare(
    'SELECT min(value), max(value), count(*) FROM scalars WHERE tag = 0 GROUP BY step * 1000 / ? ORDER BY step',
  );
  const ms = median(Array.from({ length: 5 }, () => timed(() => void query.all(points))));
  db.close();
  return ms.toFixed(2);
}

function benchLibrary(): void {
  const count = 1000;
  const library = openLibrary(join(home, 'library'));
  const { id: _, createdMs: __, ...parts } = record('');
  const made = timed(() => {
    for (let k = 0; k < count; k++) {
      const writer = openRunWriter(library.create({ ...parts, name: `run ${k}` }).folder);
      for (const tag of TAGS) writer.scalar(tag, 1, 0.5);
      writer.phase('finished', 1);
      writer.close();
    }
  });
  library.close();
  const list = (): [number, number] => {
    const again = openLibrary(join(home, 'library'));
    const first = timed(() => void again.list());
    const next = median(Array.from({ length: 5 }, () => timed(() => void again.list())));
    again.close();
    return [first, next];
  };
  rmSync(join(home, 'library', 'catalogue.sqlite'), { force: true });
  const [rebuilt, next] = list();
  const [indexed] = list();
  print(`library of ${count} runs, ms`, 'made', 'no catalogue', 'next lists', 'next start');
  print('', made.toFixed(0), rebuilt.toFixed(0), next.toFixed(0), indexed.toFixed(0));
}

interface FirstChart {
  readonly runs: number;
  readonly points: number;
  readonly list: number;
  readonly read: number;
}

/** 50 runs of 10 series of 100,000 points: one is written, the others are copies. */
function benchFirstChart(): void {
  const library = openLibrary(join(home, 'fifty'));
  const { id: _, createdMs: __, ...parts } = record('');
  const { folder } = library.create({ ...parts, name: 'run' });
  const writer = openRunWriter(folder);
  for (let step = 0; step < 100_000; step++) {
    for (const tag of TAGS.slice(0, 10)) writer.scalar(tag, step, Math.sin(step));
    writer.progress(step, 100);
  }
  writer.phase('finished', 100_000);
  writer.close();
  for (let k = 1; k < 50; k++) {
    cpSync(folder, join(home, 'fifty', `20260101-000000-${String(k).padStart(4, '0')}`), { recursive: true });
  }
  library.close();
  const program = fileURLToPath(new URL('first-chart.ts', import.meta.url));
  print('first chart of 50 runs, fresh process, ms', 'list of runs', '50 x 1,000', 'points');
  for (let round = 0; round < ROUNDS; round++) {
    const said = execFileSync(process.execPath, [program, join(home, 'fifty')], { encoding: 'utf8' });
    const { points, list, read } = JSON.parse(said) as FirstChart;
    print(round === 0 ? '  without a catalogue' : '', list.toFixed(0), read.toFixed(0), points);
  }
}

console.log(
  `node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} x ${cpus()[0]?.model ?? '?'}\n`,
);
benchWriting();
await benchSmallFlushes();
benchImages();
benchOverview();
benchLibrary();
benchFirstChart();
