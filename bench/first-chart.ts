// P1's data part, in a process that has just started and seen none of the files: the first chart's data of 50 runs,
// one tag, 1,000 points each. `node bench/first-chart.ts LIBRARY` prints milliseconds: library open, series read, and the
// processor's time of the latter, which other work on the machine hardly moves.

import { openLibrary } from '../src/main/library/library.ts';

const library = openLibrary(process.argv[2]!);
const begun = performance.now();
const runs = library.list();
const listed = performance.now();
const used = process.cpuUsage();
let points = 0;
for (const { id } of runs) points += library.reader(id).series('loss/d', {}, 1000).steps.length;
const read = performance.now();
const { user, system } = process.cpuUsage(used);
library.close();
const times = { list: listed - begun, read: read - listed, processor: (user + system) / 1000 };
process.stdout.write(`${JSON.stringify({ runs: runs.length, points, ...times })}\n`);
