// queue.sqlite: the runs that wait, the one truth about them for every app that has the library open. Each change is
// one transaction, and taking the next entry too: its lock decides who starts it, and a process that dies lets go of it.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { UserError } from '../../shared/contract.ts';
import { MAX_QUEUED, type Queue, type QueueEntry } from '../../shared/queue.ts';
import type { RunSpec } from '../../shared/run.ts';
import { explainSqlite } from '../store/sentences.ts';

export type NewQueueEntry = Pick<QueueEntry, 'name' | 'spec' | 'tags'>;

/** Every method throws UserError with a sentence when the file cannot be read or written. */
export interface QueueFile {
  read(): Queue;
  /** Puts them before the entry that is at `place`, or at the end. Throws UserError when there would be too many. */
  add(entries: readonly NewQueueEntry[], place?: number): number[];
  /** Throws UserError when the entry waits no longer. */
  move(id: number, place: number): void;
  /** Those that wait no longer are no matter. */
  remove(ids: readonly number[]): void;
  retry(id: number): void;
  set(settings: Partial<Pick<Queue, 'paused' | 'atOnce'>>): void;
  /**
   * Takes the first entry out that waits its turn and gives what `make` made of it, while no other process can take one.
   * Null when the queue is paused, nothing waits or `hasRoom` says no. What `make` throws is kept as the entry's problem.
   */
  take<Made>(hasRoom: (atOnce: number) => boolean, make: (entry: QueueEntry) => Made): Taken<Made> | null;
  /** True when another process has changed the queue since the last time this was asked. */
  hasChanged(): boolean;
  close(): void;
}

export type Taken<Made> = { readonly made: Made } | { readonly problem: unknown };

const VERSION = 1;
const APPLICATION_ID = 0x53414451; // SADQ
/** Another process makes a run meanwhile: some tens of milliseconds. */
const BUSY_MS = 5_000;

/** The file is opened, and made, when it is first needed; one that could not be opened is tried again at the next call. */
export function openQueueFile(folder: string): QueueFile {
  const path = join(folder, 'queue.sqlite');
  let db: Database.Database | null = null;
  let seen: unknown = null;
  const close = (): void => {
    db?.close();
    db = null;
  };
  const use = <Result>(work: (opened: Database.Database) => Result): Result => {
    try {
      return work((db ??= connect(path)));
    } catch (error) {
      // Let go of, so that it can be moved away.
      if (isDamage(error)) close();
      throw explain(path, error);
    }
  };
  const write = <Result>(work: (opened: Database.Database) => Result): Result =>
    use((opened) => opened.transaction(() => work(opened)).immediate());
  const change = <Result>(work: (opened: Database.Database) => Result): Result =>
    write((opened) => {
      countChange(opened);
      return work(opened);
    });
  return {
    read: () => use(readQueue),
    add: (entries, place) => change((opened) => addEntries(opened, entries, place)),
    move: (id, place) => change((opened) => moveEntry(opened, id, place)),
    remove: (ids) => change((opened) => removeEntries(opened, ids)),
    retry: (id) => change((opened) => refuseNone(setProblem(opened, id, null), id)),
    set: (settings) => change((opened) => saveSettings(opened, settings)),
    // Asked once a second: the first look is without the lock, and the second one counts.
    take: (hasRoom, make) =>
      use((opened) => nextOf(opened) && hasRoom(readSettings(opened).atOnce))
        ? write((opened) => takeNext(opened, hasRoom, make))
        : null,
    hasChanged() {
      const before = seen;
      seen = use((opened) => opened.pragma('data_version', { simple: true }));
      return before !== null && before !== seen;
    },
    close,
  };
}

function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

function explain(path: string, error: unknown): unknown {
  if (!isDamage(error)) return explainSqlite(path, error);
  const sentence = `${path} is damaged: its contents are not what SQLite wrote. Move it away: an empty queue is made then, and no run is touched.`;
  return new UserError(sentence, { cause: error });
}

