#!/usr/bin/env node
// Entry of the command line: `saddle COMMAND`. Wires the rooms together for the commands; each is opened when first asked for.

import { resolve } from 'node:path';
import { inspect } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { UserError } from '../shared/contract.ts';
import type { Context } from './commands/context.ts';
import { runProgram, type GlobalOptions } from './commands/program.ts';
import { dataFolder, libraryFolder } from './home.ts';
import { openLibrary, type Library } from './library/library.ts';
import { startAttached } from './runs/start.ts';
import { createServices, type OpenServices } from './services/services.ts';
import { serveWindow, trainingProgram } from './web.ts';

let library: Library | undefined;
let services: OpenServices | undefined;

function openContext(options: GlobalOptions): Context {
  const folder = resolve(options.library ?? libraryFolder());
  const dataHome = dataFolder();
  const openedLibrary = (): Library => (library ??= openLibrary(folder));
  return {
    dataHome,
    library: openedLibrary,
    services() {
      const report = (problem: unknown): void => void process.stderr.write(`${inspect(problem)}\n`);
      const program = trainingProgram();
      services ??= createServices({ library: openedLibrary(), dataHome, program, startsQueued: false, report });
      return services.services;
    },
    startAttached: (runFolder, limits) => startAttached(trainingProgram(), runFolder, () => {}, limits),
    async serve({ host, port }) {
      await buildWindow();
      return serveWindow({ host, port, library: folder });
    },
  };
}

/** In a clone the window is built when it is stale; a bundle brings it. Throws UserError with what the build said. */
async function buildWindow(): Promise<void> {
  if (!import.meta.url.endsWith('.ts')) return;
  const script = new URL('../../scripts/build-if-stale.mjs', import.meta.url).href;
  const { buildIfStale } = (await import(script)) as { buildIfStale(say: (piece: string) => void): string | null };
  const problem = buildIfStale((piece) => process.stderr.write(piece));
  if (problem) throw new UserError(problem);
}

// `saddle runs | head`: the reader has what it wants, which is no failure.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code === 'EPIPE') process.exit(0);
  throw problem;
});

const exitCode = await runProgram(process.argv.slice(2), manifest.version, openContext);
await services?.close();
library?.close();
process.exitCode = exitCode;
