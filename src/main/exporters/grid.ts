// A recorded sample grid as a PNG file: the very bytes that were recorded, so the pixels are exact.

import { UserError } from '../../shared/contract.ts';
import type { ImageRow, Step } from '../../shared/run.ts';
import type { RunReader } from '../store/store.ts';

export interface GridExport {
  readonly fileName: string;
  readonly png: Uint8Array;
  readonly row: ImageRow;
}

/** The grid of a step, the newest when no step is named. Throws UserError naming the nearest steps that have one. */
export function exportGrid(reader: RunReader, tag: string, step?: Step): GridExport {
  const rows = reader.images(tag);
  const newest = rows.at(-1);
  if (!newest) {
    const known = reader.detail().imageTags.join(', ');
    throw new UserError(
      `${tag}: no images are recorded under this tag; ${known ? `there are ${known}` : 'the run has none yet'}`,
    );
  }
  const row = step === undefined ? newest : rows.find((candidate) => candidate.step === step);
  if (!row) throw new UserError(`step ${step}: no grid of ${tag} is recorded there; ${nearestSteps(rows, step!)}`);
  const image = reader.imageBytes(row.id);
  if (!image) throw new Error(`image ${row.id} is listed but has no bytes`);
  return { fileName: `${tag.replaceAll('/', '-')}-step-${padStep(row.step)}.png`, png: image.png, row };
}

function nearestSteps(rows: readonly ImageRow[], step: Step): string {
  const before = rows.findLast((row) => row.step < step);
  const after = rows.find((row) => row.step > step);
  return `the nearest are ${[before, after].flatMap((row) => (row ? [row.step] : [])).join(' and ')}`;
}

/** Six digits, so that files sort by step. */
export function padStep(step: Step): string {
  return String(step).padStart(6, '0');
}
