// What a checkpoint costs: how long training stands still for it, how long it is written beside training, and what
// share that is of the time between two checkpoints. `node bench/checkpoint.ts`

import { createPatience } from '../src/main/training/patience.ts';
import { createSaver } from '../src/main/training/saving.ts';
import { benchRun, median, printMachine, timeStep } from './training.ts';

const ROUNDS = 5;
const LIMIT = 0.05;

async function measure(preset: string): Promise<void> {
  const run = await benchRun(preset, 1_000_000);
  const { prepared, folder, writer } = run;
  const { signal } = new AbortController();
  const patience = createPatience({ writer, signal, step: () => 0, isPaused: () => false, tell: console.error });
  const before = () => Promise.resolve();
  const saver = createSaver(prepared, { writer, folder, patience, versions: {}, before });
  const [steps, stalls, writes]: number[][] = [[], [], []];
  for (let round = 1; round <= ROUNDS; round++) {
    for (let k = 0; k < 3; k++) steps!.push(await timeStep(run));
    const startMs = performance.now();
    await saver.save(round, 'bench', {});
    const begunMs = performance.now();
    await saver.settled();
    stalls!.push(begunMs - startMs);
    writes!.push(performance.now() - begunMs);
  }
  const [step, stall, write] = [median(steps!), median(stalls!), median(writes!)];
  const every = Number(prepared.spec.parameters['checkpointEvery']);
  const bytes = writer.checkpoints().at(-1)!.bytes;
  const worst = (stall + write) / (every * step);
  console.log(
    `${preset.padEnd(6)} ${(bytes / 2 ** 20).toFixed(1)} MiB  step ${step.toFixed(1)} ms  stands still ${stall.toFixed(1)} ms  ` +
      `written beside in ${write.toFixed(0)} ms  of ${every} steps: ${((100 * stall) / (every * step)).toFixed(3)} %, ` +
      `${(100 * worst).toFixed(3)} % if nothing went on beside  (under ${100 * LIMIT} % from ${(stall / LIMIT / every).toFixed(2)} ms a step)`,
  );
  prepared.model.dispose();
  writer.close();
  if (worst > LIMIT) process.exitCode = 1;
}

printMachine();
await measure('small');
await measure('app');
