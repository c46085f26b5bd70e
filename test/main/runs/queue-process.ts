// `node queue-process.ts LIBRARY ENTRY`: a host that does nothing but work off the queue of a library, until it is killed.

import { spawn } from 'node:child_process';
import { openLibrary } from '../../../src/main/library/library.ts';
import { openQueueFile } from '../../../src/main/library/queue-file.ts';
import { workQueue } from '../../../src/main/runs/queue.ts';

const [folder = '', entry = ''] = process.argv.slice(2);
const library = openLibrary(folder);
workQueue({
  library,
  file: openQueueFile(folder),
  program: { node: process.execPath, entry, environment: () => process.env, spawn },
  prepare: ({ spec, name }) => ({ spec, name, referenceLines: [], networks: [] }),
  onChange: () => {},
  report: (problem) => void process.stderr.write(`${String(problem)}\n`),
});
setInterval(() => {}, 1000);
