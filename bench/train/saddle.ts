// Saddle's side of bench/train.ts: takes as many steps of DCGAN-28 (preset `app`) as each line of its input says, and
// answers with their milliseconds. A step is what the loop takes: everything that is logged is computed and read.

import { createInterface } from 'node:readline';
import { benchRun, timeStep } from '../training.ts';

const { prepared } = await benchRun('app', 1_000_000);
for await (const line of createInterface({ input: process.stdin })) {
  const times: number[] = [];
  for (let step = 0; step < Number(line); step++) times.push(await timeStep(prepared));
  console.log(JSON.stringify(times));
}
process.exit(0);
