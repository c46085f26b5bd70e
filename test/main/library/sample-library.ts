// Runs to fill a library with, as a training process leaves them.

import type { Library } from '../../../src/main/library/library.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import type { RunId } from '../../../src/shared/run.ts';
import { machine, sampleImage } from '../store/sample-images.ts';
import { sampleRecord } from '../store/sample-run.ts';

/** Finished at step 1, with one scalar that is NaN and one grid of 100 KB. */
export function finishRun(library: Library, name: string): RunId {
  const { spec, networks, referenceLines } = sampleRecord();
  const { id, folder } = library.create({ name, spec, networks, referenceLines });
  const writer = openRunWriter(folder);
  writer.start(machine);
  writer.scalar('loss/d', 1, 0.5);
  writer.scalar('loss/g', 1, NaN);
  writer.image(sampleImage(1, 'samples', new Uint8Array(100_000).fill(7)));
  writer.phase('finished', 1);
  writer.close();
  return id;
}
