// Entry of the desktop app: wires the rooms together behind one sandboxed window. Training runs in plain Node processes
// that go on when the window closes.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { app, dialog, powerSaveBlocker } from 'electron';
import { UserError } from '../shared/contract.ts';
import { dataFolder, libraryFolder } from './home.ts';
import { keepAwake } from './hosts/electron/keep-awake.ts';
import { findPlainNode } from './hosts/electron/plain-node.ts';
import { openWindow, registerScheme } from './hosts/electron/window.ts';
import { openLibrary } from './library/library.ts';
import { trainingEntry } from './runs/program.ts';
import { trainingEnvironment } from './runtime/environment.ts';
import { createServices } from './services/services.ts';

const report = (problem: unknown) => void process.stderr.write(`${inspect(problem)}\n`);

async function start(): Promise<void> {
  const library = openLibrary(resolve(app.commandLine.getSwitchValue('library') || libraryFolder()));
  const program = {
    node: findPlainNode(process.resourcesPath, import.meta.url),
    entry: trainingEntry(import.meta.url),
    environment: () => ({ ...process.env, ...trainingEnvironment() }),
    spawn,
  };
  const open = createServices({ library, dataHome: dataFolder(), program, report });
  open.subscribe(keepAwake(library.list(), powerSaveBlocker));
  app.once('will-quit', () => {
    void open.close();
    library.close();
  });
  const window = await openWindow({
    ...open,
    report,
    rendererFolder: fileURLToPath(new URL('../renderer/', import.meta.url)),
    preload: fileURLToPath(new URL('../preload/bridge.cjs', import.meta.url)),
  });
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
}

registerScheme();
app.enableSandbox();
app.on('window-all-closed', () => app.quit());
// A second Saddle would watch and steer the same library; it shows the first one's window instead.
if (!app.requestSingleInstanceLock()) app.quit();
else {
  void app
    .whenReady()
    .then(start)
    .catch((problem: unknown) => {
      report(problem);
      dialog.showErrorBox('Saddle cannot start', problem instanceof UserError ? problem.message : String(problem));
      app.exit(1);
    });
}
