// Builds the window when its sources are newer than what was built. `npm start` and `saddle serve` call it, so that nobody
// has to know that there is a build. Runs on any Node that npm runs on.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { newestChange, oldestOutput } from './stale.mjs';

const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** The Node of the `node` package, whatever runs this. */
export const node = join(
  dirname(require.resolve('node/package.json')),
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** `say` gets pieces of one line. Returns what went wrong, or null. */
export function buildIfStale(say) {
  if (newestChange(root) <= oldestOutput(root)) return null;
  say('Building the window ...');
  const startMs = performance.now();
  const vite = join(dirname(require.resolve('electron-vite/package.json')), 'bin', 'electron-vite.js');
  const built = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' });
  say(` ${((performance.now() - startMs) / 1000).toFixed(1)} s\n`);
  if (built.status === 0) return null;
  return `${built.stdout ?? ''}${built.stderr ?? ''}${built.error ?? ''}\nThe build failed.`;
}
