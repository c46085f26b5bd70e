// The installation as a terminal shows it: one line that moves, or, where nobody watches, a line now and then.

import { installRuntime, type InstallOptions, type InstallProgress } from './install.ts';
import { findCudaRuntime, findProcessorRuntime, type RuntimePack } from './pack.ts';

/** For a log: at most one line in this time while a stage goes on. */
const QUIET_MS = 15_000;

/** Installs, telling `say` (whole lines) and, on a terminal, showing a line of progress on standard error. Throws as installRuntime does. */
export async function installWithProgress(
  say: (line: string) => void,
  options: InstallOptions = {},
): Promise<RuntimePack> {
  const present = (options.kind === 'cuda' ? findCudaRuntime() : findProcessorRuntime()) !== null;
  const startMs = performance.now();
  const terminal = process.stderr.isTTY;
  try {
    const pack = await installRuntime(terminal ? showLine : sayNowAndThen(say), options);
    if (terminal) clearLine();
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    const what = present ? 'is there and works' : `was installed in ${seconds} s`;
    say(`TensorFlow ${pack.version} ${what} (${pack.folder})`);
    return pack;
  } catch (problem) {
    if (terminal) clearLine();
    throw problem;
  }
}

function showLine(message: string, fraction: number | null): void {
  const percent = fraction === null ? '    ' : `${String(Math.floor(fraction * 100)).padStart(3)}%`;
  const width = Math.max(20, (process.stderr.columns || 80) - 1);
  process.stderr.write(`\r\x1b[K${`${percent} ${message}`.slice(0, width)}`);
}

function clearLine(): void {
  process.stderr.write('\r\x1b[K');
}

function sayNowAndThen(say: (line: string) => void): InstallProgress {
  let lastMs = -Infinity;
  let lastStage = '';
  return (message, fraction) => {
    const stage = message.split(',')[0] ?? message;
    const now = performance.now();
    if (stage === lastStage && now - lastMs < QUIET_MS) return;
    lastStage = stage;
    lastMs = now;
    say(fraction === null ? message : `${message} (${Math.floor(fraction * 100)}%)`);
  };
}
