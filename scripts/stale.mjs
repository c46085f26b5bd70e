// When the sources last changed and when the window was last built, by the files' times.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const outputs = ['out/main/electron.js', 'out/preload/bridge.cjs', 'out/renderer/index.html'];

/** In ms since 1970. Folders count too: their time changes when a file is deleted. */
export function newestChange(root) {
  return Math.max(...sources.map((source) => newest(join(root, source))));
}

/** 0 when something has never been built. */
export function oldestOutput(root) {
  return Math.min(...outputs.map((output) => statSync(join(root, output), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((entry) => newest(join(path, entry))));
}
