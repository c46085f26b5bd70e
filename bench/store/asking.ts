// Asks each of the peers for its first chart from a cold start: a fresh process, files that the system still has in its cache.

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { RunId } from '../../src/shared/run.ts';
import { decodeFrame, encodeFrame } from '../../src/shared/frames.ts';
import { Caller, type Frame } from '../../src/shared/messages.ts';
import type { SeriesBuckets } from '../../src/shared/series.ts';
import { startAnswering, untilAnswered, type Answering } from './answering.ts';
import { median } from './ground.ts';

const BUCKETS = 1000;

export interface Asked {
  /** From the start of the process until it can be asked. */
  readonly readyMs: number;
  /** To the first answer with any data of the first series. */
  readonly firstMs: number;
  /** To the first that reaches the last step. */
  readonly wholeMs: number;
  /** To such an answer for each series. */
  readonly allMs: number;
  /** Null where there is no zoom. */
  readonly zoomMs: number | null;
  readonly memory: number | null;
  /** Points or buckets in the answer, and whether they show the spike and the NaN. */
  readonly kept: number;
  readonly spike: boolean;
  readonly nan: boolean;
}

const programOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function whileAnswering(
  program: string,
  args: readonly string[],
  ask: (answering: Answering, sinceStart: () => number) => Promise<Asked>,
): Promise<Asked> {
  const answering = startAnswering(program, args);
  try {
    return await ask(answering, () => performance.now() - answering.startedMs);
  } finally {
    await answering.end();
  }
}

export function askSaddle(library: string, runId: RunId, tags: readonly string[], steps: number): Promise<Asked> {
  return whileAnswering(process.execPath, [programOf('answer-saddle.ts'), library], async (answering, sinceStart) => {
    const url = await answering.line();
    const readyMs = sinceStart();
    const { call, socket } = await openLine(url);
    const read = async (some: readonly string[], from = 0, to = steps): Promise<SeriesBuckets[]> =>
      (await call('readSeries', { runId, tags: [...some], from, to, maxPoints: BUCKETS })) as SeriesBuckets[];
    const [first] = await read(tags.slice(0, 1));
    const firstMs = sinceStart();
    await read(tags.slice(1));
    const allMs = sinceStart();
    const times: number[] = [];
    for (let k = 0; k < 11; k++) {
      const begun = performance.now();
      await read(tags.slice(0, 1), Math.floor(0.3 * steps), Math.floor(0.6 * steps));
      times.push(performance.now() - begun);
    }
    const memory = answering.memory();
    socket.close();
    const { max, nonFinite, steps: kept } = first!;
    const seen = { kept: kept.length, spike: max.includes(1000), nan: nonFinite.some((count) => count > 0) };
    return { readyMs, firstMs, wholeMs: firstMs, allMs, zoomMs: median(times), memory, ...seen };
  });
}

/** A browser's end of the web host: the token's redirect, the cookie, the socket. */
async function openLine(url: string): Promise<{ call: Caller['call']; socket: WebSocket }> {
  const response = await fetch(url, { redirect: 'manual' });
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
  const { origin, host } = new URL(url);
  const socket = new WebSocket(`ws://${host}/calls`, { headers: { Cookie: cookie, Origin: origin } });
  await once(socket, 'open');
  const caller = new Caller((request) => socket.send(encodeFrame(request)));
  socket.on('message', (data: Buffer) => void caller.receive(decodeFrame(data.toString('utf8')) as Frame));
  return { call: caller.call, socket };
}

export function askRows(path: string, tags: number, steps: number): Promise<Asked> {
  const args = [programOf('answer-rows.ts'), path, String(tags), String(steps)];
  return whileAnswering(process.execPath, args, async (answering, sinceStart) => {
    await answering.line();
    const readyMs = sinceStart();
    await answering.line();
    const firstMs = sinceStart();
    await answering.line();
    const allMs = sinceStart();
    const memory = answering.memory();
    const rest = JSON.parse(await answering.line()) as Pick<Asked, 'zoomMs' | 'kept' | 'spike' | 'nan'>;
    return { readyMs, firstMs, wholeMs: firstMs, allMs, memory, ...rest };
  });
}

/** [wall time in seconds, step, value]; what is not finite is a text. */
type Point = readonly [number, number, number | string];

export function askTensorBoard(
  python: string,
  folder: string,
  tags: readonly string[],
  steps: number,
  isFast: boolean,
): Promise<Asked> {
  const server = ['-m', 'tensorboard.main', '--logdir', folder, '--host', '127.0.0.1', '--port', '0'];
  return whileAnswering(python, [...server, `--load_fast=${isFast}`], async (answering, sinceStart) => {
    let address: string | undefined;
    while (address === undefined) address = /http:\/\/[\w.]+:\d+\//.exec(await answering.line())?.[0];
    const readyMs = sinceStart();
    const read = async (tag: string): Promise<readonly Point[] | null> => {
      const query = new URLSearchParams({ run: '.', tag });
      const response = await fetch(`${address}data/plugin/scalars/scalars?${query}`);
      const points = response.ok ? ((await response.json()) as readonly Point[]) : [];
      return points.length > 0 ? points : null;
    };
    const whole = async (tag: string): Promise<readonly Point[] | null> => {
      const points = await read(tag);
      return points?.at(-1)?.[1] === steps - 1 ? points : null;
    };
    await untilAnswered(() => read(tags[0]!));
    const firstMs = sinceStart();
    const first = await untilAnswered(() => whole(tags[0]!));
    const wholeMs = sinceStart();
    for (const tag of tags.slice(1)) await untilAnswered(() => whole(tag));
    const allMs = sinceStart();
    const values = first.map(([, , value]) => value);
    const seen = { kept: first.length, spike: values.includes(1000), nan: values.includes('NaN') };
    return { readyMs, firstMs, wholeMs, allMs, zoomMs: null, memory: answering.memory(), ...seen };
  });
}
