// The addon that joins Node to TensorFlow, compiled from the sources of TensorFlow.js and ours against the pack's own
// libraries. It uses Node-API, so one build serves every Node.

import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { extendBinding } from './addon.ts';
import { lastWords, runCommand } from './run-command.ts';

export const COMPILER_HINT =
  'Install one with the system packages (Debian, Ubuntu: sudo apt install g++; Fedora: sudo dnf install gcc-c++; ' +
  'Arch: sudo pacman -S gcc), then: npm run runtime';

export interface Compiler {
  readonly program: string;
  /** First line of --version. */
  readonly version: string;
}

/** CXX if it is set, else the first of the usual names that runs; null when there is none. */
export async function findCompiler(signal?: AbortSignal): Promise<Compiler | null> {
  for (const program of [process.env['CXX'], 'g++', 'c++', 'clang++']) {
    if (!program) continue;
    const result = await runCommand(program, ['--version'], { signal });
    if (result.code === 0) return { program, version: result.stdout.split('\n')[0]?.trim() ?? program };
  }
  return null;
}

/** Compiles PACKAGE/binding, which it extends, to FOLDER/tfjs_binding.node, which finds the libraries in FOLDER/lib wherever the folder lies. */
export async function compileBinding(
  compiler: Compiler,
  packageFolder: string,
  folder: string,
  libraries: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w', '-DNAPI_VERSION=8'],
    `-I${join(folder, 'include')}`,
    `-I${nodeApiHeaders()}`,
    ...(await extendBinding(packageFolder)),
    `-L${join(folder, 'lib')}`,
    ...libraries.map((file) => `-l:${file}`),
    '-Wl,-rpath,$ORIGIN/lib',
    ...['-o', join(folder, 'tfjs_binding.node')],
  ];
  const result = await runCommand(compiler.program, args, { signal });
  if (result.code !== 0) {
    throw new UserError(
      `TensorFlow's addon did not compile with ${compiler.program} (${compiler.version}):\n${lastWords(result, 20)}\n` +
        `Name another compiler with CXX=..., then: npm run runtime`,
    );
  }
}

function nodeApiHeaders(): string {
  const headers = createRequire(import.meta.url)('node-api-headers') as { include_dir: string };
  return headers.include_dir;
}
