// A training program whose entry is a few given lines: what the supervisor must bear from the process it starts is
// easier to say in lines than to provoke in training.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingProgram } from '../../../src/main/runs/program.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { RunId, RunSpec, RunState } from '../../../src/shared/run.ts';

export const SPEC: RunSpec = {
  recipe: 'dcgan28',
  preset: 'small',
  parameters: {},
  data: 'glyphs',
  seed: 1,
  steps: 10,
  backend: 'cpu',
};

export interface Workplace {
  readonly folder: string;
  program(lines: string): TrainingProgram;
  /** Makes a queued run and returns its folder. */
  queueRun(): string;
  end(): void;
}

export function openWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'saddle-runs-'));
  let made = 0;
  return {
    folder,
    program(lines) {
      const entry = join(folder, `entry-${made++}.mjs`);
      writeFileSync(entry, lines);
      return { node: process.execPath, entry, environment: () => ({ ...process.env, MARK: 'from the host' }), spawn };
    },
    queueRun() {
      const id = `20261121-084630-${String(made++).padStart(4, '0')}` as RunId;
      const run = join(folder, id);
      createRun(run, { id, name: 'a run', spec: SPEC, referenceLines: [], networks: [], createdMs: Date.now() });
      return run;
    },
    end: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

export function stateOf(folder: string): RunState {
  const reader = openRunReader(folder);
  try {
    return reader.summary().state;
  } finally {
    reader.close();
  }
}