function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: BUSY_MS });
  try {
    const [application, version] = [
      db.pragma('application_id', { simple: true }),
      Number(db.pragma('user_version', { simple: true })),
    ];
    if (application === APPLICATION_ID && version > VERSION) {
      throw new UserError(
        `${path} was written by a newer Saddle (${version}, this one knows ${VERSION}). Update Saddle.`,
      );
    }
    if (application !== APPLICATION_ID) db.transaction(() => createTables(db, path)).immediate();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function createTables(db: Database.Database, path: string): void {
  // Another process may have made it since.
  const application = db.pragma('application_id', { simple: true });
  if (application === APPLICATION_ID) return;
  if (application !== 0)
    throw new UserError(`${path} is not a queue of Saddle. Move it away: an empty one is made then.`);
  db.exec(`
    CREATE TABLE settings (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      paused INTEGER NOT NULL,
      at_once INTEGER NOT NULL,
      version INTEGER NOT NULL
    );
    INSERT INTO settings VALUES (1, 0, 1, 0);
    CREATE TABLE entries (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      place INTEGER NOT NULL,
      name TEXT NOT NULL,
      spec TEXT NOT NULL,
      tags TEXT NOT NULL,
      added_ms INTEGER NOT NULL,
      problem TEXT
    );`);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${VERSION}`);
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly spec: string;
  readonly tags: string;
  readonly addedMs: number;
  readonly problem: string | null;
}
const ROW = 'SELECT id, name, spec, tags, added_ms AS addedMs, problem FROM entries';

function readEntry(row: Row): QueueEntry {
  return { ...row, spec: JSON.parse(row.spec) as RunSpec, tags: JSON.parse(row.tags) as string[] };
}

function readQueue(db: Database.Database): Queue {
  // One look: between two, another process may take an entry.
  return db.transaction(() => ({
    ...readSettings(db),
    entries: db.prepare<[], Row>(`${ROW} ORDER BY place`).all().map(readEntry),
  }))();
}

function readSettings(db: Database.Database): Omit<Queue, 'entries'> {
  const row = db
    .prepare<[], { version: number; paused: number; atOnce: number }>(
      'SELECT version, paused, at_once AS atOnce FROM settings',
    )
    .get()!;
  return { ...row, paused: row.paused === 1 };
}

function countChange(db: Database.Database): void {
  db.prepare('UPDATE settings SET version = version + 1').run();
}

function saveSettings(db: Database.Database, { paused, atOnce }: Partial<Pick<Queue, 'paused' | 'atOnce'>>): void {
  if (paused !== undefined) db.prepare('UPDATE settings SET paused = ?').run(Number(paused));
  if (atOnce !== undefined) db.prepare('UPDATE settings SET at_once = ?').run(atOnce);
}

function idsOf(db: Database.Database): number[] {
  return db.prepare<[], number>('SELECT id FROM entries ORDER BY place').pluck().all();
}

function saveOrder(db: Database.Database, ids: readonly number[]): void {
  const update = db.prepare('UPDATE entries SET place = ? WHERE id = ?');
  ids.forEach((id, place) => update.run(place, id));
}

function addEntries(db: Database.Database, entries: readonly NewQueueEntry[], place?: number): number[] {
  const before = idsOf(db);
  if (before.length + entries.length > MAX_QUEUED) {
    throw new UserError(
      `The queue holds at most ${MAX_QUEUED} runs: ${before.length} wait, and ${entries.length} more do not fit.`,
    );
  }
  const insert = db.prepare('INSERT INTO entries (place, name, spec, tags, added_ms) VALUES (0, ?, ?, ?, ?)');
  const nowMs = Date.now();
  const added = entries.map(({ name, spec, tags }) =>
    Number(insert.run(name, JSON.stringify(spec), JSON.stringify(tags), nowMs).lastInsertRowid),
  );
  saveOrder(db, before.toSpliced(place ?? before.length, 0, ...added));
  return added;
}

function moveEntry(db: Database.Database, id: number, place: number): void {
  const before = idsOf(db);
  refuseNone(before.includes(id), id);
  saveOrder(db, before.filter((other) => other !== id).toSpliced(place, 0, id));
}

function removeEntries(db: Database.Database, ids: readonly number[]): void {
  const remove = db.prepare('DELETE FROM entries WHERE id = ?');
  for (const id of ids) remove.run(id);
}

function setProblem(db: Database.Database, id: number, problem: string | null): boolean {
  return db.prepare('UPDATE entries SET problem = ? WHERE id = ?').run(problem, id).changes === 1;
}

function refuseNone(isThere: boolean, id: number): void {
  if (!isThere) throw new UserError(`Entry ${id} waits no longer: it was started or removed.`);
}

/** The entry whose turn it is; undefined when there is none or the queue is paused. */
function nextOf(db: Database.Database): QueueEntry | undefined {
  if (readSettings(db).paused) return undefined;
  const row = db.prepare<[], Row>(`${ROW} WHERE problem IS NULL ORDER BY place LIMIT 1`).get();
  return row && readEntry(row);
}

function takeNext<Made>(
  db: Database.Database,
  hasRoom: (atOnce: number) => boolean,
  make: (entry: QueueEntry) => Made,
): Taken<Made> | null {
  const entry = nextOf(db);
  if (!entry || !hasRoom(readSettings(db).atOnce)) return null;
  countChange(db);
  try {
    const made = make(entry);
    removeEntries(db, [entry.id]);
    return { made };
  } catch (problem) {
    setProblem(db, entry.id, problem instanceof Error ? problem.message : String(problem));
    return { problem };
  }
}
