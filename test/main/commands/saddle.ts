// Runs the real command line as a child process, in a home of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const entry = resolve(import.meta.dirname, '../../../src/main/cli.ts');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Home {
  readonly folder: string;
  /** Runs one command to its end. */
  saddle(...args: string[]): Promise<Outcome>;
  /** Starts one command and hands over the child. */
  start(...args: string[]): { readonly child: ReturnType<typeof spawn>; readonly outcome: Promise<Outcome> };
  remove(): void;
}

export function makeHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'saddle-cli-'));
  const start: Home['start'] = (...args) => {
    const child = spawn(process.execPath, [entry, ...args], {
      env: { ...process.env, SADDLE_HOME: folder, FORCE_COLOR: undefined, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (text) => (stdout += text));
    child.stderr?.on('data', (text) => (stderr += text));
    const outcome = new Promise<Outcome>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
    return { child, outcome };
  };
  return {
    folder,
    start,
    saddle: (...args) => start(...args).outcome,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
