// Answers GET under `/data/`: recorded grids, previews, exports. The paths are those that `keys` in the contract makes.

import * as v from 'valibot';
import { joinBundle, MOST_IN_BUNDLE } from '../../shared/bundle.ts';
import { imageViewSchema, UserError } from '../../shared/contract.ts';
import { isRunId, type RunId } from '../../shared/run.ts';
import type { DataHome } from '../datasets/dataset.ts';
import { findDataSet } from '../datasets/list.ts';
import { previewPng } from '../datasets/preview.ts';
import { ANIMATION_FORMATS, exportAnimation } from '../exporters/animation.ts';
import { exportCsv } from '../exporters/csv.ts';
import { exportGrid } from '../exporters/grid.ts';
import { exportSamples } from '../exporters/samples.ts';
import type { Library } from '../library/library.ts';
import { openRunReader } from '../store/reader.ts';
import type { ReadResource, Resource } from './resource.ts';
import { createThumbnails, type Thumbnails } from '../exporters/thumbnails.ts';

/** The reading is done when the first byte is asked for; an unknown run is a UserError of the library. */
export function createResources(library: Library, dataHome: DataHome): ReadResource {
  const thumbnails = createThumbnails();
  return async (path, query) => {
    const [, image, imageId] = /^\/data\/images\/([^/]+)\/(\d{1,15})\.png$/.exec(path) ?? [];
    if (image && isRunId(image)) return readImage(library, image, Number(imageId));
    const [, several] = /^\/data\/images\/([^/]+)\/bundle$/.exec(path) ?? [];
    if (several && isRunId(several)) return readImages(library, several, query);
    const [, strip, stripId] = /^\/data\/thumbnails\/([^/]+)\/(\d{1,15})\.png$/.exec(path) ?? [];
    if (strip && isRunId(strip)) return readThumbnail(library, thumbnails, strip, Number(stripId));
    const [, data] = /^\/data\/preview\/([^/]+)\.png$/.exec(path) ?? [];
    if (data) return readPreview(data, dataHome, query);
    const [, run, what] = /^\/data\/export\/([^/]+)\/(grid\.png|samples\.zip|scalars\.csv)$/.exec(path) ?? [];
    if (run && isRunId(run)) return exportFrom(library, run, what as ExportKind, query);
    const [, trained, format] = /^\/data\/export\/([^/]+)\/training\.(gif|webp)$/.exec(path) ?? [];
    if (trained && isRunId(trained)) return animate(library, trained, format!, query);
    return null;
  };
}

function readImage(library: Library, run: RunId, id: number): Resource | null {
  const found = library.reader(run).imageBytes(id);
  return found && { type: 'image/png', body: found.png, immutable: true };
}

/** The whole answer is held at once; a single image may be larger. */
const MOST_BUNDLE_BYTES = 64e6;

function readImages(library: Library, run: RunId, query: URLSearchParams): Resource | null {
  const ids = query.get('ids')?.split(',') ?? [];
  if (ids.length === 0 || ids.length > MOST_IN_BUNDLE || !ids.every((id) => /^\d{1,15}$/.test(id))) {
    throw new UserError(`images: expected ?ids=ID,ID with 1 to ${MOST_IN_BUNDLE} whole numbers`);
  }
  const reader = library.reader(run);
  const files: Uint8Array[] = [];
  let bytes = 0;
  for (const id of ids) {
    const file = reader.imageBytes(Number(id))?.png;
    if (!file) return null;
    bytes += file.length;
    if (files.push(file) > 1 && bytes > MOST_BUNDLE_BYTES) {
      throw new UserError(
        `images: ${files.length} of these ${ids.length} are ${bytes} bytes already; ask for fewer at once`,
      );
    }
  }
  return { type: 'application/octet-stream', body: joinBundle(files), immutable: false };
}

async function readThumbnail(
  library: Library,
  thumbnails: Thumbnails,
  run: RunId,
  id: number,
): Promise<Resource | null> {
  const body = await thumbnails.get(`${run}/${id}`, () => library.reader(run).imageBytes(id)?.png ?? null);
  return body && { type: 'image/png', body, immutable: true };
}

async function readPreview(id: string, dataHome: DataHome, query: URLSearchParams): Promise<Resource | null> {
  const data = findDataSet(id, dataHome);
  if (!data.isReady(dataHome)) return null;
  const wish = Object.fromEntries(
    [...query].map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]),
  );
  const view = v.safeParse(imageViewSchema, wish);
  if (!view.success) throw new UserError(`preview: ${view.issues[0].message}`);
  // Another import may follow under the same id.
  return { type: 'image/png', body: await previewPng(data, dataHome, view.output), immutable: false };
}

async function animate(library: Library, id: RunId, format: string, query: URLSearchParams): Promise<Resource> {
  const tag = query.get('tag') ?? '';
  const wish = v.safeParse(animationSchema, {
    format,
    ...Object.fromEntries(['every', 'perSecond', 'zoom'].map((name) => [name, Number(query.get(name) ?? NaN)])),
    // Left out: all there are.
    from: Number(query.get('from') ?? 0),
    to: Number(query.get('to') ?? Number.MAX_SAFE_INTEGER),
  });
  if (!wish.success || !tag) {
    throw new UserError(
      'export: expected ?tag=TAG&every=N&perSecond=N&zoom=N and perhaps &from=STEP&to=STEP, a recorded tag and whole numbers',
    );
  }
  const { bytes, fileName } = await exportAnimation(library.reader(id), tag, wish.output);
  return { type: `image/${format}`, body: bytes, fileName: `${id}-${fileName}`, immutable: false };
}

const animationSchema = v.strictObject({
  format: v.picklist(ANIMATION_FORMATS),
  every: v.pipe(v.number(), v.integer(), v.minValue(1)),
  perSecond: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)),
  zoom: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
  from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  to: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

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
