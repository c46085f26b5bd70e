// Answers GET under `/data/`: recorded grids, previews, exports. The paths are those that `keys` in the contract makes.

import { UserError } from '../../shared/contract.ts';
import { isRunId, type RunId } from '../../shared/run.ts';
import type { DataHome } from '../datasets/dataset.ts';
import { findDataSet } from '../datasets/list.ts';
import { previewPng } from '../datasets/preview.ts';
import { exportCsv } from '../exporters/csv.ts';
import { exportGrid } from '../exporters/grid.ts';
import { exportSamples } from '../exporters/samples.ts';
import type { Library } from '../library/library.ts';
import { openRunReader } from '../store/reader.ts';
import type { ReadResource, Resource } from './resource.ts';

/** The reading is done when the first byte is asked for; an unknown run is a UserError of the library. */
export function createResources(library: Library, dataHome: DataHome): ReadResource {
  return async (path, query) => {
    const [, image, imageId] = /^\/data\/images\/([^/]+)\/(\d{1,15})\.png$/.exec(path) ?? [];
    if (image && isRunId(image)) return readImage(library, image, Number(imageId));
    const [, data] = /^\/data\/preview\/([^/]+)\.png$/.exec(path) ?? [];
    if (data) return readPreview(data, dataHome);
    const [, run, what] = /^\/data\/export\/([^/]+)\/(grid\.png|samples\.zip|scalars\.csv)$/.exec(path) ?? [];
    if (run && isRunId(run)) return exportFrom(library, run, what as ExportKind, query);
    return null;
  };
}

function readImage(library: Library, run: RunId, id: number): Resource | null {
  const found = library.reader(run).imageBytes(id);
  return found && { type: 'image/png', body: found.png, immutable: true };
}

async function readPreview(id: string, dataHome: DataHome): Promise<Resource | null> {
  const data = findDataSet(id);
  if (!data.isReady(dataHome)) return null;
  return { type: 'image/png', body: await previewPng(data, dataHome), immutable: true };
}

type ExportKind = 'grid.png' | 'samples.zip' | 'scalars.csv';

function exportFrom(library: Library, id: RunId, kind: ExportKind, query: URLSearchParams): Resource {
  if (kind === 'scalars.csv') {
    const body = streamCsv(library.runFolder(id));
    return { type: 'text/csv; charset=utf-8', body, fileName: `${id}.csv`, immutable: false };
  }
  const [tag, step] = [query.get('tag'), Number(query.get('step') ?? NaN)];
  if (!tag || !Number.isSafeInteger(step) || step < 0) {
    throw new UserError('export: expected ?tag=TAG&step=STEP, a recorded tag and a whole step');
  }
  if (kind === 'grid.png') {
    const { png, fileName } = exportGrid(library.reader(id), tag, step);
    return { type: 'image/png', body: png, fileName: `${id}-${fileName}`, immutable: false };
  }
  const { zip, fileName } = exportSamples(library.reader(id), tag, step);
  return { type: 'application/zip', body: zip, fileName: `${id}-${fileName}`, immutable: false };
}

/**
 * The whole of a long run, with a turn for the other calls between the pieces. It reads for as long as the window takes
 * it, so it has a reader of its own: the library closes those that were not asked for lately.
 */
async function* streamCsv(folder: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const reader = openRunReader(folder);
  try {
    for (const piece of exportCsv(reader)) {
      yield encoder.encode(piece);
      await new Promise(setImmediate);
    }
  } finally {
    reader.close();
  }
}
