// What reading costs: one series of 10^4 to 10^7 points in 1,000 buckets, a library of 1,000 runs, and the first chart of 50.

import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLibrary } from '../../src/main/library/library.ts';
import { openRunReader } from '../../src/main/store/reader.ts';
import { openRunWriter } from '../../src/main/store/writer.ts';
import { ROUNDS, TAGS, home, median, newPath, newRun, print, record, timed } from './ground.ts';
import { FLUSH_STEPS, openBuckets, openRows } from './rows.ts';

const BUCKETS = 1000;
/** 10^4 to 10^7, and those whose overview answers with the most rows: just under a row, just under a level. */
const SIZES = [10_000, 100_000, 255_999, 1_000_000, 4_000_000, 8_388_000, 10_000_000];
const WARM_UP = 50;
const TURNS = 300;

function writeSeries(points: number): string {
  const { folder } = newRun();
  const writer = openRunWriter(folder);
  for (let step = 0; step < points; step++) {
    writer.scalar('loss/d', step, Math.sin(step));
    if (step % FLUSH_STEPS === 0) writer.progress(step, 100);
  }
  writer.close();
  return folder;
}

/** All sizes in turns, so that each sees the same machine. */
export function benchOverview(): void {
  const readers = SIZES.map((points) => openRunReader(writeSeries(points)));
  const read = (k: number): number => timed(() => void readers[k]!.series('loss/d', {}, BUCKETS));
  const firsts = SIZES.map((_, k) => read(k));
  for (let turn = 0; turn < WARM_UP; turn++) SIZES.forEach((_, k) => read(k));
  const turns = Array.from({ length: TURNS }, () => SIZES.map((_, k) => read(k)));
  for (const reader of readers) reader.close();
  print('one series in 1,000 buckets, ms', 'first', `median of ${TURNS}`, 'times 10^4', 'GROUP BY rows');
  for (const [k, points] of SIZES.entries()) {
    const growth = median(turns.map((times) => times[k]! / times[0]!));
    const cells = [firsts[k]!, median(turns.map((times) => times[k]!)), growth].map((cell) => cell.toFixed(2));
    print(`  ${points} points`, ...cells, points <= 1_000_000 ? groupRows(points) : '-');
  }
}

function groupRows(points: number): string {
  const { db, log } = openRows(newPath('.sqlite'));
  log(points, 1, (_, step) => Math.sin(step));
  const buckets = openBuckets(db);
  const ms = median(Array.from({ length: 5 }, () => timed(() => void buckets(0, 0, points - 1))));
  db.close();
  return ms.toFixed(2);
}

export function benchLibrary(): void {
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
  /** Of the processor, for the reading. */
  readonly processor: number;
}

/** 50 runs of 10 series of 100,000 points: one is written, the others are copies. */
export function benchFirstChart(): void {
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
  const program = fileURLToPath(new URL('../first-chart.ts', import.meta.url));
  print('first chart of 50 runs, fresh process, ms', 'list of runs', '50 x 1,000', 'of the processor', 'points');
  for (let round = 0; round < ROUNDS; round++) {
    const said = execFileSync(process.execPath, [program, join(home, 'fifty')], { encoding: 'utf8' });
    const { points, list, read, processor } = JSON.parse(said) as FirstChart;
    print(round === 0 ? '  without a catalogue' : '', list.toFixed(0), read.toFixed(0), processor.toFixed(0), points);
  }
}
