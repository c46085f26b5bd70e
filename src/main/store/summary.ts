// What a run says of itself in one line of a table, read with as few statements as it takes.

import { basename, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { isRunId, type RunId, type RunSpec, type RunSummary } from '../../shared/run.ts';
import { openNewestImage } from './images.ts';
import { IMAGE_FILE, RUN_FILE, openOnce, tidy } from './open.ts';
import { RUN_ROW, folderBytes, summarise, type RunRow } from './run-row.ts';
import type { RunWords } from './store.ts';
import { damaged, explainSqlite, parseColumn } from './sentences.ts';
import { openTails, type Tail } from './tail.ts';
import { openWords } from './words.ts';

export interface SummaryReader {
  readRow(): RunRow;
  readWords(): Required<RunWords>;
  summary(): RunSummary;
}

export function openSummary(folder: string, db: Database, imageDb: Database): SummaryReader {
  const path = join(folder, RUN_FILE.file);
  const row = db.prepare<[], RunRow>(RUN_ROW);
  const readWords = openWords(path, db);
  const last = db.prepare<[], LastRow>('SELECT id, tag, last FROM series ORDER BY id');
  const readTails = openTails(path, db);
  const newestImage = openNewestImage(imageDb);

  const readRow = (): RunRow => {
    const found = row.get();
    if (found === undefined) throw damaged(path, 'it holds no run');
    return found;
  };
  return {
    readRow,
    readWords,
    summary() {
      const found = readRow();
      const parts = {
        // The folder's name counts: that is how a run is found.
        id: isRunId(basename(folder)) ? (basename(folder) as RunId) : found.run_id,
        words: readWords(),
        spec: parseColumn<RunSpec>(path, 'spec', found.spec),
        lastValues: lastValues(last.all(), readTails()),
        newestImage: newestImage(),
        sizeBytes: folderBytes(folder),
      };
      return summarise(found, parts, Date.now());
    },
  };
}

interface LastRow {
  readonly id: number;
  readonly tag: string;
  /** NULL for NaN. */
  readonly last: number | null;
}

function lastValues(rows: readonly LastRow[], tails: ReadonlyMap<number, Tail>): Record<string, number> {
  return Object.fromEntries(rows.map(({ id, tag, last }) => [tag, tails.get(id)?.values.at(-1) ?? last ?? NaN]));
}

/** For a single look at one of many runs: nothing stays open. Throws UserError like `openRunReader`. */
export function readRunSummary(folder: string): RunSummary {
  const opened: Database[] = [];
  const open = (...file: Parameters<typeof openOnce>): Database => {
    const db = openOnce(...file);
    opened.push(db);
    return db;
  };
  const [path, imagePath] = [join(folder, RUN_FILE.file), join(folder, IMAGE_FILE.file)];
  try {
    return openSummary(folder, open(path, RUN_FILE), open(imagePath, IMAGE_FILE)).summary();
  } catch (error) {
    throw explainSqlite(path, error);
  } finally {
    for (const db of opened) db.close();
    if (opened.some((db) => !db.memory)) [path, imagePath].forEach(tidy);
  }
}
