// What the store costs, beside one row a point in SQLite and beside TensorBoard. `npm run bench:store`; with
// `-- --python FILE` of a Python that has tensorboard and tensorboard-data-server, TensorBoard too. Figures of all sides come
// from the same run of this program, on the same disk. `--only PART` runs one part, `--steps N` makes that beside TensorBoard smaller.

import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { PEER_STEPS, benchPeers } from './store/peers.ts';
import { benchFirstChart, benchLibrary, benchOverview } from './store/reading.ts';
import { benchImages, benchSmallFlushes, benchWriting } from './store/writing.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    only: { type: 'string' },
    steps: { type: 'string', default: String(PEER_STEPS) },
  },
});

const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  writing: benchWriting,
  flushes: benchSmallFlushes,
  images: benchImages,
  overview: benchOverview,
  library: benchLibrary,
  'first-chart': benchFirstChart,
  peers: () => benchPeers(Number(options.steps), options.python),
};

if (options.only !== undefined && !Object.hasOwn(parts, options.only)) {
  throw new Error(`--only ${options.only}: expected ${Object.keys(parts).join(', ')}`);
}
console.log(
  `node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} x ${cpus()[0]?.model ?? '?'}\n`,
);
for (const [name, part] of Object.entries(parts)) {
  if (options.only === undefined || options.only === name) await part();
}
