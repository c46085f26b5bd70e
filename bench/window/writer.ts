// `node writer.ts FOLDER RATE SECONDS`: a run that logs ten scalars a step at a real rate and commits twice a second, as the
// training loop does. Prints a line for each commit: {"step": 40, "ms": 1763750000000}, the moment that it was done.

import { setTimeout as wait } from 'node:timers/promises';
import { openRunWriter } from '../../src/main/store/writer.ts';
import { createRandom } from '../../src/main/training/random.ts';
import type { RunMachine } from '../../src/shared/run.ts';

const [folder = '', rate = '20', seconds = '10'] = process.argv.slice(2);
const TAGS =
  'loss/d loss/g loss/d_real loss/d_fake prob/d_real prob/d_fake acc/d_real acc/d_fake grad/d_norm grad/g_norm'.split(
    ' ',
  );
const machine = {
  ...{ backend: 'cpu', backendVersion: '0', device: 'none', threads: 1 },
  ...{ host: 'bench', platform: 'bench', node: process.version, saddle: '0' },
} satisfies RunMachine;

const writer = openRunWriter(folder);
writer.start(machine);
const random = createRandom(Number(folder.length));
const steps = Number(rate) * Number(seconds);
const begun = performance.now();
let committedAt = begun;
for (let step = 1; step <= steps; step++) {
  await wait(Math.max(0, begun + (1000 * step) / Number(rate) - performance.now()));
  for (const [at, tag] of TAGS.entries()) writer.scalar(tag, step, 1 + at / 10 + 0.1 * random.next());
  if (performance.now() - committedAt < 500) continue;
  writer.progress(step, Number(rate), true);
  committedAt = performance.now();
  console.log(JSON.stringify({ step, ms: Date.now() }));
}
writer.phase('finished', steps);
writer.close();
