// A real Saddle behind every browser test: the built window, the real server, a home of its own, real training.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';

const cli = resolve(import.meta.dirname, '../../src/main/cli.ts');

export interface Served {
  /** With its token. */
  readonly url: string;
  readonly home: string;
  /** Runs one command of the command line to its end and gives what it printed. */
  saddle(...args: string[]): string;
  /** Starts one command and leaves it running. */
  start(...args: string[]): ChildProcess;
  /** Kills the server without warning, as a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function serve(port = 0, home = mkdtempSync(join(tmpdir(), 'saddle-browser-'))): Promise<Served> {
  const env = { ...process.env, SADDLE_HOME: home };
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const saddle = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`saddle ${args.join(' ')} ended with ${status}: ${stderr}`);
    return stdout;
  };
  const server = start('serve', '--port', String(port), '--json');
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((done) => {
      if (server.exitCode !== null || server.signalCode !== null) return done();
      server.once('close', () => done());
      server.kill(signal);
    });
  const { url } = JSON.parse(await firstLine(server)) as { url: string };
  return {
    url,
    home,
    saddle,
    start,
    kill: () => end('SIGKILL'),
    async close() {
      await end('SIGTERM');
      for (const run of JSON.parse(saddle('runs', '--json')) as { pid: number | null }[]) {
        if (run.pid !== null) process.kill(run.pid, 'SIGKILL');
      }
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

export async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error('the process ended before it printed a line');
}

/** Trains to the end and gives the run's id. */
export function trainSmall(served: Served, name: string, ...settings: string[]): string {
  const set = ['batchSize=16', 'sampleEvery=10', ...settings].flatMap((setting) => ['--set', setting]);
  const lines = served.saddle(
    'train', '--recipe', 'gan-mlp', '--data', 'glyphs', '--steps', '40', '--name', name, ...set, '--json',
  ).trim().split('\n'); // prettier-ignore
  return (JSON.parse(lines.at(-1)!) as { runId: string }).runId;
}

/** The step that the run page shows, of `steps` in all. */
export async function shownStep(page: Page, steps: string): Promise<number> {
  const text = await page.locator('main').innerText();
  const match = new RegExp(`([\\d,]+)\\s*/\\s*${steps}`).exec(text);
  return match ? Number(match[1]!.replaceAll(',', '')) : -1;
}
