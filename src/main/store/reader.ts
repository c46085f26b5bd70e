// A read-only view of one run. Every method is one short read, in one transaction where it needs several statements:
// a lasting one would keep the writer's log from ever being moved into the file.

import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { NetworkSummary, ReferenceLine, RunDetail, RunMachine, RunSpec } from '../../shared/run.ts';
import { openCheckpointReader } from './checkpoints.ts';
import { openEventReader } from './events.ts';
import { openHistogramReader } from './histograms.ts';
import { openImageReader } from './images.ts';
import { IMAGE_FILE, RUN_FILE, openForReading, tidy } from './open.ts';
import { explainSqlite, parseColumn, withSentences } from './sentences.ts';
import { openSeriesReader } from './series.ts';
import type { RunReader } from './store.ts';
import { openSummary } from './summary.ts';
import { openVerdictReader } from './verdicts.ts';

/** Throws UserError when the folder holds no run, or one that cannot be read by this Saddle. */
export function openRunReader(folder: string): RunReader {
  const path = join(folder, RUN_FILE.file);
  const imagePath = join(folder, IMAGE_FILE.file);
  const db = openForReading(path, RUN_FILE);
  try {
    const imageDb = openForReading(imagePath, IMAGE_FILE);
    try {
      return withSentences(path, makeReader(folder, path, db, imagePath, imageDb));
    } catch (error) {
      imageDb.close();
      throw error;
    }
  } catch (error) {
    db.close();
    throw explainSqlite(path, error);
  }
}

function makeReader(folder: string, path: string, db: Database, imagePath: string, imageDb: Database): RunReader {
  const cursor = db.prepare<[], number>('SELECT cursor FROM progress').pluck();
  const { readRow, readWords, summary } = openSummary(folder, db, imageDb);
  const scalars = openSeriesReader(path, db);
  const images = withSentences(imagePath, openImageReader(imageDb));
  const events = openEventReader(db);
  const checkpoints = openCheckpointReader(path, db);
  const histograms = openHistogramReader(path, db);
  const verdicts = openVerdictReader(path, db);
  /** All statements inside see the same commit. */
  const atOnce = <Result>(work: () => Result): Result => db.transaction(work)();

  const detail = (): RunDetail => {
    const found = readRow();
    return {
      summary: summary(),
      spec: parseColumn<RunSpec>(path, 'spec', found.spec),
      notes: readWords().notes,
      machine: found.machine === null ? null : parseColumn<RunMachine>(path, 'machine', found.machine),
      networks: parseColumn<NetworkSummary[]>(path, 'networks', found.networks),
      events: events(-1),
      checkpoints: checkpoints(-1),
      scalarTags: scalars.tags(),
      imageTags: images.tags(),
      histogramTags: histograms.tags(),
      health: verdicts(),
      referenceLines: parseColumn<ReferenceLine[]>(path, 'reference_lines', found.reference_lines),
    };
  };

  return {
    cursor: () => cursor.get() ?? 0,
    summary: () => atOnce(summary),
    detail: () => atOnce(detail),
    series: (tag, range, maxPoints) => atOnce(() => scalars.series(tag, range, maxPoints)),
    allPoints: scalars.allPoints,
    newPoints: (afterStep, limit) => atOnce(() => scalars.newPoints(afterStep, limit)),
    images: images.images,
    histograms: (tag, range, maxRows) => atOnce(() => histograms.histograms(tag, range, maxRows)),
    histogramTags: histograms.tags,
    verdicts,
    newImages: images.newImages,
    newEvents: events,
    newCheckpoints: checkpoints,
    imageBytes: images.imageBytes,
    close() {
      if (!db.open) return;
      db.close();
      imageDb.close();
      tidy(path);
      tidy(imagePath);
    },
  };
}
