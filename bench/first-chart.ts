// P1's data part, in a process that has just started and seen none of the files: the first chart's data of 50 runs,
// one tag, 1,000 points each. `node bench/first-chart.ts LIBRARY` prints milliseconds: library open, series read.

import { openLibrary } from '../src/main/library/library.ts';

const library = openLibrary(process.argv[2]!);
const begun = performance.now();
const runs = library.list();
const listed = performance.now();
let points = 0;
for (const { id } of runs) points += library.reader(id).series('loss/d', {}, 1000).steps.length;
const read = performance.now();
library.close();
process.stdout.write(`${JSON.stringify({ runs: runs.length, points, list: listed - begun, read: read - listed })}\n`);
