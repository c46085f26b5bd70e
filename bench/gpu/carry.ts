// The folder for a machine without a network: sources, packages with their Node, runtime packs, and the command to run.

import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runtimesFolder } from '../../src/main/runtime/pack.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['package.json', 'tsconfig.base.json', 'vitest.config.ts', 'src', 'test', 'bench', 'scripts'];
/** Of node_modules: the window and its tests are not needed for the check. */
const LEFT_OUT =
  /^node_modules\/(\.bin|\.cache|electron|electron-vite|@playwright|playwright[^/]*|vite|svelte[^/]*|eslint[^/]*|prettier[^/]*)(\/|$)/;

const SCRIPT = `#!/bin/sh
# Checks this machine's graphics card; needs no network. Writes gpu.json beside itself.
cd "$(dirname "$0")/saddle" || exit 1
SADDLE_CACHE="$(cd .. && pwd)/cache" exec node_modules/node/bin/node bench/gpu.ts --out ../gpu.json "$@"
`;

/** Throws when the folder is there already. */
export function carry(folder: string, say: (line: string) => void): void {
  const target = resolve(folder);
  if (existsSync(target)) throw new Error(`${target} is there already; name a new folder`);
  mkdirSync(target, { recursive: true });
  for (const name of [...SOURCES, 'node_modules']) {
    cpSync(join(ROOT, name), join(target, 'saddle', name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !LEFT_OUT.test(relative(ROOT, path)),
    });
  }
  if (existsSync(runtimesFolder())) cpSync(runtimesFolder(), join(target, 'cache', 'runtimes'), { recursive: true });
  else
    say('There is no runtime pack here: the machine will be checked without TensorFlow (npm run runtime makes one).');
  const script = join(target, 'check.sh');
  writeFileSync(script, SCRIPT);
  chmodSync(script, 0o755);
  say(`${target} can be carried, for instance with: tar -cf saddle-check.tar -C ${target} .`);
  say('There: ./check.sh');
}
