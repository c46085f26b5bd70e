// Runs another program to its end and gives what it said. Never asks anything: standard input is closed.

import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code; null when a signal ended it or it could not be started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** A program that cannot be started gives code null and the reason in stderr. Throws only when aborted. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // npm is a script on Windows, and only a shell starts scripts there; no argument of ours has a space or quote.
      shell: process.platform === 'win32' && program === 'npm',
    });
    const stop = (): void => void child.kill();
    options.signal?.addEventListener('abort', stop, { once: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const line of text.split('\n')) if (line.trim()) options.onLine?.(line.trim());
    });
    const end = (result: CommandResult): void => {
      options.signal?.removeEventListener('abort', stop);
      if (options.signal?.aborted) reject(options.signal.reason as Error);
      else resolve(result);
    };
    child.on('error', (problem) => end({ code: null, signal: null, stdout, stderr: stderr || problem.message }));
    child.on('close', (code, signal) => end({ code, signal, stdout, stderr }));
  });
}

/** The last lines that a program said, and the signal that ended it, for a message. */
export function lastWords(result: CommandResult, lines = 6): string {
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-lines).join('\n');
  const end = result.signal === null ? `exit code ${result.code}` : `ended by ${result.signal}`;
  return said && result.signal === null ? said : [said, end].filter(Boolean).join('\n');
}
