// A process of its own that writes a run as training does: 2,000 scalars a second, a grid every 100 steps, events and
// checkpoints, until it is killed. Goes on from the last checkpoint, as a resume does. `node logging-process.ts FOLDER`

import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine, sampleImage } from './sample-images.ts';

const TAGS = ['loss/d', 'loss/g', 'prob/d_real', 'prob/d_fake'];
const STEPS_PER_TICK = 5;
const TICK_MS = 10;
const CHECKPOINT_EVERY = 150;

const folder = process.argv[2]!;
const writer = openRunWriter(folder);
let step = writer.checkpoints().at(-1)?.step ?? 0;
writer.rollback(step);
writer.start(machine);
const begun = performance.now();
let ticks = 0;
setInterval(() => {
  // As many ticks as the time says: a slow machine must not mean fewer scalars.
  for (; ticks < (performance.now() - begun) / TICK_MS; ticks++) for (let k = 0; k < STEPS_PER_TICK; k++) logStep();
}, TICK_MS);

function logStep(): void {
  step++;
  for (const [k, tag] of TAGS.entries()) writer.scalar(tag, step, step % 97 === 0 ? NaN : step * (k + 1));
  if (step % 100 === 0) writer.image(sampleImage(step, 'samples', new Uint8Array(20_000).fill(step)));
  if (step % 170 === 0) writer.event('note', step, 'on the way');
  if (step % CHECKPOINT_EVERY === 0) {
    writer.checkpoint({
      step,
      file: `${step}.safetensors`,
      bytes: 1,
      sha256: '00',
      wallMs: Date.now(),
      reason: 'test',
      starred: false,
      measures: {},
    });
  }
  writer.progress(step, 500);
}
