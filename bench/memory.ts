// The memory that an estimate promises against what a real run of the same settings takes, for every preset of every
// recipe: `node bench/memory.ts [--backend ID] [RECIPE/PRESET]...`. Linux only: the peak of a run is read from /proc. Exit
// code 1 when one is off by more than a fifth.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { estimate } from '../src/main/runs/ask.ts';
import { trainingEntry, type TrainingProgram } from '../src/main/runs/program.ts';
import { trainingEnvironment } from '../src/main/runtime/environment.ts';
import { createRun } from '../src/main/store/create.ts';
import { openRunReader } from '../src/main/store/reader.ts';
import { recipes } from '../src/main/training/recipes/list.ts';
import type { Recipe } from '../src/main/training/recipes/recipe.ts';
import { resolveParameters } from '../src/shared/parameters.ts';
import type { BackendChoice, RunId, RunSpec } from '../src/shared/run.ts';

const ALLOWED = 0.2;
const LOOK_MS = 10;
/** Of the real run: long enough for what grows at first. */
const TRAIN_MS = 8000;
const MOST_STEPS = 1000;
const LEAST_STEPS = 6;
/** The largest presets take minutes on few cores; the window waits for two. */
const PATIENCE_MS = 1_500_000;

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { backend: { type: 'string', default: 'auto' } },
});
const home = mkdtempSync(join(tmpdir(), 'saddle-memory-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

const program: TrainingProgram = {
  node: process.execPath,
  entry: trainingEntry(pathToFileURL(join(import.meta.dirname, '../src/main/train.ts')).href),
  environment: () => ({ ...process.env, ...trainingEnvironment(), SADDLE_HOME: home }),
  spawn,
};

function specOf(recipe: Recipe, preset: string): RunSpec {
  const parameters = resolveParameters(recipe.parameters, recipe.presets, preset, {});
  const data = recipe.takes === 'points' ? 'ring' : 'glyphs';
  const backend = options.backend as BackendChoice;
  return { recipe: recipe.id, preset, parameters, data, seed: 1, steps: LEAST_STEPS, backend };
}

let made = 0;

/** Trains and gives the highest resident size that the system saw. */
async function train(spec: RunSpec): Promise<number> {
  const id = `20261121-000000-${String(made++).padStart(4, '0')}` as RunId;
  const folder = join(home, id);
  createRun(folder, { id, name: id, spec, referenceLines: [], networks: [], createdMs: Date.now() });
  const child = spawn(program.node, [program.entry, 'run', folder], {
    env: { ...program.environment() },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const peak = await watch(child);
  const reader = openRunReader(folder);
  const { state } = reader.summary();
  reader.close();
  rmSync(folder, { recursive: true });
  if (state.phase !== 'finished') throw new Error(`${spec.recipe}/${spec.preset}: ${JSON.stringify(state)}`);
  return peak;
}

function watch(child: ChildProcess): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, highestSize(child.pid!));
  }, LOOK_MS);
  return new Promise((resolve) =>
    child.once('exit', () => {
      clearInterval(timer);
      resolve(peak);
    }),
  );
}

function highestSize(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // It has just ended.
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
let worst = 0;
console.log(`${'recipe/preset'.padEnd(28)} batch  estimate    real run   off by   tensors at most   a step`);
for (const recipe of recipes) {
  for (const { id: preset } of recipe.presets) {
    const name = `${recipe.id}/${preset}`;
    if (names.length > 0 && !names.includes(name)) continue;
    const spec = specOf(recipe, preset);
    try {
      const { memoryBytes, tensorBytes, stepMs, backend } = await estimate(program, spec, undefined, PATIENCE_MS);
      const steps = Math.round(Math.min(MOST_STEPS, Math.max(LEAST_STEPS, TRAIN_MS / stepMs)));
      const peak = await train({ ...spec, steps });
      const off = memoryBytes / peak - 1;
      worst = Math.max(worst, Math.abs(off));
      console.log(
        `${name.padEnd(28)} ${String(spec.parameters['batchSize']).padStart(5)} ${megabytes(memoryBytes).padStart(9)} ` +
          `${megabytes(peak).padStart(11)} ${`${(100 * off).toFixed(1)} %`.padStart(8)} ${megabytes(tensorBytes).padStart(14)} ` +
          `${`${Math.round(stepMs)} ms`.padStart(12)}  ${backend}`,
      );
    } catch (problem) {
      console.log(`${name.padEnd(28)} left out: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  }
}
console.log(`largest difference ${(100 * worst).toFixed(1)} %; allowed ${100 * ALLOWED} %`);
process.exit(worst <= ALLOWED ? 0 : 1);
