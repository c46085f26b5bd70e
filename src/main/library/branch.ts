// A fork gets the checkpoint it starts from at once, as a second name of the same file: from then on nothing that happens
// to its parent (its policy, its deletion) can take it away. The first checkpoint of its own takes the place of it.

import { constants, copyFileSync, existsSync, linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import type { CheckpointRow, Step } from '../../shared/run.ts';

/** Throws UserError when the parent no longer has a checkpoint of that step. */
export function takeCheckpoint(
  parent: { readonly folder: string; readonly checkpoints: readonly CheckpointRow[] },
  step: Step,
  folder: string,
): void {
  const row = parent.checkpoints.find((candidate) => candidate.step === step);
  const from = row && join(parent.folder, row.file);
  // A parent that trains removes the row first, then the file.
  if (!row || !from || !existsSync(from)) {
    throw new UserError(
      `The checkpoint of step ${step} is no longer there: ${parent.folder} has removed it, as its settings say. Fork from a newer one.`,
    );
  }
  const to = join(folder, row.file);
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    // Some file systems know no second names: a copy, whose bytes the parent may not remove in between either.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}
