// What thinning would remove, by the store's rule: of the images of one tag before a step, in order of step, the first
// and every n-th from there stay.

import type { ImageRow } from '../../shared/run.ts';

export interface ThinRule {
  readonly olderThanStep: number;
  readonly every: number;
}

/** `images`: one list a tag, in order of step. */
export function countThinned(
  images: readonly (readonly Pick<ImageRow, 'step' | 'bytes'>[])[],
  { olderThanStep, every }: ThinRule,
): { readonly images: number; readonly bytes: number } {
  const gone = images.flatMap((rows) =>
    rows.filter((row) => row.step < olderThanStep).filter((_, place) => place % every > 0),
  );
  return { images: gone.length, bytes: gone.reduce((sum, row) => sum + row.bytes, 0) };
}
