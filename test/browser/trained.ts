// Short runs that differ in what a test compares: seed and settings.

import type { Served } from './served.ts';

/** 40 steps of the smallest recipe, a grid every 10; gives the run's id. */
export function trainSeed(served: Served, name: string, seed: number, ...settings: string[]): string {
  const set = ['batchSize=16', 'sampleEvery=10', ...settings].flatMap((setting) => ['--set', setting]);
  const what = ['--recipe', 'gan-mlp', '--data', 'glyphs', '--steps', '40', '--seed', String(seed), '--name', name];
  const lines = served
    .saddle('train', ...what, ...set, '--json')
    .trim()
    .split('\n');
  return (JSON.parse(lines.at(-1)!) as { runId: string }).runId;
}
