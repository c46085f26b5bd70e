// Version 1 of run.sqlite. Steps of the schema only grow: a released step is never edited, the next one is added
// beside it. SQLite has no NaN: NULL stands for it in `last`. `cursor` is the commit that last touched the row.

export const run001 = `
CREATE TABLE run (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  run_id           TEXT NOT NULL,
  spec             TEXT NOT NULL,
  reference_lines  TEXT NOT NULL,
  networks         TEXT NOT NULL,
  created_ms       INTEGER NOT NULL,
  phase            TEXT NOT NULL,
  message          TEXT NOT NULL DEFAULT '',
  machine          TEXT,
  started_ms       INTEGER,
  ended_ms         INTEGER
);

-- What every commit changes, in one small row of its own: most flushes touch nothing else.
CREATE TABLE progress (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  step             INTEGER NOT NULL DEFAULT 0,
  steps_per_second REAL,
  -- The writing process; NULL while nobody writes.
  pid              INTEGER,
  host             TEXT,
  process_mark     TEXT,
  heartbeat_ms     INTEGER,
  cursor           INTEGER NOT NULL DEFAULT 0,
  -- The newest points of all series, which are in no block yet; NULL where there are none. For each series 7 float64 (series,
  -- place and count of the block they continue, how many they are, first step, stride, time of the last one), where stride
  -- is 0 their steps as float64, then their values as float32, filled up to a multiple of 8 bytes. All little-endian.
  tail             BLOB
);

-- What the user says about the run; written by any host, so it has no part in the cursor.
CREATE TABLE words (
  key        TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  changed_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE commands (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  command  TEXT NOT NULL,
  sent_ms  INTEGER NOT NULL,
  taken_ms INTEGER
);
CREATE INDEX commands_waiting ON commands (id) WHERE taken_ms IS NULL;

CREATE TABLE series (
  id        INTEGER PRIMARY KEY,
  tag       TEXT NOT NULL UNIQUE,
  kind      TEXT NOT NULL,
  -- Of the last point in a block; the tail may hold newer ones.
  last_step INTEGER NOT NULL,
  last      REAL
);

-- 1,024 points, fewer in the last block of a series. Steps are start_step + k * stride, or where stride is NULL a
-- column of int32 (4 bytes a point) or float64 (8). Values are float32. All little-endian.
CREATE TABLE blocks (
  series     INTEGER NOT NULL REFERENCES series (id),
  -- How many points of the series come before.
  place      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  start_step INTEGER NOT NULL,
  last_step  INTEGER NOT NULL,
  start_ms   INTEGER NOT NULL,
  end_ms     INTEGER NOT NULL,
  stride     INTEGER,
  steps      BLOB,
  data       BLOB NOT NULL
);
CREATE UNIQUE INDEX blocks_place ON blocks (series, start_step);

-- The overview: rows of 256 entries, each about 16 points at level 1, 256 at level 2, 4,096 at level 3 and so on, so
-- that any zoom reads a few rows. data: the smallest and the greatest finite value and the last value of each entry,
-- three columns of float32 one after the other; non_finite: their number, uint32, NULL where there is none; steps: the
-- last step of each entry, NULL where stride says it; walls: times, float64.
CREATE TABLE levels (
  series     INTEGER NOT NULL REFERENCES series (id),
  level      INTEGER NOT NULL,
  place      INTEGER NOT NULL,
  start_step INTEGER NOT NULL,
  last_step  INTEGER NOT NULL,
  start_ms   INTEGER NOT NULL,
  stride     INTEGER,
  steps      BLOB,
  walls      BLOB NOT NULL,
  non_finite BLOB,
  data       BLOB NOT NULL
);
CREATE UNIQUE INDEX levels_place ON levels (series, level, start_step);

-- Distributions. counts: how many finite values lie in each of 30 equal parts from min to max, as varints; min and max
-- are NULL where no value is finite.
CREATE TABLE histograms (
  tag        TEXT NOT NULL,
  step       INTEGER NOT NULL,
  min        REAL,
  max        REAL,
  non_finite INTEGER NOT NULL,
  counts     BLOB NOT NULL,
  PRIMARY KEY (tag, step)
) WITHOUT ROWID;

-- Episodes in which a rule of health held; over is NULL while it lasts, settings is JSON.
CREATE TABLE verdicts (
  rule     TEXT NOT NULL,
  since    INTEGER NOT NULL,
  over     INTEGER,
  message  TEXT NOT NULL,
  remedy   TEXT NOT NULL,
  settings TEXT NOT NULL,
  PRIMARY KEY (rule, since)
) WITHOUT ROWID;

CREATE TABLE events (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind    TEXT NOT NULL,
  step    INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  message TEXT NOT NULL,
  cursor  INTEGER NOT NULL
);
CREATE INDEX events_cursor ON events (cursor);

CREATE TABLE checkpoints (
  step    INTEGER PRIMARY KEY,
  file    TEXT NOT NULL,
  bytes   INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  wall_ms INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  -- The user's own word, kept here because it belongs to this row; without part in the cursor.
  starred INTEGER NOT NULL,
  -- JSON, value by tag; what is not finite is a text.
  measures TEXT NOT NULL,
  -- Why the policy may not remove it; empty where it may.
  kept_because TEXT NOT NULL DEFAULT '',
  cursor  INTEGER NOT NULL
);
CREATE INDEX checkpoints_cursor ON checkpoints (cursor);
`;
