// Entry of the web host: wires the rooms together and serves the window until told to end. `saddle serve` calls it, and
// `npm start` where Electron cannot run.

import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { dataFolder, homeFolder, libraryFolder } from './home.ts';
import { isPrivateHost } from './hosts/web/guard.ts';
import { startWebHost } from './hosts/web/server.ts';
import { readSessionKey } from './hosts/web/session-key.ts';
import { openLibrary } from './library/library.ts';
import { trainingEntry, type TrainingProgram } from './runs/program.ts';
import { trainingEnvironment } from './runtime/environment.ts';
import { createServices } from './services/services.ts';

/** Training with the Node that runs this process. */
export function trainingProgram(): TrainingProgram {
  return {
    node: process.execPath,
    entry: trainingEntry(import.meta.url),
    environment: () => ({ ...process.env, ...trainingEnvironment() }),
    spawn,
  };
}

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Folder of runs; default: the one under the home folder. */
  readonly library?: string;
}

export interface ServedWindow {
  readonly url: string;
  /** Settles after Ctrl-C, SIGTERM or `close`. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Rejects with UserError when the address or the library cannot be had. */
export async function serveWindow(options: ServeOptions): Promise<ServedWindow> {
  const library = openLibrary(resolve(options.library ?? libraryFolder()));
  const report = (problem: unknown) => void process.stderr.write(`${inspect(problem)}\n`);
  const open = createServices({ library, dataHome: dataFolder(), program: trainingProgram(), report });
  const end = async () => {
    await open.close();
    library.close();
  };
  const sessionKey = readSessionKey(join(homeFolder(), 'served-windows.key'));
  const host = await startWebHost({ ...open, ...options, report, sessionKey, rendererFolder: rendererFolder() }).catch(
    async (problem: unknown) => {
      await end();
      throw problem;
    },
  );
  const ended = Promise.withResolvers<void>();
  let ending = false;
  const close = () => {
    if (!ending) host.close().then(end).then(ended.resolve, ended.reject);
    ending = true;
    return ended.promise;
  };
  // More than once is no harm: npm passes a Ctrl-C on that the terminal has sent already.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, close);
  if (!isPrivateHost(options.host)) {
    process.stderr.write('Others can reach this address: whoever has the whole of it can use Saddle, unencrypted.\n');
  }
  return { url: host.url, closed: ended.promise, close };
}

/** The built window, seen from the sources and from the bundle. */
function rendererFolder(): string {
  const fromHere = import.meta.url.endsWith('.ts') ? '../../out/renderer/' : '../renderer/';
  return fileURLToPath(new URL(fromHere, import.meta.url));
}
