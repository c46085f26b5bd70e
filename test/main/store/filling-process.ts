// A process that writes a run as training does, faster, and waits when the disk is full as the loop does: it says so,
// asks again ten times a second, and goes on with the same step. `node filling-process.ts FOLDER STEPS`

import { setTimeout as sleep } from 'node:timers/promises';
import { DiskFullError } from '../../../src/main/store/sentences.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine, sampleImage } from './sample-images.ts';

const [, , folder, steps] = process.argv;
const TAGS = ['loss/d', 'loss/g', 'prob/d_real', 'prob/d_fake'];

const writer = openRunWriter(folder!);
writer.start(machine);

/** Does the work as soon as there is room for it. */
async function insist(step: number, work: () => void): Promise<void> {
  let paused = false;
  for (;;) {
    try {
      work();
      if (paused) writer.phase('running', step);
      return;
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error;
      if (!paused) process.stdout.write(`full at ${step}: ${error.message}\n`);
      paused ||= tryToSay(step, error.message);
    }
    await sleep(100);
  }
}

function tryToSay(step: number, message: string): boolean {
  try {
    writer.phase('paused', step, message);
  } catch (error) {
    if (!(error instanceof DiskFullError)) throw error;
  }
  return true;
}

for (let step = 1; step <= Number(steps); step++) {
  for (const [k, tag] of TAGS.entries()) writer.scalar(tag, step, step * (k + 1));
  if (step % 10 === 0) {
    await insist(step, () => writer.image(sampleImage(step, 'samples', new Uint8Array(20_000).fill(step))));
  }
  if (step % 70 === 0) await insist(step, () => writer.event('note', step, 'on the way'));
  await insist(step, () => writer.progress(step, 500));
}
await insist(Number(steps), () => writer.phase('finished', Number(steps)));
writer.close();
process.stdout.write('finished\n');
