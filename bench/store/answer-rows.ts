// The process that answers for one row a point: `node bench/store/answer-rows.ts FILE TAGS STEPS` prints `ready`,
// `first` when it has the chart of the first series, `all` when it has that of each, then what it saw and how long a zoom took.

import Database from 'better-sqlite3';
import { openBuckets } from './rows.ts';

const [path, tags, steps] = process.argv.slice(2);
const last = Number(steps) - 1;
const db = new Database(path, { readonly: true });
process.stdout.write('ready\n');
const buckets = openBuckets(db);
const first = buckets(0, 0, last);
process.stdout.write('first\n');
for (let tag = 1; tag < Number(tags); tag++) buckets(tag, 0, last);
process.stdout.write('all\n');
const times = Array.from({ length: 11 }, () => {
  const begun = performance.now();
  buckets(0, Math.floor(0.3 * last), Math.floor(0.6 * last));
  return performance.now() - begun;
});
const zoomMs = times.toSorted((one, other) => one - other)[5];
const spike = first.some(({ high }) => high === 1000);
const nan = first.some(({ count, finite }) => count > finite);
process.stdout.write(`${JSON.stringify({ zoomMs, spike, nan, kept: first.length })}\n`);
// The bench looks at this process before it lets it go.
process.stdin.resume().on('end', () => db.close());
