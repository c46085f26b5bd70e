// The same 1,000,000 scalars in Saddle, in TensorBoard and in one row a point: written by the writer of each, then asked
// for from a cold start, as a window would ask. One series holds a single spike and a single NaN.

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { openRunWriter } from '../../src/main/store/writer.ts';
import { askRows, askSaddle, askTensorBoard, type Asked } from './asking.ts';
import { TAGS, median, newPath, newRun, print, timed } from './ground.ts';
import { FLUSH_STEPS, openRows } from './rows.ts';

const tags = TAGS.slice(0, 10);
const COLD_STARTS = 3;

interface Peer {
  readonly name: string;
  /** Microseconds a scalar. */
  readonly writing: number;
  readonly bytes: number;
  /** From how many cold starts. */
  readonly starts: number;
  ask(): Promise<Asked>;
}

/** Step after step the values of all series: noise, and in the first series one spike and one NaN. */
function makeValues(steps: number): Float32Array {
  const values = Float32Array.from(
    { length: steps * tags.length },
    (_, k) => Math.sin(k / 50_000) + 0.1 * Math.random(),
  );
  values[Math.floor(0.56789 * steps) * tags.length] = 1000;
  values[Math.floor(0.34567 * steps) * tags.length] = NaN;
  return values;
}

/** In turns, so that all see the same machine. */
async function askAll(peers: readonly Peer[]): Promise<Map<Peer, Asked[]>> {
  const all = new Map<Peer, Asked[]>(peers.map((peer) => [peer, []]));
  for (let turn = 0; turn < COLD_STARTS; turn++) {
    for (const peer of peers) if (turn < peer.starts) all.get(peer)!.push(await peer.ask());
  }
  return all;
}

function writeSaddle(values: Float32Array, steps: number): Peer {
  const library = newPath();
  const { id, folder } = newRun(library);
  const writer = openRunWriter(folder);
  const ms = timed(() => {
    for (let step = 0, k = 0; step < steps; step++) {
      for (const tag of tags) writer.scalar(tag, step, values[k++]!);
      writer.progress(step, 100);
    }
    writer.phase('finished', steps);
    writer.close();
  });
  const bytes = statSync(join(folder, 'run.sqlite')).size;
  const ask = (): Promise<Asked> => askSaddle(library, id, tags, steps);
  return { name: 'Saddle', writing: (1000 * ms) / values.length, bytes, starts: COLD_STARTS, ask };
}

function writeRows(values: Float32Array, steps: number): Peer {
  const path = newPath('.sqlite');
  const { db, log } = openRows(path);
  const ms = timed(() => {
    log(steps, tags.length, (tag, step) => values[step * tags.length + tag]!);
    db.close();
  });
  const ask = (): Promise<Asked> => askRows(path, tags.length, steps);
  const writing = (1000 * ms) / values.length;
  return { name: 'one row each', writing, bytes: statSync(path).size, starts: COLD_STARTS, ask };
}

function writeTensorBoard(values: Float32Array, steps: number, python: string): Peer[] {
  const [file, folder] = [newPath('.f32'), newPath()];
  writeFileSync(file, values);
  const program = fileURLToPath(new URL('write_events.py', import.meta.url));
  const said = execFileSync(python, [program, file, folder, ...tags], { encoding: 'utf8' });
  const written = {
    writing: (JSON.parse(said) as { us: number }).us,
    bytes: readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
  };
  const ask = (isFast: boolean) => () => askTensorBoard(python, folder, tags, steps, isFast);
  return [
    { name: 'TensorBoard fast', ...written, starts: COLD_STARTS, ask: ask(true) },
    // Half a minute each.
    { name: 'TensorBoard slow', ...written, starts: 1, ask: ask(false) },
  ];
}

/** Null, with a sentence on the screen, where this Python has no TensorBoard with its fast data server. */
function findTensorBoard(python: string | undefined): string | null {
  const program =
    'import tensorboard, tensorboard_data_server; print(tensorboard.__version__, "with data server", tensorboard_data_server.__version__)';
  try {
    return execFileSync(python ?? 'python3', ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    console.log(
      `TensorBoard's columns are skipped: ${python ?? 'python3'} has no tensorboard with tensorboard-data-server (--python FILE of one that has them)`,
    );
    return null;
  }
}

export async function benchPeers(steps: number, python: string | undefined): Promise<void> {
  const values = makeValues(steps);
  const version = findTensorBoard(python);
  const peers = [writeSaddle(values, steps), writeRows(values, steps)];
  if (version !== null) peers.push(...writeTensorBoard(values, steps, python ?? 'python3'));
  const asked = await askAll(peers);
  console.log(
    `\n${tags.length} series of ${steps} points${version === null ? '' : `, TensorBoard ${version}`}; in brackets: times ours`,
  );
  printPeers(peers, asked, steps);
}

function printPeers(peers: readonly Peer[], asked: ReadonlyMap<Peer, readonly Asked[]>, steps: number): void {
  const row = (what: string, of: (peer: Peer) => number | null, digits: number): void => {
    const own = of(peers[0]!);
    print(`  ${what}`, ...peers.map((peer) => cell(of(peer), peer === peers[0] ? null : own, digits)));
  };
  const asking = (what: string, of: (one: Asked) => number | null, digits = 0): void =>
    row(what, (peer) => middle(asked.get(peer)!.map(of)), digits);
  print('', ...peers.map(({ name }) => name));
  row('us a scalar written', ({ writing }) => writing, 3);
  row('bytes a scalar on disk', ({ bytes }) => bytes / (steps * tags.length), 2);
  asking('ms, cold start until it can be asked', (one) => one.readyMs);
  asking('ms, cold start to the first data', (one) => one.firstMs);
  asking('ms, cold start to the first whole chart', (one) => one.wholeMs);
  asking('  of them from when it can be asked', (one) => one.wholeMs - one.readyMs);
  asking('ms, cold start to all ten', (one) => one.allMs);
  asking('ms, zoom to 30 % in 1,000 buckets, warm', (one) => one.zoomMs, 2);
  asking('MiB of memory of what answers', (one) => one.memory);
  print(`  of ${steps} points in the answer`, ...peers.map((peer) => asked.get(peer)![0]!.kept));
  const seen = (of: (one: Asked) => boolean): string[] =>
    [...asked.values()].map((all) => (all.every(of) ? 'seen' : all.some(of) ? 'sometimes' : 'lost'));
  print('  one spike among them', ...seen(({ spike }) => spike));
  print('  one NaN among them', ...seen(({ nan }) => nan));
}

function middle(numbers: readonly (number | null)[]): number | null {
  const all = numbers.filter((one) => one !== null);
  return all.length === 0 ? null : median(all);
}

function cell(value: number | null, own: number | null, digits: number): string {
  if (value === null) return 'has none';
  return value.toFixed(digits) + (own === null ? '' : ` (${(value / own).toFixed(1)})`);
}

export const PEER_STEPS = 400 * FLUSH_STEPS;
