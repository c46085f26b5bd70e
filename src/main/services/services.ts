// The contract, implemented by passing on to the rooms: the library of runs, the data sets, the training processes, the
// runtime. Arguments have passed their schema. No window and no transport is known here.

import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import type { AnyEvent, RecipeInfo, Services } from '../../shared/contract.ts';
import type { RunCommand, RunId } from '../../shared/run.ts';
import type { DataHome } from '../datasets/dataset.ts';
import type { Library } from '../library/library.ts';
import { estimate, probe } from '../runs/ask.ts';
import type { TrainingProgram } from '../runs/program.ts';
import { markNeverBegan, startDetached } from '../runs/start.ts';
import { readEstimates, saveEstimate } from '../runtime/estimates.ts';
import { machineKey } from '../runtime/machine-key.ts';
import { recipes } from '../training/recipes/list.ts';
import type { Recipe } from '../training/recipes/recipe.ts';
import { createAnnouncements } from './announcements.ts';
import { readChanges } from './changes.ts';
import { createDataServices } from './data.ts';
import { createEstimates } from './estimates.ts';
import { prepareFork } from './fork.ts';
import { describeNetworks, describeView, prepareRun, recordOf, type PreparedRun } from './new-run.ts';
import type { ReadResource } from './resource.ts';
import { createResources } from './resources.ts';
import { resumeRun } from './resume.ts';
import { createQueueServices } from './queue.ts';
import { createRuntimeServices } from './runtime.ts';

export interface ServiceOptions {
  /** Opened and closed by whoever opens the services. */
  readonly library: Library;
  readonly dataHome: DataHome;
  readonly program: TrainingProgram;
  /** False: what waits in the queue is left to other hosts. Default: true. */
  readonly startsQueued?: boolean;
  /** Gets bugs, with their stacks, for the log. */
  report(problem: unknown): void;
}

export interface OpenServices {
  readonly services: Services;
  subscribe(listener: (event: AnyEvent) => void): () => void;
  readonly readResource: ReadResource;
  /** Ends fetches and estimates; training goes on. */
  close(): Promise<void>;
}

export function createServices(options: ServiceOptions): OpenServices {
  const { library, dataHome, program, startsQueued = true, report } = options;
  const { announce, subscribe } = createAnnouncements(report);
  const data = createDataServices(dataHome, announce);
  const runtime = createRuntimeServices(program, (backend) => probe(program, backend), announce);
  const machine = () => machineKey(program.environment());
  const estimates = createEstimates(async (spec, signal) => {
    const measured = await estimate(program, spec, signal);
    saveEstimate(machine(), spec, measured);
    return measured;
  });
  const unwatch = library.watch((change) => announce({ event: 'runs', data: change }));
  const queue = createQueueServices({ library, dataHome, program, startsQueued, announce, report });
  void endLostRuns(library).catch(report);

  const services: Services = {
    ...createRunCalls(library, dataHome, program),
    ...queue.calls,
    ...data.calls,
    ...runtime.calls,
    estimateRun: (newRun) => estimates.estimate(prepareRun(newRun, dataHome).spec),
    knownEstimates: (newRun) => readEstimates(machine(), prepareRun(newRun, dataHome).spec),
    describeNetworks: (args) => describeNetworks(args, dataHome),
    describeView: (args) => describeView(args, dataHome),
    listRecipes: () => recipes.map(describeRecipe),
    appInfo: () => ({
      version: manifest.version,
      home: dirname(dataHome),
      library: library.folder,
      cores: availableParallelism(),
    }),
  };
  return {
    services,
    subscribe,
    readResource: createResources(library, dataHome),
    async close() {
      unwatch();
      queue.close();
      estimates.close();
      await Promise.all([data.close(), runtime.close()]);
    },
  };
}

type RunCalls = Pick<
  Services,
  | 'listRuns'
  | 'getRun'
  | 'startRun'
  | 'pauseRun'
  | 'resumeRun'
  | 'stopRun'
  | 'renameRun'
  | 'deleteRun'
  | 'forkRun'
  | 'setRunWords'
  | 'starCheckpoint'
  | 'thinImages'
  | 'restoreRun'
  | 'librarySize'
  | 'readSeries'
  | 'readImages'
  | 'readHistograms'
  | 'readChanges'
>;

function createRunCalls(library: Library, dataHome: DataHome, program: TrainingProgram): RunCalls {
  const command = (runId: RunId, order: RunCommand) => {
    library.command(runId, order);
    return null;
  };
  const start = (prepared: PreparedRun) => {
    const { id, folder } = library.create(recordOf(prepared));
    startDetached(program, folder);
    return { runId: id };
  };
  return {
    listRuns: () => library.list(),
    getRun: ({ runId }) => library.reader(runId).detail(),
    startRun: (newRun) => start(prepareRun(newRun, dataHome)),
    forkRun: (fork) => start(prepareFork(library.reader(fork.runId).detail(), fork, dataHome)),
    pauseRun: ({ runId }) => command(runId, 'pause'),
    async resumeRun({ runId }) {
      await resumeRun(library, program, runId);
      return null;
    },
    stopRun: ({ runId }) => command(runId, 'stop'),
    renameRun({ runId, name }) {
      library.rename(runId, name);
      return null;
    },
    setRunWords({ runId, ...words }) {
      library.setWords(runId, words);
      return null;
    },
    starCheckpoint({ runId, step, starred }) {
      library.starCheckpoint(runId, step, starred);
      return null;
    },
    thinImages: ({ runId, ...rule }) => library.thinImages(runId, rule),
    deleteRun({ runId }) {
      library.remove(runId);
      return null;
    },
    restoreRun({ runId }) {
      library.restore(runId);
      return null;
    },
    librarySize: () => library.size(),
    readSeries({ runId, tags, from, to, maxPoints }) {
      const reader = library.reader(runId);
      return tags.map((tag) => reader.series(tag, { from, to }, maxPoints));
    },
    readHistograms: ({ runId, tag, from, to, maxRows }) => library.reader(runId).histograms(tag, { from, to }, maxRows),
    readImages: ({ runId, tag }) => library.reader(runId).images(tag),
    readChanges: ({ runId, cursor, afterStep }) => readChanges(library.reader(runId), cursor, afterStep),
  };
}

const LOST_AFTER_MS = 60_000;

/** Runs that a host made but did not live to start: nobody else will. */
async function endLostRuns(library: Library): Promise<void> {
  for (const run of library.list()) {
    const lost = run.state.phase === 'queued' && Date.now() - run.createdMs > LOST_AFTER_MS;
    if (lost) await markNeverBegan(library.runFolder(run.id), 'its host ended first');
  }
}

function describeRecipe(recipe: Recipe): RecipeInfo {
  const { id, title, source, about, parameters, presets, takes, data, defaultSteps } = recipe;
  return { id, title, source, about, parameters, presets, takes, data, defaultSteps };
}
