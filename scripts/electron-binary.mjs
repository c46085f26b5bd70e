// Whether Electron can show a window here: a screen, and its binary, which the electron package fetches when first
// wanted, from a host that may not answer.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** Path of the binary, or null. */
export function findElectron() {
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name);
    return existsSync(path) ? path : null;
  } catch {
    return null; // Not fetched yet.
  }
}

/** The reason in words, or null when it can. Fetches the binary when only that is missing. `node` runs the package's own step. */
export async function whyNoElectron(node) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return 'there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return "Electron's sandbox does not work for the root user";
  }
  if (findElectron()) return null;
  const problem = await fetchElectron(node);
  return problem && `Electron's binary could not be fetched (${problem})`;
}

/** Without a byte for this long the host counts as not answering. */
const STALL_MS = 15_000;

/** The package's own install step, watched. Resolves with the problem, or null. */
async function fetchElectron(node) {
  // The step downloads into the folder for temporary files; one of its own shows how far it is.
  const temporary = mkdtempSync(join(tmpdir(), 'saddle-electron-'));
  const child = spawn(node, [join(folder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
  });
  let errors = '';
  child.stderr.on('data', (text) => (errors += text));
  let [bytes, changedMs] = [0, performance.now()];
  const watch = setInterval(() => {
    const now = sizeOf(temporary) + sizeOf(join(folder, 'dist'));
    if (now !== bytes) [bytes, changedMs] = [now, performance.now()];
    if (process.stdout.isTTY) process.stdout.write(`\rFetching Electron: ${(bytes / 1048576).toFixed(0)} MiB `);
    if (performance.now() - changedMs > STALL_MS) child.kill();
  }, 500);
  try {
    const { code, signal } = await new Promise((settle) => {
      child.once('error', (problem) => settle({ code: problem.message, signal: null }));
      child.once('exit', (exitCode, exitSignal) => settle({ code: exitCode, signal: exitSignal }));
    });
    if (code === 0 && findElectron()) return null;
    return signal
      ? `nothing came for ${STALL_MS / 1000} s`
      : errors.split('\n')[0].replace(/^\w*Error: /, '') || `exit code ${code}`;
  } finally {
    clearInterval(watch);
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    rmSync(temporary, { recursive: true, force: true });
  }
}

function sizeOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.size ?? 0;
  return readdirSync(path).reduce((sum, entry) => sum + sizeOf(join(path, entry)), 0);
}
