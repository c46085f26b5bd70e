// Every recorded distribution of a tag, each as it was recorded: an answer of the host holds so many rows and no more, so a long
// run is read piece by piece.

import type { RunId, Step } from '../../shared/run.ts';
import { MAX_HISTOGRAM_ROWS, type Histograms } from '../../shared/series.ts';
import type { Call } from '../../shared/messages.ts';

/** Pieces in order of step up to `lastStep`; `onprogress` hears the share that is read, 0 to 1. Rejects when aborted. */
export async function readWholeHistograms(
  call: Call,
  { runId, tag, lastStep }: { readonly runId: RunId; readonly tag: string; readonly lastStep: Step },
  signal: AbortSignal,
  onprogress: (share: number) => void,
): Promise<readonly Histograms[]> {
  const pieces: Histograms[] = [];
  let [from, length] = [0, lastStep + 1];
  while (from <= lastStep) {
    const to = Math.min(lastStep, from + length - 1);
    const piece = await call('readHistograms', { runId, tag, from, to, maxRows: MAX_HISTOGRAM_ROWS });
    signal.throwIfAborted();
    const recorded = piece.merged.reduce((sum, count) => sum + count, 0);
    if (recorded > piece.steps.length) {
      // Rows that were added up are of no use. It ends: so many steps as there may be rows never share one.
      const known = to - from + 1;
      length = Math.max(1, Math.floor(Math.min(known / 2, (known * MAX_HISTOGRAM_ROWS * 0.9) / recorded)));
      continue;
    }
    pieces.push(piece);
    from = to + 1;
    if (recorded <= MAX_HISTOGRAM_ROWS / 2) length *= 2;
    onprogress(from / (lastStep + 1));
  }
  return pieces;
}
