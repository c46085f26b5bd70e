// Saddle's side of bench/train.ts: takes as many steps of a case as each line of its input says, and answers with their
// milliseconds. A step is what the loop takes: everything that is logged is computed and read.

import { createInterface } from 'node:readline';
import { findRecipe } from '../../src/main/training/recipes/list.ts';
import { benchRun, timeStep, type BenchRun } from '../training.ts';
import { cycleganSmall } from './cyclegan-small.ts';

const cases: Readonly<Record<string, () => Promise<BenchRun>>> = {
  dcgan28: () => benchRun('app', 1_000_000),
  began32: () => benchRun('app', 1_000_000, { imageSize: '32', colours: 'colour' }, findRecipe('began')),
  'cyclegan-s': () => benchRun('app', 1_000_000, {}, cycleganSmall),
};

const [name = ''] = process.argv.slice(2);
const start = cases[name];
if (!start) throw new Error(`expected one of ${Object.keys(cases).join(', ')}, found "${name}"`);
const run = await start();
for await (const line of createInterface({ input: process.stdin })) {
  const times: number[] = [];
  for (let step = 0; step < Number(line); step++) times.push(await timeStep(run));
  console.log(JSON.stringify(times));
}
process.exit(0);
