// A data set of images from its facts and the way to its originals: opening at any view and the glance are alike in all.

import type { DataSet } from './dataset.ts';
import { glanceAt, openView, type ImageSource } from './image-source.ts';
import type { DataHome } from './dataset.ts';

export type ImageSetParts = Omit<DataSet, 'kind' | 'open' | 'glance'> & {
  /** Throws UserError when the data is absent or broken. */
  openSource(home: DataHome): Promise<ImageSource>;
};

export function imageSet({ openSource, ...parts }: ImageSetParts): DataSet {
  return {
    ...parts,
    kind: 'images',
    open: async (home, view, watch) => openView(home, parts.id, await openSource(home), view, watch),
    glance: async (home, n, view) => glanceAt(home, parts.id, await openSource(home), n, view),
  };
}
