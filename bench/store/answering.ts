// A process that answers with a first chart: started cold, timed until it answers, looked at, ended.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { home } from './ground.ts';

export interface Answering {
  readonly startedMs: number;
  /** The next line that it prints, on either stream. Rejects when it ends instead. */
  line(): Promise<string>;
  /** MiB in memory, of the process and those that it started; null where the system has no `ps`. */
  memory(): number | null;
  end(): Promise<void>;
}

export function startAnswering(program: string, args: readonly string[]): Answering {
  const startedMs = performance.now();
  const child = spawn(program, args, { env: { ...process.env, PYTHONUNBUFFERED: '1', SADDLE_HOME: home } });
  const said: string[] = [];
  let tell: (() => void) | null = null;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      said.push(text);
      tell?.();
    });
  }
  let isOver = false;
  const over = once(child, 'close').then(() => {
    isOver = true;
    tell?.();
  });
  let read = 0;
  return {
    startedMs,
    async line() {
      while (read === said.length) {
        if (isOver) throw new Error(`${program} ${args.join(' ')} ended:\n${said.join('\n')}`);
        await new Promise<void>((resolve) => (tell = resolve));
      }
      return said[read++]!;
    },
    memory: () => memoryOf(child.pid!),
    async end() {
      child.stdin.end();
      const late = wait(2000, null, { ref: false }).then(() => child.kill());
      await Promise.race([over, late]);
      await over;
    },
  };
}

/** Asks again and again until there is an answer; five minutes at most. */
export async function untilAnswered<Answer>(ask: () => Promise<Answer | null>): Promise<Answer> {
  const endMs = performance.now() + 300_000;
  while (performance.now() < endMs) {
    const answer = await ask();
    if (answer !== null) return answer;
    await wait(10);
  }
  throw new Error('no answer in 5 minutes');
}

function memoryOf(root: number): number | null {
  let table: string;
  try {
    table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  } catch {
    return null;
  }
  const rows = table.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number)); // prettier-ignore
  const family = new Set([root]);
  let kib = 0;
  // A child may be listed before its parent: as many rounds as there are generations.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [pid, parent] of rows) if (family.has(parent!)) family.add(pid!);
  }
  for (const [pid, , rss] of rows) if (family.has(pid!)) kib += rss!;
  return kib / 1024;
}
