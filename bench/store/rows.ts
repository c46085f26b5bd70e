// The simplest alternative: SQLite with one row a point, flushed just as often as the store.

import Database from 'better-sqlite3';

export const FLUSH_STEPS = 250;

export interface Rows {
  readonly db: Database.Database;
  log(steps: number, tags: number, valueAt: (tag: number, step: number) => number): void;
}

export function openRows(path: string): Rows {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    'CREATE TABLE scalars (tag INTEGER, step INTEGER, wall_ms INTEGER, value REAL, PRIMARY KEY (tag, step)) WITHOUT ROWID',
  );
  const insert = db.prepare('INSERT INTO scalars VALUES (?, ?, ?, ?)');
  return {
    db,
    log(steps, tags, valueAt) {
      for (let from = 0; from < steps; from += FLUSH_STEPS) {
        db.transaction(() => {
          for (let step = from; step < Math.min(from + FLUSH_STEPS, steps); step++) {
            for (let tag = 0; tag < tags; tag++) insert.run(tag, step, Date.now(), valueAt(tag, step));
          }
        })();
      }
    },
  };
}

/** NaN went in as NULL: SQLite has none. */
export interface RowBucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly finite: number;
}

/** 1,000 buckets of a tag from step `from` to step `to`. Cast because numbers are bound as floats, which divide without remainder. */
export function openBuckets(db: Database.Database): (tag: number, from: number, to: number) => RowBucket[] {
  const query = db.prepare<[number, number, number, number, number], RowBucket>(
    `SELECT min(value) AS low, max(value) AS high, count(*) AS count, count(value) AS finite FROM scalars
     WHERE tag = ? AND step >= ? AND step <= ? GROUP BY (step - CAST(? AS INTEGER)) * 1000 / CAST(? AS INTEGER) ORDER BY step`,
  );
  return (tag, from, to) => query.all(tag, from, to, from, to - from + 1);
}
