// The real services over a library in a temporary folder, with one recorded run in it, for the tests of the hosts.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encode } from 'fast-png';
import type { RunId } from '../../../src/shared/run.ts';
import { openLibrary, type Library } from '../../../src/main/library/library.ts';
import { trainingEntry, type TrainingProgram } from '../../../src/main/runs/program.ts';
import { trainingEnvironment } from '../../../src/main/runtime/environment.ts';
import { prepareRun, recordOf } from '../../../src/main/services/new-run.ts';
import { createServices, type OpenServices } from '../../../src/main/services/services.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';

export interface Saddle extends OpenServices {
  readonly library: Library;
  readonly folder: string;
  readonly program: TrainingProgram;
  /** What went to the log. */
  readonly problems: unknown[];
  end(): Promise<void>;
}

export function openSaddle(): Saddle {
  const folder = mkdtempSync(join(tmpdir(), 'saddle-test-'));
  const library = openLibrary(join(folder, 'runs'));
  const program: TrainingProgram = {
    node: process.execPath,
    entry: trainingEntry(pathToFileURL(join(import.meta.dirname, '../../../src/main/electron.ts')).href),
    environment: () => ({ ...process.env, SADDLE_HOME: folder, ...trainingEnvironment({ threads: 1 }) }),
    spawn,
  };
  const problems: unknown[] = [];
  const open = createServices({
    library,
    dataHome: join(folder, 'data'),
    program,
    report: (problem) => problems.push(problem),
  });
  return {
    ...open,
    library,
    folder,
    program,
    problems,
    async end() {
      await open.close();
      library.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export const NEW_RUN = {
  recipe: 'dcgan28',
  preset: 'small',
  parameters: {},
  data: 'glyphs',
  seed: 1,
  steps: 3,
  name: '',
  backend: 'auto',
} as const;

/** A finished run of three steps whose loss is 1, NaN, Infinity, with a grid of 2 x 3 cells at step 2. */
export function recordRun({ library, folder }: Saddle, name = 'recorded'): RunId {
  const prepared = prepareRun({ ...NEW_RUN, name }, join(folder, 'data'));
  const { id, folder: runFolder } = library.create(recordOf(prepared));
  const writer = openRunWriter(runFolder);
  writer.start({
    backend: 'cpu',
    backendVersion: '4.22.0',
    device: 'test',
    threads: 1,
    host: 'here',
    platform: process.platform,
    node: process.version,
    saddle: '0.1.0',
  });
  writer.phase('running', 0);
  [1, NaN, Infinity].forEach((value, step) => writer.scalar('loss/d', step, value));
  const [rows, columns, cellWidth, cellHeight] = [2, 3, 4, 4];
  const [width, height] = [columns * cellWidth, rows * cellHeight];
  const data = Uint8Array.from({ length: width * height }, (_, index) => index);
  const png = encode({ width, height, data, channels: 1, depth: 8 });
  writer.image({
    tag: 'samples/fixed',
    step: 2,
    rows,
    columns,
    cellWidth,
    cellHeight,
    channels: 1,
    latents: 'test',
    png,
  });
  writer.phase('finished', 3);
  writer.close();
  return id;
}
