// A second app on the same library, in a process of its own: lists it and writes words into its runs for a while.
// `node listing-process.ts FOLDER MILLISECONDS`

import { setTimeout as sleep } from 'node:timers/promises';
import { openLibrary } from '../../../src/main/library/library.ts';

const [, , folder, milliseconds] = process.argv;
const library = openLibrary(folder!);
const end = Date.now() + Number(milliseconds);
let [lists, unreadable] = [0, 0];
while (Date.now() < end) {
  const runs = library.list();
  lists++;
  unreadable += runs.filter(({ state }) => state.phase === 'unreadable').length;
  library.setWords(runs[lists % runs.length]!.id, { tags: [`look ${lists}`] });
  await sleep(15);
}
const runs = library.list();
library.close();
process.stdout.write(`${lists} lists, ${runs.length} runs in the last, ${unreadable || 'none'} unreadable\n`);
