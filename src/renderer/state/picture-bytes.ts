// Recorded images as bitmaps, exactly the pixels that were recorded: no colour profile, no premultiplied alpha.

import { keys } from '../../shared/contract.ts';
import type { ImageRow, RunId } from '../../shared/run.ts';
import { cellBox, type Box } from './strip.ts';

/** How many images are fetched and decoded at a time: a strip asks for hundreds of large grids and keeps one cell of each. */
const AT_ONCE = 6;

const EXACT = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;

/** The whole image, or a box of it. Rejects when the image is gone. */
export async function readPicture(
  runId: RunId,
  row: ImageRow,
  signal: AbortSignal,
  box: Box | null = null,
): Promise<ImageBitmap> {
  const answer = await fetch(keys.image(runId, row.id), { signal });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const bytes = await answer.blob();
  return box
    ? createImageBitmap(bytes, box.left, box.top, box.width, box.height, EXACT)
    : createImageBitmap(bytes, EXACT);
}

/** Cells of many images, a few images at a time, each read once. */
export interface CellReader {
  /** Null for a cell that the grid does not have. */
  read(runId: RunId, row: ImageRow, cell: number): Promise<ImageBitmap | null>;
  /** Gives up what is under way. */
  close(): void;
}

/** Keeps at most `most` cells, the newest asked for. */
export function createCellReader(most: number): CellReader {
  const held = new Map<string, Promise<ImageBitmap>>();
  const abort = new AbortController();
  const waiting: (() => void)[] = [];
  let free = AT_ONCE;

  async function inTurn(work: () => Promise<ImageBitmap>): Promise<ImageBitmap> {
    if (free > 0) free--;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  }

  return {
    async read(runId, row, cell) {
      const box = cellBox(row, cell);
      if (!box) return null;
      const key = `${runId} ${row.id} ${cell}`;
      const known = held.get(key);
      held.delete(key);
      const bitmap = known ?? inTurn(() => readPicture(runId, row, abort.signal, box));
      held.set(key, bitmap);
      if (held.size > most) held.delete(held.keys().next().value!);
      try {
        return await bitmap;
      } catch (problem) {
        held.delete(key);
        throw problem;
      }
    },
    close: () => abort.abort(),
  };
}
